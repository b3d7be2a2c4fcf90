// Predicts deadlocks from an execution that passed, by the order in which its threads took their locks.
//
// A circle in the lock-order graph (Havelund, "Using runtime analysis to guide model checking of Java programs", SPIN
// 2000) is a set of acquisitions by different threads, each made while holding the lock that the next one waits for.
// Circles whose threads hold a lock in common (a gate) or whose acquisitions are ordered cannot deadlock. We decide
// that as SPDOffline does (Tunc, Mathur, Pavlogiannis, Viswanathan, "Sound dynamic deadlock prediction in linear time",
// PLDI 2023): take all that must have happened for every thread of the circle to stand right before its acquisition.
// That set holds, with an event, what its thread did before and where the values that it read came from; and of two
// sections of one lock that were both begun, all of the first. If none of the acquisitions is in the set, then the
// events of the set, in the order in which they happened, are an execution that ends in the deadlock: the circle is
// `certain`.
//
// Deviations: what one thread learns from another is more than memory here: starts, joins, notifications, futexes,
// semaphores, barriers, a try_lock that failed. Read-write locks: two readers do not exclude each other. Circles that
// are ruled out by the values that were read or by the order of sections alone are kept as not certain: with other
// values, or in another order, the threads might still meet there.
#pragma once

#include <racecourse/checkers/report/trace.h>

#include <cstdint>
#include <span>
#include <vector>

namespace racecourse::detect {

// What one thread of a circle does: while it holds one lock it waits for the next.
struct LockWait {
  std::uint16_t thread;
  std::uint64_t holds;
  std::uint64_t wants;
  std::uint32_t held_since;  // event that took what it holds
  std::uint32_t wanted_at;   // event that took what it wants, in the execution that passed
  std::uint32_t nth;         // how often the thread had taken what it wants by a call that would wait
};

struct LockCycle {
  std::vector<LockWait> waits;  // each holds what the one before it wants, and the first what the last one wants
  bool certain;
};

// At most a few, certain ones first. The same circle of locks and threads comes once.
std::vector<LockCycle> predict_deadlocks(std::span<const report::Event> events);

}  // namespace racecourse::detect
