// Message passing: the flag has arrived, and the text that was written before it has not.
//
// Here the text is atomic too, so there is no data race for a race detector to report. If it were plain, every checker
// would: that is stop_flag/relaxed_flag_publishes_data.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/message_passing/letter.h>
#include <racecourse/scenarios/scenario.h>

#include <thread>

namespace racecourse::catalogue {
namespace {

using message_passing::Read;

template <class Letter>
void writer_and_reader() {
  Letter letter;
  Read read = Read::nothing;
  std::thread writer([&] { letter.write(); });
  std::thread reader([&] { read = letter.read(); });
  writer.join();
  reader.join();
  outcome(read == Read::all ? "the whole letter" : read == Read::nothing ? "no letter yet" : "a flag without a text");
}

const std::map<Checker, Expectation> only_with_stale_reads{
    {Checker::explore, cannot_see("it runs one step after another: whoever sees the flag sees all that was before it")},
    {Checker::tsan, may_find(Kind::forbidden_outcome,
                             "all is atomic, so there is no race to report, and an x86 processor keeps the order of "
                             "stores and that of loads; an ARM processor does not")},
    {Checker::relacy, finds(Kind::assertion)},
};

const ScenarioRegistration registration{{
    .name = "message_passing",
    .title = "The flag is there, the text is not",
    .family = "classic",
    .difficulty = 3,
    .from = "the litmus test MP of the literature on weak memory",
    .story = "One thread writes a text and raises a flag; another looks at the flag and, if it is up, reads the text. "
             "Both are atomic, the author has heard that relaxed is faster, and all tests on the build machine pass. "
             "On a telephone the reader sees the flag and an empty text.",
    .outcomes =
        {
            {"a flag without a text", Outcome::Is::forbidden, "The flag came first, although it was written last."},
            {"the whole letter", Outcome::Is::acceptable, "Both have arrived."},
            {"no letter yet", Outcome::Is::acceptable, "The reader was early."},
        },
    .hints = {"Each variable by itself is fine. What does the reader conclude about one from the other?",
              "Who promises that two relaxed stores become visible in the order in which they were written?",
              "Nobody does, and nobody promises that two loads are made in order. So two places need an order: which?"},
    .explanation =
        "Relaxed makes one variable atomic and says nothing about any other. The writer's two stores may become "
        "visible in either order, and the reader may make its second load before the first. Each is enough to show "
        "the flag without the text. A PC's processor does neither, so the program works there until a compiler moves "
        "a line; others do both. No race detector complains, for no access is plain.",
    .rule = "A flag that stands for other data is stored with release and loaded with acquire: both, or neither helps.",
    .fix = "The store releases: what was written before it comes with it. The load acquires: what is read after it is "
           "not older. Together they are one edge of happens-before, from the writer's text to the reader's.",
    .reading = {"Maranget, Sarkar, Sewell, A tutorial introduction to the ARM and POWER relaxed memory models, 2012",
                "Williams, C++ Concurrency in Action, second edition, 2019, chapter 5",
                "C++ Core Guidelines, CP.101: distrust your hardware/compiler combination"},
    .variants =
        {
            broken("relaxed", "Text and flag are atomic, all orders relaxed.",
                   writer_and_reader<message_passing::Relaxed>, only_with_stale_reads),
            right("release_acquire", "The flag's store releases, its load acquires.",
                  writer_and_reader<message_passing::ReleaseAcquire>,
                  {{Checker::explore, finds_nothing()},
                   {Checker::tsan, finds_nothing()},
                   {Checker::relacy, finds_nothing()}}),
            wrong_fix("release_alone", "The writer releases; the reader is as it was.",
                      "The stores are in order now, but the reader may read the text before it looks at the flag.",
                      writer_and_reader<message_passing::ReleaseAlone>, only_with_stale_reads),
            wrong_fix("acquire_alone", "The reader acquires; the writer is as it was.",
                      "The loads are in order now, but the flag may become visible before the text.",
                      writer_and_reader<message_passing::AcquireAlone>, only_with_stale_reads),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
