// A schedule as a value: who ran, for how many ticks; and its one-line token.
//
// A tick is counted each time a controlled thread reaches an instrumented access or a visible operation. Ticks depend
// only on what the program did, never on what a search has learnt, so a schedule means the same in every process.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace racecourse::schedule {

// `thread` runs for `ticks` ticks; the tick after that belongs to the next segment. A segment also ends early when its
// thread blocks or ends. A segment whose thread waits with a timeout makes that timeout fire.
struct Segment {
  std::uint32_t thread = 0;
  std::uint32_t ticks = 0;
  friend bool operator==(const Segment&, const Segment&) = default;
};

// Questions whether something happens for no reason (runtime/spurious.h) are numbered by themselves, from here on.
inline constexpr std::uint32_t kSpurious = 1u << 31;

// The answer to the `ordinal`-th question (from 0) of the execution that was not about who runs: which waiter a
// notify wakes, what a generator returns. Unlisted questions are answered with 0.
struct Pick {
  std::uint32_t ordinal = 0;
  std::uint32_t value = 0;
  friend bool operator==(const Pick&, const Pick&) = default;
};

// After the last segment the default rule goes on: the running thread continues until it blocks, ends, yields or
// sleeps; then the enabled thread with the next higher number (cyclically) runs; if none is enabled, the earliest
// deadline fires.
struct Schedule {
  std::vector<Segment> segments;
  std::vector<Pick> picks;
  friend bool operator==(const Schedule&, const Schedule&) = default;
};

// Number of times the running thread changes.
std::size_t switches(const Schedule& schedule);

struct BadToken : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

// "r1:7f3a.1x1.2x2.1x2.p4:1.s2.q.f3:9a0c": version, checksum of the rest, segments as thread x ticks, picks as
// ordinal:value, what happens for no reason by the number of the occasion, whether freed memory was kept back
// (quarantine.h), and the fingerprint of what the execution did (report/fingerprint.h), if it is not empty. So it can
// be read. What would be longer than a line is packed instead, "r1:7f3a.zAwIDBQ...": the same numbers, in bytes.
//
// Never a generator and its seed, which would be shorter still: what an execution of a search does also depends on what
// the search had learnt by then (how many threads and points there are, who touches what, what raced), and a change of
// the program or of a strategy would make it another one without anybody noticing. A list of switches depends on the
// program alone.
std::string to_token(const Schedule& schedule, std::string_view fingerprint = {});
// Throws BadToken with one sentence that says what is wrong.
Schedule from_token(std::string_view token);
// Of a token that from_token() takes; empty if it carries none.
std::string fingerprint_of(std::string_view token);

}  // namespace racecourse::schedule
