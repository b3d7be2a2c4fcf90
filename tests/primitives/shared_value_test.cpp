// The contract of primitives/shared_value/shared_value.h, for each correct one, between real processes.
#include <gtest/gtest.h>
#include <racecourse/primitives/process/child.h>
#include <racecourse/primitives/shared_value/lock_free.h>
#include <racecourse/primitives/shared_value/process_shared.h>
#include <racecourse/tests/primitives/under_schedules.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace racecourse::shared_value {
namespace {

using process::Child;
using process::Ending;

template <class V>
class SharedValueContract : public testing::Test {};

using Values = testing::Types<ProcessShared<int>, LockFree<int>>;
TYPED_TEST_SUITE(SharedValueContract, Values);

TYPED_TEST(SharedValueContract, IsAValue) {
  EXPECT_EQ(TypeParam().get(), 0);
  TypeParam value(5);
  EXPECT_EQ(value.get(), 5);
  value.set(7);
  EXPECT_EQ(value.update([](int& v) { v *= 3; }), 21);
  EXPECT_EQ(value.get(), 21);
  TypeParam other(value);  // another handle
  other.set(1);
  EXPECT_EQ(value.get(), 1);
}

TYPED_TEST(SharedValueContract, AnUpdateThatThrowsHasNotHappened) {
  TypeParam value(5);
  auto fail = [](int& v) {
    v = 666;
    throw std::runtime_error("no");
  };
  EXPECT_THROW(value.update(fail), std::runtime_error);
  EXPECT_EQ(value.get(), 5);
  EXPECT_EQ(value.update([](int& v) { v++; }), 6);
}

TYPED_TEST(SharedValueContract, LosesNoUpdateBetweenProcesses) {
  TypeParam value(0);
  auto count = [value]() mutable {
    for (int i = 0; i < 5'000; i++) value.update([](int& v) { v++; });
  };
  Child first(count), second(count);
  EXPECT_EQ(first.join(), Ending::well);
  EXPECT_EQ(second.join(), Ending::well);
  EXPECT_EQ(value.get(), 10'000);
}

TYPED_TEST(SharedValueContract, LosesNoUpdateUnderAllSchedules) {
  under_schedules([] {
    TypeParam value(0);
    std::thread first([mine = value]() mutable { mine.update([](int& v) { v += 1; }); });
    std::thread second([mine = value]() mutable { mine.update([](int& v) { v += 2; }); });
    first.join();
    second.join();
    EXPECT_EQ(value.get(), 3);
  });
}

TEST(SharedArray, IsNeverHalfChanged) {
  ProcessShared<std::array<int, 100>> array;
  Child changes([array]() mutable {
    for (int i = 0; i < 500; i++)
      array.update([](auto& elements) {
        for (int& element : elements) element++;
      });
  });
  while (!changes.ended()) {
    const auto elements = array.get();
    for (const int element : elements) ASSERT_EQ(element, elements[0]);
  }
  EXPECT_EQ(changes.join(), Ending::well);
  EXPECT_EQ(array.get()[99], 500);
}

// V3 wherever the death falls.
TEST(SharedArray, SurvivesKillsAtAnyMoment) {
  ProcessShared<std::array<int, 100>> array;
  for (int round = 0; round < 40; round++) {
    const int before = array.get()[0];
    Child changes([array]() mutable {
      for (;;)
        array.update([](auto& elements) {
          for (int& element : elements) element++;
        });
    });
    std::this_thread::sleep_for(std::chrono::microseconds(300 + 97 * round));
    changes.kill();
    EXPECT_EQ(changes.join(), Ending::killed);
    const auto elements = array.get();
    ASSERT_GE(elements[0], before);
    for (const int element : elements) ASSERT_EQ(element, elements[0]);
  }
}

TEST(SharedArray, SurvivesADeathInTheMiddle) {
  ProcessShared<std::array<int, 3>> array({1, 2, 3});
  Child dies([array]() mutable {
    array.update([](auto& elements) {
      elements[1] = 666;
      process::die_now();
    });
  });
  EXPECT_EQ(dies.join(), Ending::killed);
  EXPECT_EQ(array.get(), (std::array{1, 2, 3}));
  array.set({4, 5, 6});
  EXPECT_EQ(array.get(), (std::array{4, 5, 6}));
}

}  // namespace
}  // namespace racecourse::shared_value
