// How many traces were seen, and how many are still to come.
#include <gtest/gtest.h>
#include <racecourse/checkers/schedule/distinct.h>
#include <racecourse/checkers/schedule/strategy.h>

#include <cmath>

namespace racecourse::schedule {
namespace {

TEST(DistinctTraces, CountsThemAndThoseSeenOnce) {
  DistinctTraces traces;
  EXPECT_EQ(traces.next_is_new(), 1);
  for (const std::uint64_t digest : {10, 20, 30, 20, 20, 40, 0, 0}) traces.add(digest << 40);
  EXPECT_EQ(traces.looked_at(), 8u);
  EXPECT_EQ(traces.count(), 5u);
  EXPECT_EQ(traces.next_is_new(), 3.0 / 8);
  EXPECT_FALSE(traces.is_full());
}

// Of 1,000 equally likely traces n draws leave 1,000 (1 - 1/1,000)^n unseen, whose part is the probability to be
// estimated. The standard error is about sqrt(0.4 / n).
TEST(DistinctTraces, EstimatesWhatIsStillToCome) {
  for (const int draws : {200, 1000, 5000}) {
    DistinctTraces traces;
    Random random(7);
    for (int i = 0; i < draws; ++i) traces.add((random.below(1000) + 1) * 0x9E3779B97F4A7C15u);
    const double unseen = 1 - static_cast<double>(traces.count()) / 1000;
    EXPECT_NEAR(traces.next_is_new(), unseen, 3 * std::sqrt(0.4 / draws)) << draws;
  }
}

TEST(DistinctTraces, SaysWhenItIsFull) {
  DistinctTraces traces;
  Random random(7);
  for (std::uint64_t i = 0; i < DistinctTraces::kMost; ++i) {
    ASSERT_FALSE(traces.is_full());
    traces.add(random.next());
  }
  EXPECT_TRUE(traces.is_full());
  traces.add(random.next());
  EXPECT_EQ(traces.count(), DistinctTraces::kMost);
  EXPECT_EQ(traces.looked_at(), DistinctTraces::kMost + 1);
}

TEST(LookedAt, AllAtFirstAndThenSome) {
  EXPECT_TRUE(is_looked_at(0));
  EXPECT_TRUE(is_looked_at(kAllLookedAt - 1));
  std::uint64_t count = 0;
  for (std::uint64_t i = 0; i < 3200; ++i) count += is_looked_at(kAllLookedAt + i);
  EXPECT_EQ(count, 3200 / kLookedAtOneIn);
}

}  // namespace
}  // namespace racecourse::schedule
