// GoogleTest inside a body: assertions on any thread, fixtures, parameters, and what a body must not change.
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>
#include <racecourse/checkers/explore.h>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>

namespace racecourse {
namespace {

std::string kind_and_line(const Verdict& verdict) {
  if (!verdict.finding) return verdict.text;
  return std::string(to_string(verdict.finding->kind)) + ":" + std::to_string(verdict.finding->line);
}

std::string assertion_at(int line) { return "assertion:" + std::to_string(line); }

TEST(Assertion, InTheBody) {
  const int line = __LINE__ + 1;
  const Verdict verdict = search([] { EXPECT_EQ(1, 2) << "of the body"; });
  EXPECT_EQ(kind_and_line(verdict), assertion_at(line));
  EXPECT_NE(verdict.finding->message.find("of the body"), std::string::npos) << verdict.finding->message;
  EXPECT_NE(verdict.finding->file.find("assertion_test.cpp"), std::string::npos) << verdict.finding->file;
}

TEST(Assertion, InASpawnedThread) {
  const int line = __LINE__ + 1;
  const Verdict verdict = search([] { std::thread([] { EXPECT_TRUE(false); }).join(); });
  EXPECT_EQ(kind_and_line(verdict), assertion_at(line));
}

TEST(Assertion, FatalOnes) {
  const int line = __LINE__ + 1;
  EXPECT_EQ(kind_and_line(search([] { ASSERT_EQ(1, 2); })), assertion_at(line));
  EXPECT_EQ(kind_and_line(search([] { FAIL(); })), assertion_at(line + 1));
  EXPECT_EQ(kind_and_line(search([] { ADD_FAILURE(); })), assertion_at(line + 2));
  EXPECT_EQ(kind_and_line(search([] { EXPECT_THROW(static_cast<void>(0), int); })), assertion_at(line + 3));
}

TEST(Assertion, EndsTheExecution) {
  const Verdict verdict = search([] {
    EXPECT_EQ(1, 2);
    outcome("went on");
  });
  EXPECT_TRUE(verdict.outcomes.empty());
}

TEST(Assertion, ThatHoldsAddsNothing) {
  const Verdict verdict = search([] {
    SUCCEED() << "no finding";
    EXPECT_EQ(1, 1);
    EXPECT_STREQ("a", "a");
    ASSERT_NO_THROW(std::string("a"));
  });
  EXPECT_EQ(verdict.state, State::proved) << verdict.text;
}

TEST(Assertion, InManyThreadsAtOnce) {
  const Verdict verdict = search_for(
      [] {
        std::atomic<int> inside{0};
        const auto enter = [&inside] {
          EXPECT_EQ(inside.fetch_add(1), 0) << "not alone";
          inside.fetch_sub(1);
        };
        std::thread a(enter), b(enter), c(enter);
        a.join();
        b.join();
        c.join();
      },
      Kind::assertion, {});
  EXPECT_EQ(verdict.state, State::failed) << verdict.text;
}

TEST(Assertion, UnderAScopedTrace) {
  const Verdict verdict = search([] {
    SCOPED_TRACE("in the outer scope");
    std::thread([] {
      SCOPED_TRACE("in the thread");
      EXPECT_TRUE(false);
    }).join();
  });
  EXPECT_EQ(verdict.finding ? verdict.finding->kind : Kind::hang, Kind::assertion) << verdict.text;
}

TEST(Assertion, WhileALockIsHeld) {
  // The lock is not released by unwinding, and the next execution must not find it taken.
  const Verdict verdict = search_for(
      [] {
        static std::mutex mutex;
        static std::atomic<int> turns{0};
        std::thread other([] {
          const std::scoped_lock lock(mutex);
          turns++;
        });
        const std::scoped_lock lock(mutex);
        EXPECT_EQ(turns.load(), 0);
        other.join();
      },
      Kind::deadlock, {Kind::assertion});
  EXPECT_EQ(verdict.finding ? verdict.finding->kind : Kind::hang, Kind::deadlock) << verdict.text;
}

TEST(Assertion, LeavesTheRunningTestAlone) {
  search([] { ADD_FAILURE(); });
  EXPECT_FALSE(HasFailure());
}

TEST(Assertion, IsASingleFailureOfTheTest) {
  EXPECT_NONFATAL_FAILURE(explore([] { EXPECT_EQ(1, 2); }), "Expected equality of these values");
}

TEST(DeathTest, OfTheParentWorks) {
  search([] { std::thread([] {}).join(); });
  EXPECT_DEATH(std::abort(), "");
  EXPECT_EXIT(std::exit(3), testing::ExitedWithCode(3), "");
}

class Fixture : public testing::Test {
 protected:
  void SetUp() override { value_ = 5; }
  std::atomic<int> value_{0};
};

TEST_F(Fixture, IsSeenByTheBodyAndKeptByTheTest) {
  const Verdict verdict = search([this] {
    EXPECT_EQ(value_.load(), 5);
    std::thread a([this] { value_++; });
    value_++;
    a.join();
    EXPECT_EQ(value_.load(), 7);
  });
  EXPECT_EQ(verdict.state, State::not_found) << verdict.text;
  EXPECT_EQ(value_.load(), 5);
}

TEST_F(Fixture, ConfirmsAFindingInIt) {
  const Verdict verdict = search([this] { EXPECT_EQ(value_.load(), 6); });
  EXPECT_EQ(verdict.state, State::failed) << verdict.text;
}

class WithParameter : public testing::TestWithParam<int> {};

TEST_P(WithParameter, ConfirmsAFindingForIt) {
  const int parameter = GetParam();
  const Verdict verdict = search([parameter] { EXPECT_EQ(parameter % 2, 0); });
  EXPECT_EQ(verdict.state, parameter % 2 == 0 ? State::proved : State::failed) << verdict.text;
}

INSTANTIATE_TEST_SUITE_P(Numbers, WithParameter, testing::Values(1, 2, 3));

template <typename T>
class Typed : public testing::Test {};
using Types = testing::Types<int, long>;
TYPED_TEST_SUITE(Typed, Types);

TYPED_TEST(Typed, ConfirmsAFindingForIt) {
  const Verdict verdict = search([] { EXPECT_EQ(sizeof(TypeParam), sizeof(long)); });
  EXPECT_EQ(verdict.state, sizeof(TypeParam) == sizeof(long) ? State::proved : State::failed) << verdict.text;
}

}  // namespace
}  // namespace racecourse
