// The barrier, right and broken: threads that must not be ahead of each other, and one that comes too late.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/barrier/generation_counted.h>
#include <racecourse/primitives/barrier/no_generation.h>
#include <racecourse/primitives/barrier/rearmed_too_late.h>
#include <racecourse/primitives/barrier/relaxed_arrival.h>
#include <racecourse/primitives/barrier/reset_too_early.h>
#include <racecourse/primitives/barrier/sense_reversing.h>
#include <racecourse/primitives/barrier/std_barrier.h>
#include <racecourse/primitives/barrier/timeout_not_broken.h>
#include <racecourse/scenarios/primitives/declare.h>

#include <cassert>
#include <chrono>
#include <memory>
#include <thread>

namespace racecourse::catalogue {
namespace {

// B1, B2 and B4: in every phase each writes its own part, and after the barrier reads the other's.
template <class Barrier>
void two_in_step() {
  Barrier barrier(2);
  int done[2][2] = {};  // [phase][thread]; written before the barrier, read after it
  auto work = [&](int me) {
    for (int phase = 0; phase < 2; phase++) {
      done[phase][me] = 1;
      barrier.wait();
      assert(done[phase][1 - me] == 1);
    }
  };
  std::thread first(work, 0), second(work, 1);
  first.join();
  second.join();
}

// False if the barrier was broken.
template <class Barrier, class... Timeout>
bool passes(Barrier& barrier, Timeout... timeout) {
  try {
    if constexpr (sizeof...(timeout) == 0) {
      barrier.wait();
    } else {
      barrier.wait_for(timeout...);
    }
    return true;
  } catch (const barrier::BrokenBarrier&) {
    return false;
  }
}

// B5: the notes' server and client at a barrier of two with a timeout, and the client comes late.
template <class Barrier>
void client_is_late() {
  Barrier barrier(2);
  bool server_passed = false, client_passed = false;
  std::thread server([&] { server_passed = passes(barrier, std::chrono::milliseconds(1)); });
  std::thread client([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    client_passed = passes(barrier);
  });
  server.join();
  client.join();
  assert(server_passed == client_passed);
}

// B5: who waits when the barrier is reset is sent away.
template <class Barrier>
void reset_while_one_waits() {
  // Not a local: of those clang++ 14 announces no access to a member once the functions are inlined.
  const auto barrier = std::make_unique<Barrier>(2);
  std::thread waiter([&] { assert(!passes(*barrier)); });
  while (barrier->n_waiting() == 0) std::this_thread::yield();
  barrier->reset();
  waiter.join();
  assert(!barrier->broken());
  assert(barrier->n_waiting() == 0);
}

const Primitive primitive("barrier");

const Registration registration{{
    primitive.right("generation_counted", "A mutex, a condition variable and a number for every phase; can be broken.",
                    two_in_step<barrier::GenerationCounted>, no_std_types()),
    primitive.right("sense_reversing", "Two words: who is missing, and a bit that flips when nobody is.",
                    two_in_step<barrier::SenseReversing>, finds_nothing()),
    primitive.right("std_barrier", "The standard library's std::barrier, with its smaller contract.",
                    two_in_step<barrier::StdBarrier>, no_std_types()),

    hangs(primitive.broken(
        "no_generation", "Waits for the count to be back at 0, while the fast one counts for the next phase.",
        two_in_step<barrier::NoGeneration>,
        {
            {Checker::explore, finds(Kind::deadlock, {Kind::lost_wakeup, Kind::partial_deadlock})},
            {Checker::tsan, may_find(Kind::hang, "the fast thread must be back before the woken one has the mutex")},
            {Checker::relacy, no_std_types()},
        })),
    hangs(primitive.broken("timeout_not_broken", "One gives up and tells nobody; the others wait for it for ever.",
                           client_is_late<barrier::TimeoutNotBroken>,
                           {
                               {Checker::explore, finds(Kind::deadlock, {Kind::lost_wakeup, Kind::partial_deadlock})},
                               {Checker::tsan, finds(Kind::hang)},
                               {Checker::relacy, no_std_types()},
                           })),
    hangs(primitive.broken("reset_too_early", "As new again before the one who waits has looked: it sleeps on.",
                           reset_while_one_waits<barrier::ResetTooEarly>,
                           {
                               {Checker::explore, finds(Kind::deadlock, {Kind::lost_wakeup, Kind::partial_deadlock})},
                               {Checker::tsan, finds(Kind::hang)},
                               {Checker::relacy, no_std_types()},
                           })),
    hangs(primitive.broken(
        "rearmed_too_late", "Lets the others go before it counts anew, and overwrites the first one to come back.",
        two_in_step<barrier::RearmedTooLate>,
        {
            {Checker::explore, finds(Kind::deadlock, {Kind::lost_wakeup, Kind::partial_deadlock})},
            {Checker::tsan, may_find(Kind::hang, "the other must be back between two neighbouring instructions")},
            {Checker::relacy, finds(Kind::deadlock)},
        })),
    primitive.broken("relaxed_arrival", "Counts right, but what was done before need not be seen after.",
                     two_in_step<barrier::RelaxedArrival>,
                     {
                         {Checker::explore, finds(Kind::data_race)},
                         {Checker::tsan, finds(Kind::data_race)},
                         {Checker::relacy, finds(Kind::data_race)},
                     }),
}};

}  // namespace
}  // namespace racecourse::catalogue
