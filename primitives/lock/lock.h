// Lock: one holder at a time.
//
// Operations
//   acquire()             waits until the lock is free, and takes it
//   try_acquire()         takes it if it is free now; never waits
//   try_acquire_for(d)    waits at most about d; d <= 0 tries once
//   release()             frees it; any thread may, not only the one that acquired it
//   locked()              whether it was held a moment ago: for logs, never to decide on
//   lock, unlock, try_lock, try_lock_for: the same under the names that std::lock_guard and std::unique_lock call
//
// Invariants (the code cites them by number)
//   L1  Exclusion: between an acquire that succeeded and the next release, no other acquire succeeds.
//   L2  Visibility: what was written before a release is seen after the acquire that follows it.
//   L3  Progress: if the lock is free and threads want it, one of them gets it. No sleeper is forgotten.
//   L4  Order, `Ticket` only: acquire() serves in the order of arrival. `Ttas` and `Parking` promise no order: a thread
//       may lose every time, although some thread always wins.
//
// Errors
//   release() of a free lock throws std::logic_error and changes nothing.
//   Taking a lock twice in one thread waits for ever: there is no owner, so no lock here can tell.
//
// Ordering promise: a release is at least memory_order_release, a successful acquire at least memory_order_acquire, on
// one and the same word; so everything in one critical section happens-before everything in the next.
//
// Misuse
//   - a path out of the section without release (an early return, an exception): use std::lock_guard
//   - a copy of the lock that guards a copy of the data; a lock for the writer and none for the reader
//   - `if (!lock.locked()) ...`: true, and already out of date
//   - a long section under a spin lock: the others burn a processor each; `Parking` sleeps
//
// Python: threading.Lock.
//   with lock: n += 1                               std::lock_guard guard(lock); ++n;
//   if lock.acquire(timeout=0.5): lock.release()    if (lock.try_acquire_for(500ms)) lock.release();
// There too a lock has no owner, is not reentrant, and releasing a free one raises. What the global interpreter lock
// hides: in Python a variable read without the lock still holds a value that somebody wrote, in one order for all
// threads, so a lock used by writers only seems to do. In C++ that read is a data race and means nothing at all; L2 has
// to be made, with memory orders.
//
// Example
//   racecourse::lock::Parking lock;
//   int hits = 0;                                   // guarded by lock
//   auto count = [&] {
//     std::lock_guard guard(lock);
//     ++hits;
//   };
//   std::thread a(count), b(count);
//   a.join(), b.join();                             // hits == 2
//
// Variants                          differs from    fault
//   ttas.h               Ttas
//   ticket.h             Ticket
//   parking.h            Parking
//   test_then_set.h      TestThenSet    ttas.h      test and set are two steps
//   relaxed_release.h    RelaxedRelease ttas.h      the release publishes nothing
//   lost_wakeup.h        LostWakeup     parking.h   a woken waiter forgets that others sleep
//   release_when_free.h  ReleaseWhenFree ticket.h   a stray release is not refused
#pragma once

#include <chrono>
#include <concepts>
#include <stdexcept>

namespace racecourse::lock {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;

// Now + timeout; for "practically for ever", the end of time. Durations are compared as floating-point numbers, because
// std::chrono::hours::max() has no value in nanoseconds.
template <class Rep, class Period>
Deadline deadline_after(std::chrono::duration<Rep, Period> timeout) {
  const Deadline now = Clock::now();
  if (timeout <= timeout.zero()) return now;
  const std::chrono::duration<double> left = Deadline::max() - now - std::chrono::hours(1);
  if (std::chrono::duration<double>(timeout) >= left) return Deadline::max();
  return now + std::chrono::ceil<Clock::duration>(timeout);
}

[[noreturn]] inline void refuse_stray_release() { throw std::logic_error("release of a lock that nobody holds"); }

// The names that the standard library's guards call.
template <class Self>
class StdNames {
 public:
  void lock() { self().acquire(); }
  bool try_lock() { return self().try_acquire(); }
  void unlock() { self().release(); }
  template <class Rep, class Period>
  bool try_lock_for(std::chrono::duration<Rep, Period> timeout) {
    return self().try_acquire_for(timeout);
  }

 private:
  Self& self() { return static_cast<Self&>(*this); }
};

template <class L>
concept Lock = requires(L lock, const L& seen) {
  lock.acquire();
  { lock.try_acquire() } -> std::same_as<bool>;
  { lock.try_acquire_for(std::chrono::milliseconds(1)) } -> std::same_as<bool>;
  lock.release();
  { seen.locked() } -> std::same_as<bool>;
  lock.lock();
  { lock.try_lock() } -> std::same_as<bool>;
  lock.unlock();
};

}  // namespace racecourse::lock
