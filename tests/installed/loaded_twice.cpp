// Settings are loaded when they are first asked for, and two threads ask at once.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <atomic>
#include <cassert>
#include <mutex>
#include <thread>

namespace racecourse::catalogue {
namespace {

void broken_body() {
  bool loaded = false;
  std::atomic<int> loads{0};
  const auto get = [&] {
    if (loaded) return;  // BUG: check, then act
    ++loads;
    loaded = true;
  };
  std::thread a(get), b(get);
  a.join();
  b.join();
  assert(loads == 1);
}

void right_body() {
  std::once_flag once;
  std::atomic<int> loads{0};
  const auto get = [&] { std::call_once(once, [&] { ++loads; }); };
  std::thread a(get), b(get);
  a.join();
  b.join();
  assert(loads == 1);
}

void hurried_body() {
  std::atomic<bool> loaded{false};
  std::atomic<int> loads{0};
  const auto get = [&] {
    if (loaded) return;  // BUG: still check, then act
    ++loads;
    loaded = true;
  };
  std::thread a(get), b(get);
  a.join();
  b.join();
  assert(loads == 1);
}

const ScenarioRegistration registration{{
    .name = "loaded_twice",
    .title = "Settings that are loaded twice",
    .family = "own",
    .difficulty = 1,
    .from = "a server's start, where the log showed the line \"settings loaded\" twice",
    .story = "Settings are read from a file when they are first asked for. Two threads of a server ask at its start, "
             "and now and then the file is read twice.",
    .hints = {"What does get() know when it begins to load?",
              "What may the other thread do between the test and the store?",
              "Both threads may pass the test before either has stored."},
    .explanation = "Both threads read `loaded` while it is false, so both load.",
    .rule = "A test and the act that relies on it are one step, or they are a race.",
    .fix = "std::call_once lets one thread in and holds the others until it is done.",
    .reading = {"C++ Core Guidelines, CP.110: do not write your own double-checked locking for initialization"},
    .variants = {broken("if_empty", "Loads if a flag is not set, then sets it.", broken_body,
                        {{Checker::explore, finds(Kind::assertion, {Kind::data_race})},
                         {Checker::tsan, finds(Kind::data_race, {Kind::assertion})}}),
                 right("call_once", "Loads in std::call_once.", right_body),
                 wrong_fix("atomic_flag", "Makes the flag atomic.", "Both may still read it before either sets it.",
                           hurried_body,
                           {{Checker::explore, finds(Kind::assertion)},
                            {Checker::tsan, may_find(Kind::assertion, "there is no race; both must test at once")}})},
}};

}  // namespace
}  // namespace racecourse::catalogue
