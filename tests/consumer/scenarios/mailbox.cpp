// A primitive of the project's own, under every checker.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <mailbox.h>
#include <racecourse/scenarios/catalogue.h>

#include <cassert>
#include <thread>

namespace racecourse::catalogue {
namespace {

template <class Mailbox>
void one_writes_one_reads() {
  Mailbox mailbox;
  std::thread writer([&] { mailbox.put(42); });
  std::thread reader([&] {
    const std::optional<int> letter = mailbox.try_get();
    assert(!letter || *letter == 42);
  });
  writer.join();
  reader.join();
}

const Registration registration{{
    {.scenario = "mailbox",
     .variant = "released",
     .family = "own",
     .summary = "The flag is stored with release.",
     .body = one_writes_one_reads<Released>,
     .expected = {{Checker::explore, finds_nothing()},
                  {Checker::tsan, finds_nothing()},
                  {Checker::relacy, finds_nothing()}}},
    {.scenario = "mailbox",
     .variant = "relaxed",
     .family = "own",
     .broken = true,
     .summary = "The flag publishes nothing.",
     .body = one_writes_one_reads<Relaxed>,
     .expected = {{Checker::explore, finds(Kind::data_race)},
                  {Checker::tsan, may_find(Kind::data_race, "the reader may come first")},
                  {Checker::relacy, finds(Kind::data_race)}}},
}};

}  // namespace
}  // namespace racecourse::catalogue
