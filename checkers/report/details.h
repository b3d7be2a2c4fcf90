// What the report says below its headline: both sides of a race, who waits for whom, where it crashed.
#pragma once

#include <racecourse/checkers/report/message.h>
#include <racecourse/checkers/report/names.h>
#include <racecourse/checkers/report/race_text.h>
#include <racecourse/checkers/report/stacks.h>
#include <racecourse/checkers/report/trace_view.h>
#include <racecourse/checkers/report/waits.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

namespace racecourse::report {

class Details {
 public:
  Details(const Trace& trace, Names& names, Stacks& stacks, Waits& waits, Messages& messages, RaceText& races)
      : trace_(trace), names_(names), stacks_(stacks), waits_(waits), messages_(messages), races_(races) {}

  // Indented lines, each ending in a line break.
  std::string of(std::size_t finding);

 private:
  void race(std::size_t finding);
  void stuck();
  void lock_order();
  void endless(std::uint16_t waiter, std::uint16_t thread);
  void heap(std::size_t finding);
  void heap_event(const char* what, const Event& event);
  void call_stack(std::uint64_t pc, std::uint32_t stack);
  void creation(std::uint16_t thread);
  void line(std::size_t indent, const std::string& text);

  const Trace& trace_;
  Names& names_;
  Stacks& stacks_;
  Waits& waits_;
  Messages& messages_;
  RaceText& races_;
  std::string text_;
  std::set<std::uint16_t> introduced_;  // threads whose creation was told
};

}  // namespace racecourse::report
