// The lock, right and broken. The story is the same for all: threads increment a counter that the lock guards.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/lock/lost_wakeup.h>
#include <racecourse/primitives/lock/parking.h>
#include <racecourse/primitives/lock/relaxed_release.h>
#include <racecourse/primitives/lock/release_when_free.h>
#include <racecourse/primitives/lock/test_then_set.h>
#include <racecourse/primitives/lock/ticket.h>
#include <racecourse/primitives/lock/ttas.h>
#include <racecourse/scenarios/primitives/declare.h>

#include <cassert>
#include <stdexcept>
#include <thread>

namespace racecourse::catalogue {
namespace {

template <class Lock>
void two_threads_count() {
  Lock lock;
  int counter = 0;  // guarded by lock
  auto increment = [&] {
    lock.acquire();
    counter++;
    lock.release();
  };
  std::thread first(increment), second(increment);
  first.join();
  second.join();
  assert(counter == 2);
}

// A wakeup can only be lost if somebody else is woken: one holder, two sleepers.
template <class Lock>
void three_threads_count() {
  Lock lock;
  int counter = 0;  // guarded by lock
  auto increment = [&] {
    lock.acquire();
    counter++;
    lock.release();
  };
  std::thread first(increment), second(increment), third(increment);
  first.join();
  second.join();
  third.join();
  assert(counter == 3);
}

// The contract promises that a stray release is refused and changes nothing.
template <class Lock>
void count_after_stray_release() {
  Lock lock;
  int counter = 0;  // guarded by lock
  try {
    lock.release();
  } catch (const std::logic_error&) {
  }
  auto increment = [&] {
    lock.acquire();
    counter++;
    lock.release();
  };
  std::thread first(increment), second(increment);
  first.join();
  second.join();
  assert(counter == 2);
}

const Primitive primitive("lock");

const Registration registration{{
    primitive.right("ttas", "Spins on a plain read, then tries one atomic exchange: one of all threads gets it.",
                    two_threads_count<lock::Ttas>, finds_nothing()),
    primitive.right("ticket", "Hands out numbered slips and calls the numbers in order; a stray release is refused.",
                    count_after_stray_release<lock::Ticket>, finds_nothing()),
    primitive.right("parking", "Sleeps in the kernel; the third state says that somebody sleeps and must be woken.",
                    three_threads_count<lock::Parking>, finds_nothing()),

    primitive.broken("test_then_set", "Tests and sets in two steps, so two threads can both find it free and enter.",
                     two_threads_count<lock::TestThenSet>,
                     {
                         // Both enter; the second to leave finds the lock free already, and its release throws.
                         {Checker::explore, finds(Kind::data_race, {Kind::assertion, Kind::exception})},
                         {Checker::tsan, may_find(Kind::data_race, "both threads must test within a few nanoseconds",
                                                  {Kind::assertion, Kind::exception})},
                         {Checker::relacy, finds(Kind::data_race, {Kind::assertion, Kind::exception})},
                     }),
    primitive.broken("relaxed_release",
                     "Excludes, but its release publishes nothing: the next holder may see old values.",
                     two_threads_count<lock::RelaxedRelease>,
                     {
                         {Checker::explore, finds(Kind::data_race)},
                         {Checker::tsan, finds(Kind::data_race)},
                         {Checker::relacy, finds(Kind::data_race)},
                     }),
    hangs(primitive.broken(
        "lost_wakeup", "A woken waiter takes the lock as if nobody else slept; its release wakes nobody.",
        three_threads_count<lock::LostWakeup>,
        {
            {Checker::explore, finds(Kind::deadlock, {Kind::lost_wakeup, Kind::partial_deadlock})},
            {Checker::tsan, may_find(Kind::hang, "two threads must fall asleep while the third holds the lock")},
            {Checker::relacy, finds(Kind::deadlock)},
        })),
    hangs(primitive.broken("release_when_free",
                           "A stray release calls a number that nobody has; whoever draws it waits for ever.",
                           count_after_stray_release<lock::ReleaseWhenFree>,
                           {
                               // The thread that drew the lost number spins, and spins fairly.
                               {Checker::explore, finds(Kind::non_termination, {Kind::livelock, Kind::step_limit})},
                               {Checker::tsan, finds(Kind::hang)},
                               {Checker::relacy, finds(Kind::livelock)},
                           })),
}};

}  // namespace
}  // namespace racecourse::catalogue
