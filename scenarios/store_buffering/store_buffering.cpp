// Store buffering: two threads raise a flag each, then look at the other's; and neither sees the other's.
//
// No order of the four steps explains it. The stores still lie in the store buffers of the processors, and the loads
// have gone past them. It is the one reordering that every PC does.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>
#include <racecourse/scenarios/store_buffering/doors.h>

#include <thread>

namespace racecourse::catalogue {
namespace {

template <class Doors>
void two_at_the_door() {
  Doors doors;
  bool first_in = false, second_in = false;
  std::thread first([&] { first_in = doors.enters(0); });
  std::thread second([&] { second_in = doors.enters(1); });
  first.join();
  second.join();
  if (first_in && second_in) return outcome("both are in");
  outcome(first_in ? "the first is in" : second_in ? "the second is in" : "both wait");
}

Expectation explore_is_blind() {
  return cannot_see("it runs one step after another: a store is there for everybody before the next step");
}

const std::map<Checker, Expectation> only_with_stale_reads{
    {Checker::explore, explore_is_blind()},
    {Checker::tsan,
     may_find(Kind::forbidden_outcome, "the processor really does it, if both come within a few nanoseconds")},
    {Checker::relacy, finds(Kind::assertion)},
};

const ScenarioRegistration registration{{
    .name = "store_buffering",
    .title = "Neither sees the other's flag",
    .family = "classic",
    .difficulty = 4,
    .from = "Dekker's mutual exclusion, told by Dijkstra in 1965; the litmus test SB",
    .story =
        "Two threads share a room for one. Each raises a flag, then looks at the flag of the other, and goes in if "
        "that is down. Whoever comes second sees the flag of the first: it seems that at most one can ever be "
        "in. On any PC, both can.",
    .outcomes =
        {
            {"both are in", Outcome::Is::forbidden,
             "Neither saw the flag of the other: no order of the steps allows "
             "it."},
            {"the first is in", Outcome::Is::acceptable, "The second saw the flag of the first."},
            {"the second is in", Outcome::Is::acceptable, "The first saw the flag of the second."},
            {"both wait", Outcome::Is::interesting,
             "Both flags were up before either looked: safe, but a whole lock "
             "needs a tie-break, which is what Dekker and Peterson add."},
        },
    .hints = {"Write down every order of the four steps. In which one do both loads see 0?",
              "In none. So the steps cannot be happening in one order that both threads agree on. Where may a store be "
              "when its thread has gone on already?",
              "In the processor's store buffer, which others cannot see. Which memory order keeps a later load of "
              "another variable behind it?"},
    .explanation =
        "A store goes into a buffer first, and reaches memory a little later. The load that follows does not wait for "
        "that: it is of another variable, and may read memory at once. If both threads do so at the same time, both "
        "read 0 and both go in. The compiler may also swap the two lines. Release and acquire do not forbid any of it: "
        "they order what comes before a store, and what comes after a load, but not a store before a later load. A "
        "search that runs one step after another never shows it; Relacy does, for it lets loads return old values.",
    .rule = "Where a thread writes one variable and then has to see another, all four accesses must be seq_cst.",
    .fix = "With memory_order_seq_cst, the default, all such operations have one order that every thread agrees on. In "
           "that order one of the stores is first, and the load of the other thread comes after it.",
    .reading = {"Dijkstra, Solution of a problem in concurrent programming control, CACM 8(9), 1965",
                "Sewell and others, x86-TSO: a rigorous and usable programmer's model for x86, CACM 53(7), 2010",
                "Peterson, Myths about the mutual exclusion problem, Information Processing Letters 12(3), 1981",
                "C++ Core Guidelines, CP.100 and CP.101: don't use lock-free programming unless you absolutely have "
                "to; distrust your hardware/compiler combination"},
    .variants =
        {
            broken("relaxed", "Flags with relaxed order.", two_at_the_door<store_buffering::Relaxed>,
                   only_with_stale_reads),
            right("sequentially_consistent", "Flags with the default order.",
                  two_at_the_door<store_buffering::SequentiallyConsistent>,
                  {{Checker::explore, finds_nothing()},
                   {Checker::tsan, finds_nothing()},
                   {Checker::relacy, finds_nothing()}}),
            wrong_fix("release_acquire", "The stores release, the loads acquire.",
                      "They pair a store with the load that sees it; here the loads see nothing.",
                      two_at_the_door<store_buffering::ReleaseAcquire>, only_with_stale_reads),
            wrong_fix("looks_twice", "Looks a second time before it goes in.",
                      "The second look may come just as early: the flag has still not left the other's buffer.",
                      two_at_the_door<store_buffering::LooksTwice>, only_with_stale_reads),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
