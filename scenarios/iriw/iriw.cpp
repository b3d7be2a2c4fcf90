// Independent reads of independent writes: two readers see the same two events, and not in the same order.
//
// Every pair of a store and the load that sees it is in order. What is missing is one order of everything.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/iriw/news.h>
#include <racecourse/scenarios/scenario.h>

#include <thread>

namespace racecourse::catalogue {
namespace {

using iriw::Seen;

template <class News>
void two_papers_two_readers() {
  News news;
  Seen anna, ben;
  std::thread morning([&] { news.print(0); });
  std::thread evening([&] { news.print(1); });
  std::thread first([&] { anna = news.look(0); });
  std::thread second([&] { ben = news.look(1); });
  morning.join();
  evening.join();
  first.join();
  second.join();
  const bool one = anna.one_without_the_next(), other = ben.one_without_the_next();
  outcome(one && other ? "they disagree" : one || other ? "one knows the order" : "nobody knows the order");
}

const std::map<Checker, Expectation> only_with_stale_reads{
    {Checker::explore, cannot_see("it runs one step after another, so there is always one order of the two stores")},
    {Checker::tsan, may_find(Kind::forbidden_outcome,
                             "all is atomic, so there is no race to report; and an x86 processor shows a store to all "
                             "others at the same time")},
    {Checker::relacy, finds(Kind::assertion)},
};

const ScenarioRegistration registration{{
    .name = "iriw",
    .title = "Two readers who disagree about what came first",
    .family = "classic",
    .difficulty = 5,
    .from = "the litmus test IRIW; Boehm and Adve, 2008, discuss what C++ is to promise",
    .story = "Two papers come out, each printed by its own thread. Anna looks for the morning paper, then for the "
             "evening paper; Ben looks the other way round. Anna finds the morning paper and no evening paper: so the "
             "morning paper was first. Ben finds the evening paper and no morning paper. Both are sure.",
    .outcomes =
        {
            {"they disagree", Outcome::Is::forbidden, "Each has seen one paper come first, and not the same one."},
            {"one knows the order", Outcome::Is::acceptable, "One reader came between the two papers."},
            {"nobody knows the order", Outcome::Is::acceptable, "Nobody came between them."},
        },
    .hints =
        {"Anna's two loads are in order, and so are Ben's. Look at the stores instead.",
         "The two stores are made by two threads that have nothing to do with each other. Who says that they reach "
         "all readers in the same order?",
         "Only one memory order has anything to say about operations of threads that never met. Where is it "
         "needed?"},
    .explanation =
        "A store does not become visible everywhere at once. The morning paper may reach Anna first and Ben later; the "
        "evening paper the other way round. With acquire loads each reader's own two looks are in order, and that is "
        "all: there need be no one order of the two stores. Only operations that are seq_cst have one order that all "
        "threads agree on. POWER processors really show this; x86 and ARMv8 do not, but the compiler is not bound by "
        "what the processor does.",
    .rule = "If two readers must agree on the order of two independent writes, all of it must be seq_cst.",
    .fix = "All four are seq_cst, the default. Then the stores stand in one order with the loads, and whoever sees the "
           "second sees the first. A mutex around each access does the same.",
    .reading = {"Boehm, Adve, Foundations of the C++ concurrency memory model, PLDI 2008",
                "Sarkar and others, Understanding POWER multiprocessors, PLDI 2011",
                "C++ Core Guidelines, CP.100: don't use lock-free programming unless you absolutely have to"},
    .variants =
        {
            broken("relaxed", "All orders are relaxed.", two_papers_two_readers<iriw::Relaxed>, only_with_stale_reads),
            right("sequentially_consistent", "All orders are the default.",
                  two_papers_two_readers<iriw::SequentiallyConsistent>,
                  {{Checker::explore, finds_nothing()},
                   {Checker::tsan, finds_nothing()},
                   {Checker::relacy, finds_nothing()}}),
            wrong_fix("release_acquire", "The stores release, the loads acquire.",
                      "Each store is in order with the loads that see it, the two stores are in no order.",
                      two_papers_two_readers<iriw::ReleaseAcquire>, only_with_stale_reads),
            wrong_fix("sequential_stores", "The stores are seq_cst, the loads acquire.",
                      "The stores have one order now, but the loads are not part of it, and may see something older.",
                      two_papers_two_readers<iriw::SequentialStores>, only_with_stale_reads),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
