// Three workers, two permits: each looks whether a permit is free before it takes one. Between the look and the step
// the others do the same.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/semaphore/counting.h>
#include <racecourse/scenarios/scenario.h>

#include <latch>
#include <mutex>
#include <thread>

namespace racecourse::catalogue {
namespace {

using Semaphore = semaphore::Counting;

// Three workers serve three pages. Who gets one of the two connections downloads its page; who finds none serves an
// older copy from the cache, and never waits. The connections stay open until all pages are served.
template <class Connect>
void serve_three_pages(Connect connect) {
  Semaphore connections(2);
  std::latch pages(3);
  const auto work = [&] {
    const bool connected = connect(connections);
    pages.arrive_and_wait();
    if (connected) connections.release();
  };
  std::thread a(work), b(work), c(work);
  a.join();
  b.join();
  c.join();
}

void looks_then_takes() {
  serve_three_pages([](Semaphore& connections) {
    if (connections.value() == 0) return false;
    connections.acquire();  // BUG: gone meanwhile
    return true;
  });
}

void takes_if_there_is_one() {
  serve_three_pages([](Semaphore& connections) { return connections.try_acquire(); });
}

void looks_twice() {
  serve_three_pages([](Semaphore& connections) {
    if (connections.value() == 0) return false;
    if (connections.value() == 0) return false;  // "to be sure"
    connections.acquire();
    return true;
  });
}

void looks_under_a_lock() {
  std::mutex looking;
  serve_three_pages([&](Semaphore& connections) {
    {
      const std::lock_guard lock(looking);
      if (connections.value() == 0) return false;
    }
    connections.acquire();
    return true;
  });
}

Options short_hang() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

std::map<Checker, Expectation> one_waits_for_ever() {
  return {{Checker::explore, finds(Kind::deadlock, {Kind::lost_wakeup, Kind::partial_deadlock})},
          {Checker::tsan, may_find(Kind::hang, "all three must look before the second has taken its permit")}};
}

const ScenarioRegistration registration{{
    .name = "three_workers_two_permits",
    .title = "Three workers, two permits",
    .family = "notes",
    .difficulty = 2,
    .from = "note 002, the semaphore: three workers, two permits, and each prints how many are left",
    .story = "Three workers serve pages over two connections. Who finds no connection free serves a page from the "
             "cache, so nobody ever has to wait. The connections are kept until all three pages are served. Yet now "
             "and then all three workers stand still.",
    .python = "The original prints Semaphore._value, and its output says `0 left` twice where a permit had just come "
              "back. A printed number that is out of date does no harm; one that decides does, in Python as well.",
    .hints = {"value() takes the semaphore's own lock, so the number is right. How long is it right?",
              "One permit is left, and two workers look. What does each of them do next?",
              "The one that comes too late waits in acquire(), and those who could let it on wait for its page."},
    .explanation =
        "Two workers see that one permit is left. Both go to take it, and one is late: acquire() does not fail, it "
        "waits. The permits come back when all pages are served, and one of the pages is that of the worker that "
        "waits. Looking and taking are each locked and correct; what was seen is out of date before it is used.",
    .rule = "Do not ask whether a permit is free: ask for the permit, in a way that can be refused.",
    .fix = "try_acquire() looks and takes in one step, and says whether it has. Between its two halves nobody else "
           "can take the permit, so the answer is true for as long as the worker acts on it.",
    .reading = {"Python documentation, threading: Semaphore.acquire(blocking=False)",
                "C++ standard library, std::counting_semaphore::try_acquire()"},
    .variants =
        {
            with(short_hang(), broken("looks_then_takes", "Reads how many permits are free, then acquires one.",
                                      looks_then_takes, one_waits_for_ever())),
            right("takes_if_there_is_one", "Takes a permit if one is free, in one step.", takes_if_there_is_one),
            with(short_hang(), wrong_fix("looks_twice", "Reads the number once more before it acquires.",
                                         "The second look is followed by the same gap as the first.", looks_twice,
                                         one_waits_for_ever())),
            with(short_hang(),
                 wrong_fix("looks_under_a_lock", "A lock is held while the number is read.",
                           "The lock is free again when the permit is taken, and the number was right before too.",
                           looks_under_a_lock, one_waits_for_ever())),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
