#include <racecourse/scenarios/lab/exercise.h>

namespace racecourse::lab {
namespace {

const char* const kAsleep = "who waits is asleep: it does not spin, and does not look now and then";
const char* const kLooking = "looking again and again is waiting";

Exercise permits() {
  return {
      .name = "permits",
      .primitive = "semaphore",
      .starter = "if_instead_of_while",
      .starter_symbol = "IfInsteadOfWhile",
      .reference = "counting",
      .reference_symbol = "Counting",
      .symbol = "MySemaphore",
      .file = "my_semaphore.h",
      .fails = "three_share_one assertion",
      .mutants = {"signal_before_wait SignalBeforeWait", "racy_value_read RacyValueRead"},
      .bodies = {"semaphore"},
      .test = "semaphore",
      .checks = {{Rung::contract, "counts", "permits are counted, and try_acquire() does not wait", ""},
                 {Rung::two_threads, "one_gets_one", "a release wakes who waits (M3)",
                  "a notification is kept for who comes later"},
                 {Rung::two_threads, "two_take_turns", "one permit guards a counter (M1, M4)",
                  "a permit orders nothing but the count"},
                 {Rung::two_threads, "one_only_looks", "value() is a number that there was",
                  "who only reads needs no lock"},
                 {Rung::three_threads, "three_share_one", "never more than one of three has the one permit (M1, M2)",
                  "who was woken finds what it was woken for"},
                 {Rung::three_threads, "three_share_two", "never more than two of three have a permit (M1, M2)",
                  "who was woken finds what it was woken for"},
                 {Rung::three_threads, "two_get_two", "two permits for two sleepers wake both (M3)",
                  "one notification wakes all who wait"},
                 {Rung::progress, "waits_asleep", kAsleep, kLooking}},
      .difficulty = 2,
      .note = "note 002, three workers and two permits",
      .teaches = "who wakes must look again",
      .texts = {
          .title = "Permits",
          .story =
              "Three workers share a few permits: who has none waits until one is brought back. Sometimes there are "
              "more workers inside than there are permits, and the count is below zero. It takes three workers: "
              "with two it was never seen. Mend it.",
          .hints =
              {"A worker sleeps and is woken by a release. Before it runs on it needs the mutex again. Who may have "
               "had the mutex in between?",
               "A third worker comes, finds the permit that was just brought back, and takes it. The woken one then "
               "takes the same permit once more.",
               "How often does acquire() look at the count? How often ought it to, if every wakeup may come too "
               "late?"},
          .explanation =
              "Between the wakeup and the mutex another worker took the permit, and the woken one did not look "
              "again. The reference looks in a loop. That also covers wakeups that come for no reason, which "
              "the standard allows.",
          .rule = "A wakeup is a hint to look again, never a promise."}};
}

Exercise bounded_queue() {
  return {
      .name = "bounded_queue",
      .primitive = "queue",
      .starter = "one_cv_notify_one",
      .starter_symbol = "OneCvNotifyOne",
      .reference = "locked",
      .reference_symbol = "Locked",
      .symbol = "MyQueue",
      .file = "my_queue.h",
      .fails = "two_getters_of_one deadlock",
      .mutants = {"if_instead_of_while IfInsteadOfWhile", "notify_first_only NotifyFirstOnly",
                  "unsynchronized_size UnsynchronizedSize"},
      .bodies = {"queue"},
      .test = "queue",
      .checks =
          {{Rung::contract, "first_in_first_out", "items come out in the order in which they went in (Q1, Q3)", ""},
           {Rung::contract, "join_counts", "join() returns when all is done (Q6)", ""},
           {Rung::two_threads, "hand_over", "a producer and a consumer pass items through a queue of one (Q1, Q2)",
            "one side of a queue never has to wait"},
           {Rung::two_threads, "one_only_looks", "qsize() is a size that there was", "who only reads needs no lock"},
           {Rung::three_threads, "two_getters", "two getters get the two items that come (Q2, Q4)",
            "one notification wakes all who wait"},
           {Rung::three_threads, "two_getters_of_one", "the same through a queue of one, so that the putter waits too",
            "a wakeup goes to who can use it"},
           {Rung::progress, "getter_sleeps", kAsleep, kLooking},
           {Rung::progress, "putter_sleeps", kAsleep, kLooking}},
      .difficulty = 3,
      .note = "note 000, producer and consumer; note 004, queue.Queue",
      .teaches = "a wakeup must reach somebody who can use it",
      .texts = {
          .title = "A bounded queue",
          .story =
              "Producers wait while the queue is full, consumers while it is empty. Two consumers and one producer on "
              "a queue of one: after a while all three sleep, with an item in the queue. Each put and each get "
              "notified somebody. Mend it.",
          .hints =
              {"Who sleeps on what? Make a list of the threads that may be asleep at the same time, and of what each "
               "of them waits for.",
               "A get that made room wants to wake a putter. Whom may the notification reach instead, and what does "
               "that one do with it?",
               "Either those who wait for different things sleep in different places, or everybody is woken each "
               "time. Which is cheaper?"},
          .explanation = "Putters and getters slept on one condition variable, and a notification for one side went to "
                         "the other, which looked, found nothing for itself, and slept again. The right one was never "
                         "told. The reference has one condition variable for each thing that a thread can wait for.",
          .rule = "notify_one is enough only if every sleeper waits for the same thing."}};
}

Exercise meeting_point() {
  return {
      .name = "meeting_point",
      .primitive = "barrier",
      .starter = "no_generation",
      .starter_symbol = "NoGeneration",
      .reference = "generation_counted",
      .reference_symbol = "GenerationCounted",
      .symbol = "MyBarrier",
      .file = "my_barrier.h",
      .fails = "two_in_step deadlock",
      .mutants = {"timeout_not_broken TimeoutNotBroken", "reset_too_early ResetTooEarly"},
      .bodies = {"barrier"},
      .test = "barrier",
      .checks = {{Rung::contract, "alone", "a barrier of one lets through at once, again and again", ""},
                 {Rung::contract, "broken_until_reset", "a timeout breaks it, a reset mends it (B5)", ""},
                 {Rung::two_threads, "two_in_step", "two threads keep in step over two phases (B1, B2, B4)",
                  "nobody comes back before the others have gone"},
                 {Rung::two_threads, "one_is_late", "if one gave up, the other does not wait for it (B5)",
                  "a timeout concerns only who waited"},
                 {Rung::two_threads, "reset_while_one_waits", "a reset sends away who waits (B5)",
                  "who waits sees every state that there is"},
                 {Rung::three_threads, "three_in_step", "three threads get the places 0, 1 and 2 (B1, B3)",
                  "what holds for two threads holds for three"},
                 {Rung::progress, "waits_asleep", kAsleep, kLooking}},
      .difficulty = 3,
      .note = "note 001, server and client at a barrier",
      .teaches = "a sleeper needs to know which round it waits for",
      .texts = {
          .title = "A meeting point",
          .story =
              "Threads meet at a barrier: nobody goes on before all have come. Then they work, and meet again. The "
              "first meeting always works. At the second, now and then, one thread still stands at the first, and "
              "the other waits for it at the second, for ever. Mend the barrier.",
          .hints = {"What exactly does a thread wait for that came early? Is that still true when it gets to look?",
                    "All have come and the count goes back to 0. The fast one is back already and counts 1, before the "
                    "slow one has looked.",
                    "The slow one cannot tell the second meeting from the first by the count. Is there something here "
                    "that is different in every meeting?"},
          .explanation =
              "The sleeper waited for the count to be back at 0, and the fast thread had counted on before it "
              "looked. The reference waits for the number of the phase to change, which it never does back.",
          .rule = "Wait for something that, once true, stays true."}};
}

Exercise handed_over() {
  return {
      .name = "handed_over",
      .primitive = "queue",
      .starter = "relaxed_publish",
      .starter_symbol = "RelaxedPublish",
      .reference = "spsc_ring",
      .reference_symbol = "SpscRing",
      .symbol = "MyRing",
      .file = "my_ring.h",
      .fails = "one_item data-race",
      .mutants = {},
      .edits = {{"relaxed_look", "tail_seen_ = tail_.load(std::memory_order_acquire);",
                 "tail_seen_ = tail_.load(std::memory_order_relaxed);"},
                {"relaxed_return", "head_.store(head + 1, std::memory_order_release);",
                 "head_.store(head + 1, std::memory_order_relaxed);"},
                {"one_too_many", "if (tail == head_seen_ + maxsize_) return false;",
                 "if (tail > head_seen_ + maxsize_) return false;"}},
      .bodies = {"ring"},
      .test = "ring",
      .checks = {{Rung::contract, "first_in_first_out", "items come out in the order in which they went in (Q1, Q3)",
                  ""},
                 {Rung::two_threads, "one_item", "who gets the item sees all of it (Q5)",
                  "an atomic index carries the item with it, whatever its memory order"},
                 {Rung::two_threads, "three_items", "three items pass through a ring of two (Q1, Q2, Q5)",
                  "an atomic index carries the item with it, whatever its memory order"}},
      .difficulty = 4,
      .note = "note 000, producer and consumer",
      .teaches = "who publishes an index publishes what it points to",
      .texts = {
          .title = "Handed over",
          .story = "A ring for one producer and one consumer, without a lock: each has an index of its own. On your "
                   "machine the consumer always finds the item. On a colleague's ARM board it sometimes finds an empty "
                   "place where the index says that there is an item. The checker sees it here, too. Mend the ring.",
          .hints = {"The consumer looks at two things: an index, and the place that it names. Which was written first? "
                    "Who says that they are seen in that order?",
                    "An acquire load orders something only if the store that it reads from is a release.",
                    "Go through the comments that say what pairs with what. Does each pair have two halves?"},
          .explanation =
              "The index was stored with relaxed order, so nothing ordered the item before it. The reference "
              "stores it with release, which the consumer's acquire pairs with: who sees the index sees the "
              "item.",
          .rule = "An acquire without a release orders nothing."}};
}

}  // namespace

std::vector<Exercise> waiting_exercises() { return {permits(), bounded_queue(), meeting_point(), handed_over()}; }

}  // namespace racecourse::lab
