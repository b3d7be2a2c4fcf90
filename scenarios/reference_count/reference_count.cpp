// A reference count whose decrement is relaxed: the last owner destroys what another has only just written.
//
// The count itself is right: exactly one owner is the last. What is missing is that the last one has seen what the
// others did before they let go.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/reference_count/document.h>
#include <racecourse/scenarios/scenario.h>

#include <cassert>
#include <thread>

namespace racecourse::catalogue {
namespace {

template <class Document>
void two_owners() {
  Document document;
  bool first_shreds = false, second_shreds = false;
  std::thread first([&] { first_shreds = document.write_and_drop(0); });
  std::thread second([&] { second_shreds = document.write_and_drop(1); });
  first.join();
  second.join();
  assert(first_shreds != second_shreds);
}

const std::map<Checker, Expectation> races{
    {Checker::explore, finds(Kind::data_race)},
    {Checker::tsan, finds(Kind::data_race)},
    {Checker::relacy, finds(Kind::data_race)},
};

const ScenarioRegistration registration{{
    .name = "reference_count",
    .title = "The last owner sweeps up too early",
    .family = "classic",
    .difficulty = 4,
    .from = "Boost.Atomic's usage examples; every intrusive pointer that was ever written by hand",
    .story = "Two threads own a document together. Each fills in a page of its own and lets go; a count says how many "
             "owners are left, and the last one shreds the document. Adding an owner needs no order, so the author "
             "made the subtraction relaxed too. Users report pages that were written after the shredder ran.",
    .python = "CPython counts references under its global lock; its free-threaded build has two counts for each "
              "object, and takes the trouble described here.",
    .hints = {"Who is the last is always clear. What must the last one know, apart from being the last?",
              "The other owner wrote its page before it let go. Which edge carries that to the one who shreds?",
              "Letting go should publish what was done to the object. Being the last should take over all of that."},
    .explanation =
        "fetch_sub is atomic, so exactly one thread sees the count go from 1 to 0. But relaxed says nothing about the "
        "pages: the write of the first owner is not ordered before its subtraction, and the destruction not after the "
        "other's. So the write of a page and the shredding of that page race. On real hardware a late write lands in "
        "memory that belongs to somebody else by then.",
    .rule = "Letting go of a shared object releases; whoever destroys it acquires what all the others released.",
    .fix = "The subtraction is acq_rel. Each one releases what its owner did, and the last one acquires it from all "
           "before it, since read-modify-writes of one atomic form a release sequence. Adding an owner may stay "
           "relaxed: who adds one has one already.",
    .reading = {"Boost.Atomic documentation, usage examples: reference counting",
                "Williams, C++ Concurrency in Action, second edition, 2019, section 5.3.4: release sequences",
                "Sutter, atomic<> weapons, C++ and Beyond 2012: the reference count of shared_ptr"},
    .variants =
        {
            broken("relaxed", "The subtraction is relaxed.", two_owners<reference_count::Relaxed>, races),
            right("acquire_release", "The subtraction releases and acquires.",
                  two_owners<reference_count::AcquireRelease>,
                  {{Checker::explore, finds_nothing()},
                   {Checker::tsan, finds_nothing()},
                   {Checker::relacy, finds_nothing()}}),
            wrong_fix("release_alone", "The subtraction releases.",
                      "What the others did is published, but the one who shreds takes no notice of it.",
                      two_owners<reference_count::ReleaseAlone>, races),
            wrong_fix(
                "in_two_steps", "Subtracts with the default order, then asks whether none is left.",
                "Both may subtract before either asks: then both are the last, and it is shredded twice.",
                two_owners<reference_count::InTwoSteps>,
                {{Checker::explore, finds(Kind::assertion, {Kind::data_race})},
                 {Checker::tsan, may_find(Kind::assertion, "both must subtract before either asks", {Kind::data_race})},
                 {Checker::relacy, finds(Kind::data_race, {Kind::assertion})}}),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
