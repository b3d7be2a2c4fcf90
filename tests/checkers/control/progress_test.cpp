// The line that a search shows while it goes on.
#include <gtest/gtest.h>
#include <racecourse/checkers/control/progress.h>
#include <racecourse/checkers/control/verdict_text.h>

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

TEST(Progress, TheEndOfTheTreeMayComeSooner) {
  EXPECT_EQ(text_of_progress({12'000, 13'000'000, 0, "", 0.25}, 3),
            "explored 12,000 of 13,000,000 executions, 4,000 a second, 10 s left");
  EXPECT_EQ(text_of_progress({12'000, 0, 5, "", 0.25}, 3), "explored 12,000 executions, 4,000 a second, 3 s left");
}

TEST(Progress, EstimatesWhatIsLeftToSee) {
  EXPECT_EQ(seen_so_far({}), "");
  EXPECT_EQ(seen_so_far({2'000, 1'204, false, 0.034}), ", 1,204 distinct traces (about 3.4 % new)");
  EXPECT_EQ(seen_so_far({2'000, 2, false, 0}), ", 2 distinct traces (less than 0.01 % new)");
  EXPECT_EQ(seen_so_far({9'000, 8'000, true, 1}), ", 8,000 distinct traces");
}

TEST(Progress, HasNotBegun) {
  EXPECT_EQ(text_of_progress({0, 100, 0, ""}, 3), "explored 0 of 100 executions, 0 a second");
}

}  // namespace
}  // namespace racecourse::control
