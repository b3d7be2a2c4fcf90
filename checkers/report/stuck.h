// Threads that cannot go on whatever the others do, as far as who holds what proves it.
#pragma once

#include <racecourse/checkers/report/trace.h>

#include <cstdint>
#include <span>
#include <vector>

namespace racecourse::report {

// Each takes the threads by number. "Waits" means: with no deadline.

// The one thread that could end the wait of `thread`: the holder of a mutex, the runner of a call_once, the thread that
// is joined. 0xffff if it does not wait, or anybody could end it (who may notify a condition variable, post a
// semaphore or let go of a shared lock is not known).
std::uint16_t waits_for_thread(std::span<const ThreadEnd> threads, std::uint16_t thread);

// Whether no schedule lets `thread` go on: it waits for a thread that waits for it, for one that has ended without
// giving back what it held, or for one that is stuck for good itself.
bool is_stuck_for_good(std::span<const ThreadEnd> threads, std::uint16_t thread);

// Threads that wait for each other in a circle: each for the next, the last for the first. Empty: there is no circle.
std::vector<std::uint16_t> wait_cycle(std::span<const ThreadEnd> threads);

}  // namespace racecourse::report
