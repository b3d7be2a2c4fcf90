// The closed list of what a checker can find, and one finding in the reader's terms.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace racecourse {

// Kinds of finding. The names (see `to_string`) are stable: they appear in JSON, CTest and declarations.
enum class Kind : std::uint8_t {
  data_race,
  deadlock,
  partial_deadlock,
  self_deadlock,
  lock_order,
  lost_wakeup,
  livelock,
  non_termination,
  assertion,
  exception,
  abort,
  signal,
  exit,
  mutex_misuse,
  thread_misuse,
  sync_misuse,
  use_after_free,
  double_free,
  heap_overflow,
  leak,
  thread_leak,
  forbidden_outcome,
  not_linearizable,
  step_limit,
  uncontrolled_blocking,
  nondeterminism,
  hang,
};
inline constexpr int kKindCount = static_cast<int>(Kind::hang) + 1;

// "data-race", "self-deadlock", ...
const char* to_string(Kind kind);
std::optional<Kind> kind_from_string(std::string_view name);

// One bug, confirmed by a replay in a fresh process, ready to be shown.
struct Finding {
  Kind kind = Kind::assertion;
  std::string message;            // one sentence: "write of balance_ by T2 races with read by T1"
  std::string file;               // where it happened, empty if unknown
  int line = 0;
  std::uint64_t execution = 0;    // number of the execution that found it, from 1
  std::string token;              // one line; `Options::token` replays it
  std::string replay_command;     // paste into a shell
  std::string picture;            // the short column picture
  std::string report;             // everything above as text for a person
  std::vector<Kind> also;         // other kinds seen in the same execution (a race and its consequence)
};

}  // namespace racecourse
