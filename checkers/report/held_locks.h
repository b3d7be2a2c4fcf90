// Which locks a thread holds at one moment of a trace.
#pragma once

#include <racecourse/checkers/report/trace_view.h>

#include <cstdint>
#include <vector>

namespace racecourse::report {

struct HeldLock {
  std::uint64_t lock;
  std::uint32_t since;  // index of the event that took it
  bool shared;          // a reader's part of a reader-writer lock
  int depth = 1;        // of a recursive one
};

// Those of `thread` when event number `index` happens, in the order in which they were taken.
std::vector<HeldLock> held_locks(const Trace& trace, std::uint16_t thread, std::uint32_t index);

}  // namespace racecourse::report
