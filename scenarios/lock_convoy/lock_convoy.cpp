// A fair lock lets every thread sleep between any two of its sections, and what it guards hardly moves.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/lock_convoy/locks.h>
#include <racecourse/scenarios/scenario.h>

#include <cassert>
#include <mutex>
#include <thread>

namespace racecourse::catalogue {
namespace {

using lock_convoy::Counter;

// Nobody is let in twice, and nobody is left outside. How long it takes, measured.cpp looks at.
template <class Lock, int batch = 1>
void two_threads_step() {
  Counter<Lock, batch> counter;
  const auto twice = [&] {
    counter.step();
    counter.step();
  };
  std::thread first(twice), second(twice);
  first.join();
  second.join();
  assert(counter.total() == 4 * batch);
}

const ScenarioRegistration registration{{
    .name = "lock_convoy",
    .title = "The convoy behind a fair lock",
    .family = "classic",
    .difficulty = 4,
    .from = "Blasgen, Gray, Mitoma and Price, 1979, who saw it in System R",
    .story =
        "Four threads go through a short section a million times. Nobody shall be overtaken, so the lock serves in "
        "the order of arrival. All goes well until one thread is preempted while it holds the lock: from then on "
        "the program does a fraction of its work, and it does not recover.",
    .python = "The interpreter's own lock had this trouble: until 3.2 a thread that let go of it took it again at once "
              "and others starved; now it is handed over on request, and threads that compute slow down one that waits "
              "for input.",
    .hints = {"Nothing is wrong with what it counts. Measure it: racecourse measure lock_convoy.",
              "A thread leaves the section and comes back at once. Who is in the section meanwhile, and what was it "
              "doing a moment ago?",
              "The lock belongs to a thread that sleeps, and nobody else may have it."},
    .explanation =
        "While one thread sleeps with the lock, the others queue up. When it goes on and releases the lock, the lock "
        "belongs to the first in the queue, which has to be woken; the one that has just released it comes back before "
        "that, finds it taken, and queues up as well. So does each that follows: one section, then sleep. A section "
        "of some nanoseconds now takes as long as waking a thread, some microseconds, and since all are always in the "
        "queue it never runs dry. That is the convoy. It may take a while to form, and may dissolve for a moment "
        "when a thread is preempted outside the section; over a fifth of a second the fair locks take several times, "
        "up to a hundred times, as long as std::mutex. One processor is enough for that. No checker "
        "sees it: each section excludes the others, and everybody gets in.",
    .rule = "A lock that belongs to a sleeping thread is a lock that nobody holds.",
    .fix = "std::mutex goes to whoever is awake and comes; a woken thread may find it taken, and sleeps again. Nobody "
           "waits for a certain thread, so the queue runs dry. Where the order matters, take the lock less often: with "
           "a hundred steps in a section, the waking is paid once for a hundred.",
    .reading = {"Blasgen, Gray, Mitoma and Price, The Convoy Phenomenon, Operating Systems Review 13(2), 1979",
                "Dice, Malthusian Locks, EuroSys 2017"},
    .variants =
        {
            slow(broken("in_turn", "Each draws a number, and sleeps until it is called.",
                        two_threads_step<lock_convoy::InTurn>, {})),
            right("whoever_comes", "std::mutex: whoever finds it free has it, woken or not.",
                  two_threads_step<std::mutex>),
            right("in_batches", "In turn as well, with a hundred steps in each section.",
                  two_threads_step<lock_convoy::InTurn, 100>),
            slow(wrong_fix("handed_over", "Each sleeps in a place of its own, so that only the next one is woken.",
                           "It is woken alone, but the lock still waits for it.",
                           two_threads_step<lock_convoy::HandedOver>, {})),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
