#include <racecourse/scenarios/lab/exercise.h>

namespace racecourse::lab {
namespace {

std::vector<Check> flag_checks() {
  return {
      {Rung::contract, "is_down_then_up", "requested() is false until request(), and true from then on (S3)", ""},
      {Rung::two_threads, "worker_stops", "the worker ends and sees what was written before the request (S1, S2)",
       "a plain variable is seen by other threads"},
      {Rung::two_threads, "order_is_seen", "whoever sees the request sees what was written before it (S2)",
       "an atomic flag orders what is around it, whatever its memory order"},
      {Rung::three_threads, "two_workers_stop", "two workers end (S1)", "what holds for two threads holds for three"},
  };
}

Exercise stop_the_worker() {
  return {
      .name = "stop_the_worker",
      .primitive = "stop_flag",
      .starter = "plain_bool",
      .starter_symbol = "PlainBool",
      .reference = "atomic_bool",
      .reference_symbol = "AtomicBool",
      .symbol = "MyStopFlag",
      .file = "my_stop_flag.h",
      .fails = "worker_stops data-race",
      .mutants = {"volatile_bool VolatileBool", "relaxed_flag_publishes_data RelaxedFlagPublishesData"},
      .bodies = {"stop_flag"},
      .test = "stop_flag",
      .checks = flag_checks(),
      .difficulty = 1,
      .note = "note 004, stopping a thread",
      .teaches = "threads talk through atomics, not through plain variables",
      .texts = {
          .title = "Stop the worker",
          .story =
              "A worker does its work in a loop and looks at a flag each time round. The main thread writes a last "
              "order, raises the flag and waits for the worker. In Python this is how it is done. In C++ the "
              "worker may never stop, or stop and not have seen the last order. Mend the flag.",
          .hints = {"One thread writes the flag while the other reads it. Of what type is it?",
                    "volatile is not the answer: it tells the compiler to read each time, and tells other threads "
                    "nothing.",
                    "It must be an atomic; and what was written before the store must be seen after the load. Which "
                    "memory orders do that, if any less than the default will do?"},
          .explanation = "A plain bool that one thread writes and another reads is a data race: the compiler may read "
                         "it once for the whole loop, and nothing carries the last order across. The reference is "
                         "an atomic, stored with release and loaded with acquire: who sees the flag up sees all that "
                         "was written before it.",
          .rule = "What tells another thread something must be atomic, and must release what it tells."}};
}

Exercise sleeping_worker() {
  Exercise exercise{
      .name = "sleeping_worker",
      .primitive = "stop_flag",
      .starter = "store_without_lock",
      .starter_symbol = "StoreWithoutLock",
      .reference = "condition_variable",
      .reference_symbol = "ConditionVariable",
      .symbol = "MyStopFlag",
      .file = "my_stop_flag.h",
      .fails = "sleeper_wakes lost-wakeup",
      .mutants = {},
      .edits = {{"wait_without_look", "raised_.wait(guard, [this] { return requested(); });", "raised_.wait(guard);"},
                {"wakes_one_of_two", "raised_.notify_all();", "raised_.notify_one();"},
                {"polls", "raised_.wait(guard, [this] { return requested(); });",
                 "while (!requested()) raised_.wait_for(guard, std::chrono::milliseconds(1));"}},
      .bodies = {"stop_flag", "stop_flag_wait"},
      .test = "stop_flag_wait",
      .checks = flag_checks(),
      .difficulty = 2,
      .note = "note 004, stopping a thread",
      .teaches = "who sleeps on a condition must not miss the change of it",
      .texts = {
          .title = "The sleeping worker",
          .story = "This worker has nothing to do until it is told to stop, so it sleeps in wait(). Once in a thousand "
                   "runs the program does not end: the worker was told, and sleeps on. Find the moment, and close it. "
                   "The worker must still sleep: one that wakes every millisecond to look empties the battery.",
          .hints = {"wait() looks at the flag, and then falls asleep. What if the request comes just there?",
                    "The notification finds nobody asleep, and is not kept for later. The sleeper has looked already, "
                    "and will not look again.",
                    "The sleeper holds the mutex from its look until it is asleep. What must the other side do so that "
                    "it cannot change the flag in that time?"},
          .explanation = "The store could fall between the sleeper's look and its sleep, and the notification then "
                         "woke nobody. The reference stores under the mutex, so it comes before the look, or after "
                         "the sleeper is asleep and can be woken. That the flag is atomic does not help: it is the "
                         "look and the sleep together that must not be interrupted.",
          .rule = "What a condition variable waits for is changed under its mutex, even if it is atomic."}};
  const std::vector<Check> more{
      {Rung::contract, "waits_no_more", "wait() returns at once after a request; wait_for() says whether there was one",
       ""},
      {Rung::two_threads, "sleeper_wakes", "who sleeps in wait() is woken by the request (S1, S2)",
       "a notification is kept for who comes later"},
      {Rung::three_threads, "two_sleepers_wake", "both sleepers are woken", "one notification wakes all who wait"},
      {Rung::progress, "sleeps_until_asked", "who waits is asleep: it does not spin, and does not look now and then",
       "looking again and again is waiting"}};
  exercise.checks.insert(exercise.checks.end(), more.begin(), more.end());
  return exercise;
}

}  // namespace

std::vector<Exercise> stop_flag_exercises() { return {stop_the_worker(), sleeping_worker()}; }

}  // namespace racecourse::lab
