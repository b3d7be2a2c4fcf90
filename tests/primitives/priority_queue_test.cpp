// The contract of primitives/priority_queue/priority_queue.h: first alone, then under all schedules that are tried.
#include <gtest/gtest.h>
#include <racecourse/primitives/priority_queue/locked.h>
#include <racecourse/tests/primitives/under_schedules.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace racecourse::priority_queue {
namespace {

using namespace std::chrono_literals;

static_assert(queue::Queue<Locked<int>, int>);

TEST(PriorityQueue, ReturnsTheSmallestFirst) {
  Locked<int> queue;
  for (const int item : {5, 3, 8, 1, 9, 2, 7, 2}) queue.put(item);
  for (const int item : {1, 2, 2, 3, 5, 7, 8, 9}) EXPECT_EQ(queue.get(), item);
  EXPECT_EQ(queue.try_get(), std::nullopt);
}

TEST(PriorityQueue, AsksItsComparison) {
  Locked<std::string, std::greater<>> queue;
  for (const char* item : {"b", "c", "a"}) queue.put(item);
  for (const char* item : {"c", "b", "a"}) EXPECT_EQ(queue.get(), item);
}

TEST(PriorityQueue, HoldsMaxsizeAndNoMore) {
  Locked<int> queue(2);
  queue.put(2);
  EXPECT_TRUE(queue.try_put(1));
  EXPECT_TRUE(queue.full());
  EXPECT_FALSE(queue.try_put(0));
  EXPECT_FALSE(queue.try_put_for(0, 1ms));
  EXPECT_EQ(queue.try_get_for(1ms), 1);
  EXPECT_EQ(queue.get(), 2);
  EXPECT_EQ(queue.try_get_for(1ms), std::nullopt);
}

struct ByValue {
  bool operator()(const std::unique_ptr<int>& a, const std::unique_ptr<int>& b) const { return *a < *b; }
};

// Once an item was moved out, nothing compares it: here that would follow a null pointer.
TEST(PriorityQueue, NeverComparesWhatItGaveAway) {
  Locked<std::unique_ptr<int>, ByValue> queue;
  for (const int item : {4, 2, 5, 1, 3}) queue.put(std::make_unique<int>(item));
  for (int item = 1; item <= 5; item++) EXPECT_EQ(*queue.get(), item);
}

struct Stubborn {
  static inline bool refuses = false;
  int value;
  explicit Stubborn(int number) : value(number) {}
  Stubborn(Stubborn&& other) : value(other.value) {
    if (refuses) throw std::runtime_error("not now");
  }
  bool operator<(const Stubborn& other) const { return value < other.value; }
};

TEST(PriorityQueue, KeepsAnItemWhoseMoveThrows) {
  Locked<Stubborn> queue;
  for (const int item : {3, 1, 2}) queue.put(Stubborn(item));
  Stubborn::refuses = true;
  EXPECT_THROW(queue.get(), std::runtime_error);
  EXPECT_THROW(queue.try_put(Stubborn(0)), std::runtime_error);
  Stubborn::refuses = false;
  for (const int item : {1, 2, 3}) EXPECT_EQ(queue.get().value, item);
  EXPECT_TRUE(queue.empty());
}

TEST(PriorityQueue, CountsWhatIsUnfinished) {
  Locked<int> queue;
  queue.put(1);
  queue.get();
  queue.task_done();
  queue.join();
  EXPECT_THROW(queue.task_done(), std::logic_error);
}

// P1: the 1 is there throughout, so one of two gets must return it.
TEST(PriorityQueue, PassesNoSmallerItemBy) {
  under_schedules([] {
    Locked<int> queue;
    queue.put(3);
    queue.put(1);
    int first_got = 0, second_got = 0;
    std::thread first([&] { first_got = queue.get(); });
    std::thread other([&] { queue.put(2); });
    second_got = queue.get();
    first.join();
    other.join();
    EXPECT_TRUE(first_got == 1 || second_got == 1);
    EXPECT_EQ(first_got + second_got + queue.get(), 6);
  });
}

}  // namespace
}  // namespace racecourse::priority_queue
