// One event in words: what a cell of the picture says, and what there is to add beside it.
#pragma once

#include <racecourse/checkers/report/names.h>
#include <racecourse/checkers/report/stacks.h>
#include <racecourse/checkers/report/symbolize.h>
#include <racecourse/checkers/report/trace_view.h>

#include <string>

namespace racecourse::report {

// "read " "balance_" " -> 1000". Only `object` may be shortened to fit a column.
struct Cell {
  std::string verb;
  std::string object;
  std::string value;
};

class Describer {
 public:
  Describer(const Trace& trace, Names& names, Stacks& stacks, Symbols& symbols)
      : trace_(trace), names_(names), stacks_(stacks), symbols_(symbols) {}

  Cell cell(const Event& event);
  // Of `last`, the same event in the last round of a fold whose first is `event`: " -> 1 .. 14".
  Cell folded_cell(const Event& event, const Event& last);
  // "relaxed", "held by T2", "expected 0", "checks balance_ >= amount"; often empty.
  std::string remark(const Event& event);
  // "account.h:31", or empty.
  std::string place(const Event& event);
  // What `thread` was doing when another one took over: "T1 preempted", "T1 waits for m".
  std::string why_left(Switch reason, const Event& last_before, const Event& first_after);

 private:
  Cell memory_cell(const Event& event);
  Cell sync_cell(const Event& event);
  Cell thread_cell(const Event& event);
  std::string atomic_verb(const Event& event);

  const Trace& trace_;
  Names& names_;
  Stacks& stacks_;
  Symbols& symbols_;
};

}  // namespace racecourse::report
