#include <gtest/gtest.h>
#include <racecourse/checkers/report/trace_select.h>

#include <numeric>
#include <vector>

#include "synthetic.h"

namespace racecourse::report {
namespace {

std::vector<std::uint32_t> all(const Trace& trace) {
  std::vector<std::uint32_t> indices(trace.events.size());
  std::iota(indices.begin(), indices.end(), 0u);
  return indices;
}

TEST(Fold, ASpinIsOneStep) {
  TraceBuilder builder(2);
  for (int i = 0; i < 14; ++i) builder.add(1, Op::atomic_load, 0x10, 0, 7);
  builder.add(1, Op::atomic_load, 0x10, 1, 7);
  const std::vector<Step> steps = fold(builder.trace(), all(builder.trace()));
  ASSERT_EQ(steps.size(), 2u);  // the read that saw the change stands alone
  EXPECT_EQ(steps[0].repeat, 14u);
  EXPECT_EQ(steps[1].repeat, 1u);
}

TEST(Fold, TurnsOfTwoThreadsAreOneRound) {
  TraceBuilder builder(3);
  for (int i = 0; i < 5; ++i) {
    builder.add(1, Op::atomic_load, 0x10, 0, 7);
    builder.add(1, Op::yield, 0, 0, 8);
    builder.add(2, Op::atomic_load, 0x20, 0, 7);
  }
  const std::vector<Step> steps = fold(builder.trace(), all(builder.trace()));
  ASSERT_EQ(steps.size(), 3u);
  for (const Step& step : steps) {
    EXPECT_EQ(step.repeat, 5u);
    EXPECT_EQ(step.group, 3u);
  }
  EXPECT_FALSE(steps[1].ends_group);
  EXPECT_TRUE(steps[2].ends_group);
}

TEST(Fold, WaitingInAnyOrderIsOneStepForEachThingLookedAt) {
  TraceBuilder builder(3);
  for (int i = 0; i < 40; ++i) builder.add(1 + (i * i % 7) % 2, Op::atomic_load, 0x10, 2, 7);
  builder.add(1, Op::atomic_load, 0x10, 3, 7);
  const std::vector<Step> steps = fold(builder.trace(), all(builder.trace()));
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_EQ(steps[0].repeat + steps[1].repeat, 40u);
  EXPECT_EQ(steps[2].repeat, 1u);
}

TEST(Fold, FewRoundsWithDifferentValuesStay) {
  TraceBuilder builder(2);
  for (int i = 0; i < 3; ++i) builder.add(1, Op::write, 0x10, static_cast<std::uint64_t>(i), 7);
  EXPECT_EQ(fold(builder.trace(), all(builder.trace())).size(), 3u);
  for (int i = 3; i < 40; ++i) builder.add(1, Op::write, 0x10, static_cast<std::uint64_t>(i), 7);
  const std::vector<Step> steps = fold(builder.trace(), all(builder.trace()));
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(steps[0].repeat, 40u);
  EXPECT_EQ(steps[0].last, 39u);
}

TEST(Fold, FindingsAreNeverFolded) {
  TraceBuilder builder(2);
  builder.found(Kind::data_race, 1);
  builder.found(Kind::data_race, 1);
  EXPECT_EQ(fold(builder.trace(), all(builder.trace())).size(), 2u);
}

}  // namespace
}  // namespace racecourse::report
