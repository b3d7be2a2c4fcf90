// A finding in one sentence, with the names that the source uses.
#pragma once

#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/report/names.h>
#include <racecourse/checkers/report/race_text.h>
#include <racecourse/checkers/report/stacks.h>
#include <racecourse/checkers/report/trace_view.h>
#include <racecourse/checkers/report/waits.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace racecourse::report {

class Messages {
 public:
  Messages(const Trace& trace, Names& names, Stacks& stacks, Waits& waits, RaceText& races)
      : trace_(trace), names_(names), stacks_(stacks), waits_(waits), races_(races) {}

  // "write of balance_ by T2 races with read by T1".
  std::string sentence(std::size_t finding);
  // Where it happened: what the program itself said, else the user's line. No file if unknown.
  Place place(std::size_t finding);
  // The code that it happened in.
  Waits::Origin origin(std::size_t finding);
  // "data-race: write of ... (account.h:15)", for one line of the picture.
  std::string line(std::size_t finding);

 private:
  std::string stuck_threads();
  std::string with_memory_named(std::string message, std::uint64_t address);
  static bool about_stuck_threads(Kind kind);

  const Trace& trace_;
  Names& names_;
  Stacks& stacks_;
  Waits& waits_;
  RaceText& races_;
};

}  // namespace racecourse::report
