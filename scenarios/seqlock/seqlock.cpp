// A sequence lock: readers look at a counter before and after instead of taking a lock.
//
// A reader that was disturbed throws away what it read. That is too late: to have read plain data while it was written
// is a data race, whatever becomes of the value.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>
#include <racecourse/scenarios/seqlock/clock.h>

#include <thread>

namespace racecourse::catalogue {
namespace {

template <class Clock>
void one_writer_one_reader() {
  Clock clock;
  seqlock::Time time{0, 0};
  bool read = false;
  std::thread writer([&] { clock.set({12, 34}); });
  std::thread reader([&] { read = clock.get(time); });
  writer.join();
  reader.join();
  if (!read) return outcome("disturbed");
  const bool old = time.hours == 0 && time.minutes == 0, fresh = time.hours == 12 && time.minutes == 34;
  outcome(old ? "0:00" : fresh ? "12:34" : "a time that never was");
}

Expectation needs_a_small_window() {
  return may_find(Kind::forbidden_outcome, "all is atomic; the reader must come between the two hands");
}

const ScenarioRegistration registration{{
    .name = "seqlock",
    .title = "The reader that looks twice",
    .family = "classic",
    .difficulty = 5,
    .from = "the sequence locks of the Linux kernel; Boehm, 2012, brings them to C++",
    .story = "A clock is read a million times a second and set once. A lock would make the readers wait for each "
             "other, so there is a counter instead: odd while the writer is at work, even otherwise. A reader copies "
             "the hands, and if the counter was even and is still the same, the copy is good; if not, it tries again.",
    .outcomes =
        {
            {"a time that never was", Outcome::Is::forbidden,
             "One hand is old and the other new, and the reader "
             "believes it."},
            {"0:00", Outcome::Is::acceptable, "The time before."},
            {"12:34", Outcome::Is::acceptable, "The time after."},
            {"disturbed", Outcome::Is::interesting, "The reader has noticed the writer and would try again."},
        },
    .hints = {"A disturbed reader throws its copy away. Is it allowed to have made it?",
              "The hands are plain ints, read by one thread while another writes them. What does the standard call "
              "that?",
              "If the hands become atomic, which orders keep them between the two looks at the counter?"},
    .explanation =
        "The reader reads the hands while the writer writes them, and finds out afterwards. By then the data race has "
        "happened, and the standard promises nothing any more: the compiler may read a hand twice, or after the second "
        "look. Relaxed atomics end the race but not the trouble: a reader may then see a new hand and still an old "
        "counter, and believe a time that never was.",
    .rule = "Data that is read without a lock is atomic, even if the copy may be thrown away.",
    .fix = "The hands are atomic. Their stores release, so whoever sees a new hand sees also the odd counter; their "
           "loads acquire, so the second look at the counter is not older than the hands. The first look acquires what "
           "the last writer released.",
    .reading = {"Boehm, Can seqlocks get along with programming language memory models?, MSPC 2012",
                "Linux kernel documentation, Sequence counters and sequential locks",
                "C++ Core Guidelines, CP.2: avoid data races; CP.8: don't try to use volatile for synchronization"},
    .variants =
        {
            broken("plain", "The hands are plain ints.", one_writer_one_reader<seqlock::Plain>,
                   {{Checker::explore, finds(Kind::data_race)},
                    {Checker::tsan, finds(Kind::data_race)},
                    {Checker::relacy, finds(Kind::data_race)}}),
            right("ordered", "The hands are atomic; their stores release, their loads acquire.",
                  one_writer_one_reader<seqlock::Ordered>,
                  {{Checker::explore, finds_nothing()},
                   {Checker::tsan, finds_nothing()},
                   {Checker::relacy, finds_nothing()}}),
            wrong_fix("volatile_hands", "The hands are volatile.",
                      "The compiler leaves them where they are; it is a data race still, and the processor may move "
                      "them.",
                      one_writer_one_reader<seqlock::VolatileHands>,
                      {{Checker::explore, finds(Kind::data_race)}, {Checker::tsan, finds(Kind::data_race)}}),
            wrong_fix("relaxed_hands", "The hands are atomic, their orders relaxed.",
                      "No race is left, but a new hand may be seen together with the old counter.",
                      one_writer_one_reader<seqlock::RelaxedHands>,
                      {{Checker::explore,
                        cannot_see("it runs one step after another: who sees a new hand sees the odd counter")},
                       {Checker::tsan, may_find(Kind::forbidden_outcome,
                                                "an x86 processor keeps the order of stores and that of loads; others "
                                                "do not")},
                       {Checker::relacy, finds(Kind::assertion)}}),
            wrong_fix("forgets_odd", "Compares the counter before and after, and forgets that it may be odd.",
                      "Both looks may fall into one write: the counter has not changed, and the copy is half new.",
                      one_writer_one_reader<seqlock::ForgetsOdd>,
                      {{Checker::explore, finds(Kind::forbidden_outcome)},
                       {Checker::tsan, needs_a_small_window()},
                       {Checker::relacy, finds(Kind::assertion)}}),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
