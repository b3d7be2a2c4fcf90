#include <racecourse/scenarios/lab/exercise.h>

namespace racecourse::lab {
namespace {

std::vector<Check> lock_checks() {
  return {
      {Rung::contract, "one_thread", "acquire, try_acquire, try_acquire_for, release and locked do what they say", ""},
      {Rung::contract, "stray_release", "release() of a free lock throws and changes nothing", ""},
      {Rung::two_threads, "two_count", "two threads count to two under the lock (L1, L2)",
       "a test and a set are one step"},
      {Rung::two_threads, "two_come_twice", "who comes again gets it again (L1, L3)",
       "what holds for one round holds for the next"},
      {Rung::two_threads, "one_only_tries", "try_acquire() excludes like acquire() (L1, L2)",
       "who does not wait needs no order"},
      {Rung::three_threads, "three_count", "three threads count to three (L1, L3)",
       "what holds for two threads holds for three"},
  };
}

Exercise spin_lock() {
  return {
      .name = "spin_lock",
      .primitive = "lock",
      .starter = "test_then_set",
      .starter_symbol = "TestThenSet",
      .reference = "ttas",
      .reference_symbol = "Ttas",
      .symbol = "MyLock",
      .file = "my_lock.h",
      .fails = "two_count exception",
      .mutants = {"relaxed_release RelaxedRelease"},
      .bodies = {"lock"},
      .test = "lock",
      .checks = lock_checks(),
      .difficulty = 2,
      .note = "note 000, locks",
      .teaches = "taking a lock is one indivisible step",
      .texts = {
          .title = "A spin lock",
          .story =
              "A lock of one's own: a flag that says whether it is held. Who wants it looks until the flag is down, "
              "and raises it. Two threads count under it, and now and then the count is too small. Mend the lock.",
          .hints = {"Look at try_acquire(). How many times does it touch the flag?",
                    "Two threads can both see the flag down before either has raised it. Then both are inside.",
                    "One atomic operation both writes a new value and tells the old one. Of all the threads that call "
                    "it, how many can be told that the flag was down?"},
          .explanation = "Looking and raising were two steps, and two threads could both look first. The reference "
                         "raises the flag with one exchange: of all threads, exactly one is told that it was down. The "
                         "load before it decides nothing; it only spares the cache line while the lock is held.",
          .rule = "A lock is taken by one operation that both writes and tells what was there."}};
}

Exercise parked_lock() {
  Exercise exercise{
      .name = "parked_lock",
      .primitive = "lock",
      .starter = "lost_wakeup",
      .starter_symbol = "LostWakeup",
      .reference = "parking",
      .reference_symbol = "Parking",
      .symbol = "MyLock",
      .file = "my_lock.h",
      .fails = "three_count deadlock",
      .mutants = {},
      .edits = {{"wakes_nobody", "sync::futex_wake(state_, 1);", "return;"},
                {"relaxed_release", "state_.exchange(kFree, std::memory_order_release)",
                 "state_.exchange(kFree, std::memory_order_relaxed)"},
                {"spins", "      sync::futex_wait(state_, kHeldWithSleepers);\n", ""}},
      .bodies = {"lock", "lock_asleep"},
      .test = "lock_asleep",
      .checks = lock_checks(),
      .difficulty = 5,
      .note = "note 000, locks",
      .teaches = "a wakeup that one takes may have been meant for more",
      .texts = {
          .title = "A lock that parks",
          .story =
              "This lock does not spin: who finds it held, sleeps in the kernel, and the release wakes one. So that "
              "a release need not call the kernel each time, the lock's word knows three states. With two threads "
              "it is right. With three, one of them sometimes sleeps for ever beside a free lock. Mend it, and let "
              "it sleep still.",
          .hints = {"Two threads sleep, the third releases and wakes one. What does the woken one write into the word, "
                    "and what does the word then say of the other sleeper?",
                    "A release calls the kernel only if the word says that somebody sleeps. Who says so for the second "
                    "sleeper, once the first has taken the lock?",
                    "Who was asleep cannot know whether it was the only one. It must assume that it was not."},
          .explanation = "The woken thread took the lock as held with nobody asleep, although another slept still. Its "
                         "release therefore woke nobody. The reference takes the lock, after a sleep, as held with "
                         "sleepers: at worst that costs one wake for nobody.",
          .rule = "Who was woken must pass on what it does not know: that others may sleep still."}};
  exercise.checks.push_back({Rung::progress, "waits_asleep", "who waits for the lock is asleep: it does not spin",
                             "looking again and again is waiting"});
  return exercise;
}

}  // namespace

std::vector<Exercise> lock_exercises() { return {spin_lock(), parked_lock()}; }

}  // namespace racecourse::lab
