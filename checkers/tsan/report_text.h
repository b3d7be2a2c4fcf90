// What ThreadSanitizer printed, taken apart: which findings it named, and whether it was well itself.
#pragma once

#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/tsan/stack_text.h>

#include <string>
#include <string_view>
#include <vector>

namespace racecourse::tsan {

// One finding of one run.
struct Seen {
  Kind kind = Kind::data_race;
  std::string message;  // one sentence
  std::string file;     // in the user's code, empty if unknown
  int line = 0;
  std::string text;                  // the report, cleaned; empty if the message says it all
  std::vector<StackFrame> frames{};  // of the stacks of what happened, the library's included; not of creations
};

struct Position {
  std::string thread;  // "T1"
  std::string place;   // "worker (queue.h:31)", empty if no code of the user is on its stack
  std::string file;
  int line = 0;
  std::string text;  // the stack, cleaned
};

struct ReportText {
  std::vector<Seen> seen;
  std::vector<Position> positions;  // where threads were when the run was stopped
  // ThreadSanitizer failed, or said something that is none of the reports we know: what this run shows is worth
  // nothing. One sentence, empty if all is well.
  std::string problem;
  bool deadly = false;  // it reports a crash, and ended the process
};

ReportText read_report(std::string_view text);

// Starts the section of a thread's position in the same text; the thread's number follows.
inline constexpr std::string_view kPositionMark = "racecourse: position of T";

}  // namespace racecourse::tsan
