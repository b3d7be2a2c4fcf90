// A loop that waits for another thread by reading plain memory, which threads race for.
#include <gtest/gtest.h>
#include <racecourse/checkers/explore.h>

#include <algorithm>
#include <functional>
#include <thread>

namespace racecourse {
namespace {

class RacedLoop : public testing::TestWithParam<const char*> {};

// The lock that every course begins with: a flag that is looked at and then set.
void lock_that_is_a_flag() {
  volatile int flag = 0;
  unsigned turns[2] = {};
  const auto pass = [&flag](unsigned& turns) {
    unsigned here = 0;
    while (flag == 1) ++here;
    flag = 1;
    flag = 0;
    turns = here;
  };
  std::thread a(pass, std::ref(turns[0])), b(pass, std::ref(turns[1]));
  a.join();
  b.join();
  outcome(std::max(turns[0], turns[1]) > 10'000 ? "long" : "short");
}

// Under pct it ran up to the limit of an execution, and so a search took minutes.
TEST_P(RacedLoop, ThatWaitsLetsOthersGo) {
  Options options;
  options.strategy = GetParam();
  options.executions = 200;
  options.judge = {Kind::assertion};
  const Verdict verdict = search(lock_that_is_a_flag, options);
  EXPECT_EQ(verdict.outcomes.count("long"), 0u);
  EXPECT_EQ(verdict.outcomes.at("short"), 200u);
}

INSTANTIATE_TEST_SUITE_P(All, RacedLoop, testing::Values("default", "uniform", "sticky", "pct", "pos", "surw", "rff"));

}  // namespace
}  // namespace racecourse
