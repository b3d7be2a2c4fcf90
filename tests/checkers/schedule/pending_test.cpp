#include <gtest/gtest.h>
#include <racecourse/checkers/schedule/pending.h>

namespace racecourse::schedule {
namespace {

bool both_ways(const Pending& a, const Pending& b) {
  EXPECT_EQ(conflict(a, b), conflict(b, a));
  return conflict(a, b);
}

TEST(Conflict, NeedsTheSameBytesAndOneWrite) {
  EXPECT_TRUE(both_ways({100, Access::write, 4}, {100, Access::read, 4}));
  EXPECT_TRUE(both_ways({100, Access::write, 8}, {104, Access::write, 4}));
  EXPECT_FALSE(both_ways({100, Access::read, 4}, {100, Access::read, 4}));
  EXPECT_FALSE(both_ways({100, Access::write, 4}, {104, Access::write, 4}));
}

TEST(Conflict, OfLocks) {
  EXPECT_TRUE(both_ways({100, Access::lock}, {100, Access::unlock}));
  EXPECT_TRUE(both_ways({100, Access::try_lock}, {100, Access::try_lock}));
  EXPECT_TRUE(both_ways({100, Access::lock_shared}, {100, Access::lock}));
  EXPECT_FALSE(both_ways({100, Access::lock_shared}, {100, Access::lock_shared}));
}

TEST(Conflict, OfAWaitIncludesItsMutex) {
  const Pending wait{100, Access::wait, 1, 200};
  EXPECT_TRUE(both_ways(wait, {100, Access::notify}));
  EXPECT_TRUE(both_ways(wait, {200, Access::lock}));
  EXPECT_TRUE(both_ways(wait, {300, Access::wait, 1, 200}));
  EXPECT_FALSE(both_ways(wait, {300, Access::notify}));
}

TEST(Conflict, OfNothingIsNone) {
  EXPECT_FALSE(both_ways({}, {}));
  EXPECT_FALSE(both_ways({}, {100, Access::write, 8}));
  EXPECT_TRUE(both_ways({}, {0, Access::other}));
}

}  // namespace
}  // namespace racecourse::schedule
