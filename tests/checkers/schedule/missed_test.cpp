// What PCT promises, as numbers.
#include <gtest/gtest.h>
#include <racecourse/checkers/schedule/missed.h>

#include <cmath>

namespace racecourse::schedule {
namespace {

// So many executions of one depth.
PctExecutions pct(std::size_t depth, std::uint64_t executions) {
  PctExecutions counts{};
  counts.at(depth) = executions;
  return counts;
}

TEST(Missed, IsThePromiseOfPctForEachExecution) {
  // 3 threads, 20 points, depth 2: each execution shows it with at least 1/60.
  EXPECT_NEAR(missed(pct(2, 1), {3, 20}, 2), 1 - 1.0 / 60, 1e-12);
  EXPECT_NEAR(missed(pct(2, 600), {3, 20}, 2), std::pow(1 - 1.0 / 60, 600), 1e-9);
  EXPECT_NEAR(missed(pct(2, 60'000), {3, 20}, 2), std::pow(1 - 1.0 / 60, 60'000), 1e-9);
  // A shallower bug is found no later than the promise for a deeper one; of a deeper one nothing is known.
  EXPECT_NEAR(missed(pct(2, 600), {3, 20}, 1), std::pow(1 - 1.0 / 60, 600), 1e-9);
  EXPECT_EQ(missed(pct(2, 600), {3, 20}, 3), 1);
}

TEST(Missed, OtherStrategiesPromiseNothing) { EXPECT_EQ(missed(pct(0, 1'000'000), {2, 10}, 1), 1); }

TEST(Missed, AllDepthsCountTogether) {
  PctExecutions counts{};
  counts[0] = 70;
  counts[2] = counts[3] = counts[5] = 10;
  const double one_of_each = (1 - 1.0 / 8) * (1 - 1.0 / 32) * (1 - 1.0 / 512);
  EXPECT_NEAR(missed(counts, {2, 4}, 1), std::pow(one_of_each, 10), 1e-9);
  EXPECT_NEAR(missed(counts, {2, 4}, 3), std::pow((1 - 1.0 / 32) * (1 - 1.0 / 512), 10), 1e-9);
}

}  // namespace
}  // namespace racecourse::schedule
