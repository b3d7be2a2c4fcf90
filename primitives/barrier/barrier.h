// Barrier: a fixed number of threads meet. Nobody goes on before all have come; then all do, and it can be used again.
//
// Operations
//   wait()             arrives, and waits until all parties have. Returns the place in the order of arrival, from 0, so
//                      that one of them can do what must be done once (not from std_barrier.h, which does not know it)
//   parties()          how many must come
// Operations of generation_counted.h, which the two others do not have
//   GenerationCounted(n, d)   wait() waits at most about d, in every phase
//   wait_for(d)        the same for one phase, however the barrier was made
//   abort()            breaks the barrier
//   broken()           whether it was broken a moment ago
//   reset()            sends whoever waits away with BrokenBarrier, and returns when the last of them has gone; then
//                      the barrier is as new
//   n_waiting()        how many had arrived a moment ago, and were not let through: for logs, never to decide on
//
// Invariants (the code cites them by number)
//   B1  Nobody passes phase k before all parties have arrived at k.
//   B2  Progress: when all have arrived at phase k, all of them pass it, however fast some of them come back for k + 1.
//   B3  The places that one phase returns are 0 to parties - 1, each once.
//   B4  Visibility: what any of them wrote before it arrived at k is seen by all of them after they have passed k.
//   B5  Broken is broken for everyone: when one gives up, or abort() is called, all who wait and all who come later get
//       BrokenBarrier, until reset(). Nobody waits for a thread that will not come.
//
// Errors
//   A barrier of no parties throws std::invalid_argument.
//   wait(), wait_for() throw BrokenBarrier if time is up (and break the barrier with that), if the barrier is broken,
//   and if it is reset or broken meanwhile. Who arrives last passes, in any case.
//
// Ordering promise: an arrival releases and passing acquires, in every phase; so everything before the one, in any of
// the threads, happens-before everything after the other.
//
// Misuse
//   - the wrong number of parties: with too many nobody ever passes; with too few, phases mix up
//   - a thread that leaves early, by a return or an exception: the others wait for it. Give the barrier a timeout, or
//     call abort() on the way out
//   - carrying on after BrokenBarrier as if the others had come
//   - more threads than parties: `GenerationCounted` serves them, in any mixture; `SenseReversing` must not have them
//
// Python: threading.Barrier.
//   b = Barrier(2, timeout=5)                       GenerationCounted b(2, 5s);
//   b.wait()                # BrokenBarrierError    b.wait();                 // throws BrokenBarrier
// There too a timeout breaks it for all, reset() throws the waiting ones out, and wait() returns a number, but in no
// promised order; the action is left out here: the thread that arrived last can act before a second wait(). What the
// global interpreter lock hides: what one thread writes before wait() the others see after it whatever the barrier is
// made of. In C++ an arrival that counts right and releases nothing (relaxed_arrival.h) is a data race in the user's
// own data.
//
// Example: server and client, who must not call before the server is up
//   racecourse::barrier::GenerationCounted ready(2, 5s);
//   std::thread server([&] { start(); ready.wait(); serve(); });
//   std::thread client([&] { ready.wait(); call(); });
//
// Variants                                           differs from           fault
//   generation_counted.h   GenerationCounted
//   sense_reversing.h      SenseReversing
//   std_barrier.h          StdBarrier
//   no_generation.h        NoGeneration        generation_counted.h   who laps the others, traps them
//   timeout_not_broken.h   TimeoutNotBroken    generation_counted.h   one gives up, the others wait for ever
//   reset_too_early.h      ResetTooEarly       generation_counted.h   who waits never hears of the reset
//   rearmed_too_late.h     RearmedTooLate      sense_reversing.h      lets go before it counts anew
//   relaxed_arrival.h      RelaxedArrival      sense_reversing.h      the arrival publishes nothing
#pragma once

#include <racecourse/primitives/lock/lock.h>

#include <concepts>
#include <stdexcept>

namespace racecourse::barrier {

using lock::Clock;
using lock::Deadline;
using lock::deadline_after;

struct BrokenBarrier : std::runtime_error {
  BrokenBarrier() : std::runtime_error("the barrier is broken: not all parties came") {}
};

inline unsigned checked(unsigned parties) {
  if (parties == 0) throw std::invalid_argument("a barrier needs at least one party");
  return parties;
}

template <class B>
concept Barrier = std::constructible_from<B, unsigned> && requires(B barrier, const B& seen) {
  barrier.wait();
  { seen.parties() } -> std::same_as<unsigned>;
};

}  // namespace racecourse::barrier
