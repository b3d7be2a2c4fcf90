// The line that a search shows while it goes on.
#include <gtest/gtest.h>
#include <racecourse/checkers/control/progress.h>

namespace racecourse::control {
namespace {

TEST(Progress, SaysRateAndTimeLeft) {
  EXPECT_EQ(text_of_progress({12'000, 50'000, 0, ""}, 3),
            "explored 12,000 of 50,000 executions, 4,000 a second, 10 s left");
  EXPECT_EQ(text_of_progress({12'000, 0, 10, ""}, 3), "explored 12,000 executions, 4,000 a second, 8 s left");
}

TEST(Progress, TheBudgetThatEndsSoonerCounts) {
  EXPECT_EQ(text_of_progress({12'000, 13'000, 100, ""}, 3),
            "explored 12,000 of 13,000 executions, 4,000 a second, 1 s left");
  EXPECT_EQ(text_of_progress({12'000, 13'000'000, 5, ", 7 different"}, 3),
            "explored 12,000 of 13,000,000 executions, 4,000 a second, 7 different, 3 s left");
}

TEST(Progress, HasNotBegun) {
  EXPECT_EQ(text_of_progress({0, 100, 0, ""}, 3), "explored 0 of 100 executions, 0 a second");
}

}  // namespace
}  // namespace racecourse::control
