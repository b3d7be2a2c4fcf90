// The semaphore, right and broken: workers share a few permits, as the notes' three workers share two.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/semaphore/bounded.h>
#include <racecourse/primitives/semaphore/counting.h>
#include <racecourse/primitives/semaphore/if_instead_of_while.h>
#include <racecourse/primitives/semaphore/parking.h>
#include <racecourse/primitives/semaphore/racy_value_read.h>
#include <racecourse/primitives/semaphore/relaxed_release.h>
#include <racecourse/primitives/semaphore/signal_before_wait.h>
#include <racecourse/primitives/semaphore/unbounded_release.h>
#include <racecourse/primitives/semaphore/wakes_only_from_zero.h>
#include <racecourse/scenarios/primitives/declare.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

namespace racecourse::catalogue {
namespace {

// M1: counts who is inside. Relaxed, so that the check itself orders nothing.
template <class Semaphore>
void visit(Semaphore& semaphore, std::atomic<int>& inside, int permits) {
  semaphore.acquire();
  const int others = inside.fetch_add(1, std::memory_order_relaxed);
  assert(others < permits);
  std::this_thread::sleep_for(std::chrono::milliseconds(1));  // the work: others come while it lasts
  inside.fetch_sub(1, std::memory_order_relaxed);
  semaphore.release();
}

// M1, M2 and M3.
template <class Semaphore, int workers, int permits>
void workers_share() {
  Semaphore semaphore(permits);
  std::atomic<int> inside{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < workers; i++) threads.emplace_back([&] { visit(semaphore, inside, permits); });
  for (std::thread& thread : threads) thread.join();
  assert(semaphore.value() == permits);
}

// M5: once more than it was acquired, as a finally does after an acquire that failed.
template <class Semaphore>
void workers_after_over_release() {
  Semaphore semaphore(1);
  std::atomic<int> inside{0};
  try {
    semaphore.release();
  } catch (const std::logic_error&) {
  }
  auto work = [&] { visit(semaphore, inside, 1); };
  std::thread first(work), second(work);
  first.join();
  second.join();
}

// M4: with one permit, what it guards needs nothing else.
template <class Semaphore>
void one_permit_guards_a_counter() {
  Semaphore semaphore(1);
  int counter = 0;  // guarded by the permit
  auto increment = [&] {
    semaphore.acquire();
    counter++;
    semaphore.release();
  };
  std::thread first(increment), second(increment);
  first.join();
  second.join();
  assert(counter == 2);
}

// M3: permits that come from another thread, one for each that waits.
template <class Semaphore, int consumers>
void each_gets_one() {
  Semaphore ready(0);
  std::vector<std::thread> threads;
  for (int i = 0; i < consumers; i++) threads.emplace_back([&] { ready.acquire(); });
  for (int i = 0; i < consumers; i++) ready.release();
  for (std::thread& thread : threads) thread.join();
  assert(ready.value() == 0);
}

// The notes' workers print how many are left.
template <class Semaphore>
void workers_print_what_is_left() {
  Semaphore semaphore(2);
  auto work = [&] {
    semaphore.acquire();
    const int left = semaphore.value();
    assert(left >= 0 && left < 2);
    semaphore.release();
  };
  std::thread first(work), second(work);
  first.join();
  second.join();
}

const Primitive primitive("semaphore");

const Registration registration{{
    primitive.right("counting", "A counter under a mutex; a condition variable for those who find it at 0.",
                    workers_share<semaphore::Counting, 3, 2>, no_std_types()),
    primitive.right("bounded", "The same, and more permits than there were at first are refused.",
                    workers_after_over_release<semaphore::Bounded>, no_std_types()),
    primitive.right("parking", "One word for permits and sleepers; the kernel is called only if somebody waits.",
                    workers_share<semaphore::Parking, 3, 2>, finds_nothing()),

    hangs(primitive.broken(
        "if_instead_of_while", "A woken thread takes a permit that another has taken before it.",
        workers_share<semaphore::IfInsteadOfWhile, 3, 1>,
        {
            // The counter is below 0 then, so that one more gets in where none should.
            {Checker::explore, finds(Kind::assertion, {Kind::deadlock})},
            {Checker::tsan,
             may_find(Kind::assertion, "a third thread must come between a wakeup and the woken thread", {Kind::hang})},
            {Checker::relacy, no_std_types()},
        })),
    hangs(primitive.broken(
        "signal_before_wait", "Looks, lets go of the mutex, and sleeps: the signal in between wakes nobody.",
        each_gets_one<semaphore::SignalBeforeWait, 1>,
        {
            {Checker::explore, finds(Kind::lost_wakeup, {Kind::deadlock})},
            {Checker::tsan, may_find(Kind::hang, "the counter is locked, so there is no race; the window is short")},
            {Checker::relacy, no_std_types()},
        })),
    primitive.broken("racy_value_read", "The number of free permits is read for a log while others change it.",
                     workers_print_what_is_left<semaphore::RacyValueRead>,
                     {
                         {Checker::explore, finds(Kind::data_race)},
                         {Checker::tsan, finds(Kind::data_race)},
                         {Checker::relacy, no_std_types()},
                     }),
    primitive.broken("unbounded_release", "One release too many makes a new permit, and lets one too many in.",
                     workers_after_over_release<semaphore::UnboundedRelease>,
                     {
                         {Checker::explore, finds(Kind::assertion)},
                         {Checker::tsan, finds(Kind::assertion)},
                         {Checker::relacy, no_std_types()},
                     }),
    hangs(primitive.broken(
        "wakes_only_from_zero", "A release that finds a permit free already wakes nobody, and one stays asleep.",
        each_gets_one<semaphore::WakesOnlyFromZero, 2>,
        {
            {Checker::explore, finds(Kind::deadlock, {Kind::lost_wakeup, Kind::partial_deadlock})},
            {Checker::tsan, may_find(Kind::hang,
                                     "both threads must sleep before the first release, and the first to be "
                                     "woken must not look before the second")},
            {Checker::relacy, finds(Kind::deadlock)},
        })),
    primitive.broken("relaxed_release", "Counts right, but what was done with a permit need not be seen by the next.",
                     one_permit_guards_a_counter<semaphore::RelaxedRelease>,
                     {
                         {Checker::explore, finds(Kind::data_race)},
                         {Checker::tsan, finds(Kind::data_race)},
                         {Checker::relacy, finds(Kind::data_race)},
                     }),
}};

}  // namespace
}  // namespace racecourse::catalogue
