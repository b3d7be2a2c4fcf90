// From a recorded trace to something that a person reads.
#pragma once

#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/report/text.h>
#include <racecourse/checkers/runtime/shared_block.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace racecourse::report {

struct Context {
  std::string name;  // "account/check_then_act" or the test's name
  std::string token;
  std::string replay_command;
  std::uint64_t execution = 0;
  bool whole_trace = false;        // append every event to the report
  std::size_t width = kPageWidth;  // of the picture
  std::optional<Kind> lead;        // the kind that the report is about, if it was found; default: the gravest
};

// Must run in the process (or a fork of it) that recorded the trace: addresses are looked up in its modules.
// The shared block must hold at least one finding. The result's kind is that of the gravest finding: a consequence
// (assertion, deadlock, crash) before the race that caused it; `also` holds the others.
Finding render(const runtime::SharedBlock& shared, const Context& context);

}  // namespace racecourse::report
