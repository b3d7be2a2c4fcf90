// The file of suppressions means the same on real threads.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "bodies.h"

namespace racecourse::tsan_tests {
namespace {

struct Stats {
  int count = 0;
  [[gnu::noinline]] void add() { ++count; }
};

void racing_stats() {
  Stats stats;
  both([&] { stats.add(); }, [&] { stats.add(); });
}

Verdict searched(const std::string& suppressions, void (*body)()) {
  const char* folder = std::getenv("TMPDIR");
  const std::string name =
      std::string(folder != nullptr ? folder : "/tmp") + "/racecourse-tsan-suppressions-" + std::to_string(getpid());
  std::ofstream(name) << suppressions;
  Options options = few_runs();
  options.suppressions = name;
  Verdict verdict = search(body, options);
  std::remove(name.c_str());
  return verdict;
}

// Names in ThreadSanitizer's reports may come without their classes.
TEST(Suppressed, ByFunction) {
  ASSERT_EQ(summary(search(racing_stats, few_runs())), "failed: data-race");
  const Verdict verdict = searched("kind=data-race function=add reason=a guess", racing_stats);
  EXPECT_EQ(summary(verdict), "not-found") << verdict.text;
  EXPECT_NE(verdict.text.find("; suppressed: data-race in add (a guess)"), std::string::npos) << verdict.text;
}

TEST(Suppressed, AnotherFunctionIsNot) {
  EXPECT_EQ(summary(searched("kind=data-race function=Stats::get reason=a guess", racing_stats)), "failed: data-race");
}

TEST(Suppressed, WhatStartedTheThreadIsNoPlaceOfTheRace) {
  EXPECT_EQ(summary(searched("function=^main$ reason=no", racing_stats)), "failed: data-race");
}

}  // namespace
}  // namespace racecourse::tsan_tests
