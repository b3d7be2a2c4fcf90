// A finding is shown only if a fresh process, started by exec, finds it again.
//
// A fork inherits everything that an earlier execution may have spoilt: the C library's state, descriptors, memory
// outside the snapshot. So the program is run again with its own arguments and one variable in its environment,
// RACECOURSE_CONFIRM. There it comes to the same call of explore(), which replays the token with tracing, renders the
// report, writes it to a descriptor and leaves. All other calls return at once.
#pragma once

#include <racecourse/checkers/control/goal.h>
#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/report/side_by_side.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace racecourse::control {

struct ConfirmRequest {
  std::string test;   // the running test, empty outside one
  unsigned call = 1;  // which explore() of the test
  std::string token;
  std::uint64_t execution = 0;  // from 1
  Kind kind = Kind::assertion;  // to be found again, and to lead the report
  Options options;              // those that matter to a replay, and the report's `name` and `replay_command`
  bool whole_trace = false;
  std::vector<std::pair<std::uint64_t, std::size_t>> excused;  // places of races that are suppressed, see excuses.h
};

struct Confirmation {
  bool confirmed = false;
  Finding finding;                       // with its report, if confirmed
  std::string problem;                   // otherwise: one clause, "the fresh process found a deadlock instead"
  std::vector<report::EventLine> steps;  // and what it did there, if that is known
};

// In the process that found it.
Confirmation confirm(const ConfirmRequest& request);

// In the fresh process: what it was started for, or null in every other.
const ConfirmRequest* confirm_request();
// Answers the request and ends the process. Call it from the call of explore() that the request names.
[[noreturn]] void answer_confirm_request(const std::function<void()>& body);

}  // namespace racecourse::control
