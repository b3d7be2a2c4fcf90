// Two threads count, each in a counter of its own, and slow each other down as if they shared it.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/false_sharing/counters.h>
#include <racecourse/scenarios/scenario.h>

#include <cassert>
#include <thread>

namespace racecourse::catalogue {
namespace {

// What is counted is right in all of them. How long it takes, measured.cpp looks at.
template <class Counters>
void two_threads_count() {
  Counters counters;
  std::thread first([&] { counters.add(0, 2); }), second([&] { counters.add(1, 3); });
  first.join();
  second.join();
  assert(counters.total() == 5);
}

const ScenarioRegistration registration{{
    .name = "false_sharing",
    .title = "Two counters on one cache line",
    .family = "classic",
    .difficulty = 3,
    .from = "Torrellas, Lam and Hennessy, 1990, who named it; every array of per-thread counters since",
    .story =
        "To avoid a shared counter, each thread is given one of its own, in an array. No counter is touched by two "
        "threads, no step is lost; yet with two threads the work takes longer than with one.",
    .python = "In Python no two threads compute at the same time, and an int is an object somewhere on the heap: it "
              "cannot be seen there.",
    .hints = {"Nothing is wrong with what it counts. Measure it: racecourse measure false_sharing.",
              "What is the smallest piece of memory that one processor can take from another?",
              "Both counters lie within 64 bytes."},
    .explanation =
        "A processor that writes needs the whole cache line, 64 bytes on x86, for itself alone. Both counters lie on "
        "one line, so each step of one thread takes the line away from the other, which fetches it back for its next "
        "step: a hundred processor cycles instead of a few. No checker sees that: they judge what is computed, not "
        "how long it takes, and to the language these are two objects that share nothing. Measure it on an idle "
        "machine: "
        "with a core for each thread the counters side by side take several times as long as those with padding, the "
        "more so the farther the cores are apart. Where there is one processor, where two share a core and so its "
        "cache, or where other work seldom lets both threads run at the same time, there is no difference.",
    .rule = "What different threads write often belongs on different cache lines.",
    .fix =
        "Each counter is aligned to a cache line of its own. Better still, the thread counts on its own stack and adds "
        "what it has when it is done: then nearly nothing is left to share.",
    .reading = {"Torrellas, Lam and Hennessy, Shared Data Placement Optimizations to Reduce Multiprocessor Cache Miss "
                "Rates, ICPP 1990",
                "cppreference, std::hardware_destructive_interference_size",
                "McKenney, Is Parallel Programming Hard, and, If So, What Can You Do About It?, chapter 5: Counting"},
    .variants =
        {
            slow(broken("side_by_side", "An array of counters, one a thread.",
                        two_threads_count<false_sharing::SideBySide>, {})),
            right("padded", "Each counter has a cache line to itself.", two_threads_count<false_sharing::Padded>),
            slow(wrong_fix("relaxed", "Counts with relaxed order, so that no thread waits for the other.",
                           "The order was not what took so long: the line still goes to and fro.",
                           two_threads_count<false_sharing::Relaxed>, {})),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
