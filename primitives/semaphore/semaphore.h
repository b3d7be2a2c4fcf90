// Semaphore: N permits. Who wants to go in takes one, and brings it back; while there is none, the others wait.
//
// Operations
//   acquire()             waits until a permit is free, and takes it
//   try_acquire()         takes one if one is free now; never waits
//   try_acquire_for(d)    waits at most about d; d <= 0 tries once
//   release()             brings one back, or adds one; any thread may, not only one that acquired
//   value()               how many were free at some moment during the call: for logs, never to decide on
//   bound()               how many there are in all (bounded.h)
//   Permit(semaphore)     a permit for as long as this object lives, also when an exception is thrown
//
// Invariants (the code cites them by number)
//   M1  Never more than N inside: acquires that succeeded are never more than N plus the releases.
//   M2  No permit is lost or invented: N plus the releases is what was acquired and what is free.
//   M3  Progress: nobody sleeps for ever while a permit is free.
//   M4  Visibility: what was written before a release is seen after every acquire that succeeds later.
//   M5  Bound, `Bounded` only: never more than N are free.
//
// Errors
//   A negative number of permits, or more than the kMostPermits of the class, throws std::invalid_argument.
//   release() that would make more than N free (`Bounded`) or more than kMostPermits (the others) throws
//   std::logic_error and changes nothing.
//   A permit released twice while another thread has one is noticed by nobody: a semaphore has no owners.
//
// Ordering promise: a release is at least memory_order_release, a successful acquire at least memory_order_acquire, on
// one and the same word or mutex. A semaphore of 1 therefore is a lock without an owner; one of N orders a section
// after those that were left before it, and not those that run beside it: what they share needs a lock of its own.
//
// Misuse
//   - a permit that is not brought back on an exception or an early return: use Permit
//   - release after an acquire that failed (the finally of a timed acquire): there is one permit too many from then on;
//     `Bounded` reports it as soon as it can
//   - `if (semaphore.value() > 0) semaphore.acquire()`: the answer is out of date; use try_acquire()
//   - destroying it while another thread still waits
//
// Python: threading.Semaphore (Counting, Parking) and threading.BoundedSemaphore (Bounded).
//   with semaphore: work()                          Permit permit(semaphore); work();
//   ok = semaphore.acquire(timeout=0.5)             bool ok = semaphore.try_acquire_for(500ms);
// Over-release raises ValueError there, and only from the bounded one. What the global interpreter lock hides: the
// notes print semaphore._value while other workers change it. That is a whole number there, if an old one: their output
// says "0 left" where one was free. In C++ the same read of a plain counter is a data race (racy_value_read.h).
//
// Example: three workers, two at a time
//   racecourse::semaphore::Bounded connections(2);
//   auto work = [&] {
//     racecourse::semaphore::Permit permit(connections);
//     download();
//   };
//   std::thread a(work), b(work), c(work);
//   a.join(), b.join(), c.join();                   // connections.value() == 2
//
// Variants                                        differs from   fault
//   counting.h             Counting
//   bounded.h              Bounded
//   parking.h              Parking
//   if_instead_of_while.h  IfInsteadOfWhile        counting.h     looks once before the sleep, and not after it
//   signal_before_wait.h   SignalBeforeWait        counting.h     looks in one critical section, sleeps in another
//   racy_value_read.h      RacyValueRead           counting.h     value() takes no lock
//   unbounded_release.h    UnboundedRelease        bounded.h      over-release is not refused
//   wakes_only_from_zero.h WakesOnlyFromZero       parking.h      the second release wakes nobody
//   relaxed_release.h      RelaxedRelease          parking.h      the release publishes nothing
#pragma once

#include <racecourse/primitives/lock/lock.h>

#include <chrono>
#include <concepts>
#include <stdexcept>

namespace racecourse::semaphore {

using lock::Deadline;
using lock::deadline_after;

inline int checked(int permits, int most) {
  if (permits < 0 || permits > most) throw std::invalid_argument("a semaphore cannot have that many permits");
  return permits;
}

[[noreturn]] inline void refuse_over_release() { throw std::logic_error("release of a permit that nobody acquired"); }

template <class S>
concept Semaphore = std::constructible_from<S, int> && requires(S semaphore, const S& seen) {
  semaphore.acquire();
  { semaphore.try_acquire() } -> std::same_as<bool>;
  { semaphore.try_acquire_for(std::chrono::milliseconds(1)) } -> std::same_as<bool>;
  semaphore.release();
  { seen.value() } -> std::same_as<int>;
  { S::kMostPermits } -> std::convertible_to<int>;
};

template <class S>
class Permit {
 public:
  explicit Permit(S& semaphore) : semaphore_(semaphore) { semaphore_.acquire(); }
  ~Permit() { semaphore_.release(); }
  Permit(const Permit&) = delete;
  Permit& operator=(const Permit&) = delete;

 private:
  S& semaphore_;
};

}  // namespace racecourse::semaphore
