// A flag that the compiler lifts out of its loop: the thread asks once, and never again.
//
// Nothing in the loop changes the flag, and it is plain, so no other thread may change it either: the compiler is right
// to read it once. The loop that remains contains nothing that a checker could step into.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-finite-loops")  // at -O2 g++ leaves the loop out as clang++ does: here, each shows its own way
#endif
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <atomic>
#include <cassert>
#include <thread>

namespace racecourse::catalogue {
namespace {

struct PlainFlag {
  bool stop = false;

  void wait() const {
    while (!stop) continue;  // BUG: read once
  }
};

struct VolatileFlag {
  volatile bool stop = false;

  void wait() const {
    while (!stop) continue;
  }
};

struct AtomicFlag {
  std::atomic<bool> stop = false;

  void wait() const {
    while (!stop.load(std::memory_order_acquire)) std::this_thread::yield();
  }
};

struct YieldingFlag {
  bool stop = false;

  void wait() const {
    while (!stop) std::this_thread::yield();
  }
};

template <class Flag>
void worker_waits_for_its_order() {
  Flag flag;
  int order = 0, seen = -1;
  std::thread worker([&] {
    flag.wait();
    seen = order;
  });
  order = 42;
  flag.stop = true;
  worker.join();
  assert(seen == 42);
}

// What is left of the loop is the compiler's choice, and so is what can be seen of it.
std::map<Checker, Expectation> whatever_the_compiler_made_of_it() {
#if !defined(__OPTIMIZE__)
  return {{Checker::explore, finds(Kind::data_race)}, {Checker::tsan, finds(Kind::data_race)}};
#elif defined(__clang__)
  // A loop without any effect must end, so it is left out: the worker does not wait at all.
  return {{Checker::explore, finds(Kind::assertion, {Kind::data_race})},
          {Checker::tsan, finds(Kind::data_race, {Kind::assertion})}};
#else
  return {{Checker::explore, finds(Kind::hang, {Kind::data_race})},
          {Checker::tsan,
           may_find(Kind::hang, "the worker's one look must come before the flag is raised", {Kind::data_race})}};
#endif
}

const std::map<Checker, Expectation> races{{Checker::explore, finds(Kind::data_race)},
                                           {Checker::tsan, finds(Kind::data_race)}};

Options short_spins() {
  Options options;
  options.watchdog_seconds = 0.2;  // the loop is a few instructions: nothing that ends takes so long
  options.deadline_seconds = 1;
  return options;
}

const ScenarioRegistration registration{{
    .name = "hoisted_flag",
    .title = "The flag that is read once",
    .family = "classic",
    .difficulty = 3,
    .from = "every embedded programmer's first bug report against an optimiser; Boehm, 2011",
    .story = "A worker spins until a flag is raised, then reads its order. There is nothing in the loop. In the debug "
             "build that works; in the release build the worker never stops spinning, and the debugger shows that the "
             "flag is up. Another compiler makes a program in which the worker does not wait at all.",
    .python = "CPython looks the variable up at every turn of the loop, so the worker stops.",
    .hints = {"Debug and release differ. What may the compiler assume about a plain variable that the loop does not "
              "change?",
              "If another thread changed it, that would be a data race, which a program must not have. So the compiler "
              "may read it how many times?",
              "It reads once, before the loop. Which kind of variable does it have to read again?"},
    .explanation =
        "The flag is a plain bool, so the compiler may assume that nobody else writes it while the loop runs. Nothing "
        "in the loop does either. g++ reads the flag once, and the loop becomes: if it was down, spin for ever. "
        "clang++ (and g++ from -O2 on, unless told otherwise) goes one step further: a loop that does nothing must end "
        "some day, so it leaves it out. What is left has no access to memory and no call, so a checker that works by "
        "watching those is never called; only the watchdog, which counts processor time, notices the spin.",
    .rule = "A variable that one thread writes and another reads is atomic; the compiler reads only those again.",
    .fix = "An atomic flag is read at every turn. The yield in the loop is a courtesy to other threads, not what makes "
           "it right.",
    .reading = {"Boehm, How to miscompile programs with \"benign\" data races, HotPar 2011",
                "C++ Core Guidelines, CP.2: avoid data races; CP.200: use volatile only to talk to non-C++ memory"},
    .variants =
        {
            with(short_spins(), broken("plain", "A plain flag in a loop that does nothing else.",
                                       worker_waits_for_its_order<PlainFlag>, whatever_the_compiler_made_of_it())),
            right("atomic", "The flag is atomic.", worker_waits_for_its_order<AtomicFlag>),
            wrong_fix("volatile_flag", "The flag is volatile.",
                      "The compiler reads it every time now; it is a data race still, and orders nothing.",
                      worker_waits_for_its_order<VolatileFlag>, races),
            wrong_fix("calls_something", "The loop calls a function that the compiler cannot see into.",
                      "It reads the flag again, because the function might change it; the data race is still there.",
                      worker_waits_for_its_order<YieldingFlag>, races),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
