// What PCT promises, as numbers.
#include <gtest/gtest.h>
#include <racecourse/checkers/schedule/missed.h>

#include <cmath>

namespace racecourse::schedule {
namespace {

Settings pct(int depth) {
  Settings settings;
  settings.strategy = "pct";
  settings.depth = depth;
  return settings;
}

TEST(Missed, IsThePromiseOfPctForEachExecution) {
  // 3 threads, 20 points, depth 2: each execution shows it with at least 1/60.
  EXPECT_NEAR(missed(pct(2), {3, 20}, 1, 2), 1 - 1.0 / 60, 1e-12);
  EXPECT_NEAR(missed(pct(2), {3, 20}, 600, 2), std::pow(1 - 1.0 / 60, 600), 1e-9);
  EXPECT_NEAR(missed(pct(2), {3, 20}, 60'000, 2), std::pow(1 - 1.0 / 60, 60'000), 1e-9);
  // A shallower bug is found no later than the promise for a deeper one; of a deeper one nothing is known.
  EXPECT_NEAR(missed(pct(2), {3, 20}, 600, 1), std::pow(1 - 1.0 / 60, 600), 1e-9);
  EXPECT_EQ(missed(pct(2), {3, 20}, 600, 3), 1);
}

TEST(Missed, WalksPromiseNothing) {
  Settings uniform;
  uniform.strategy = "uniform";
  EXPECT_EQ(missed(uniform, {2, 10}, 1'000'000, 1), 1);
}

TEST(Missed, OfTheDefaultOnlyTheTurnsOfPctCount) {
  // One turn in ten each for depth 2, 3 and 5.
  const double one_cycle = missed({}, {2, 4}, 10, 1);
  EXPECT_NEAR(one_cycle, (1 - 1.0 / 8) * (1 - 1.0 / 32) * (1 - 1.0 / 512), 1e-12);
  EXPECT_NEAR(missed({}, {2, 4}, 10'000, 1), std::pow(one_cycle, 1000), 1e-9);
}

}  // namespace
}  // namespace racecourse::schedule
