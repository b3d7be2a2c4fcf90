// The contract of primitives/lifo_queue/lifo_queue.h, for each correct stack: first alone, then under all schedules
// that are tried.
#include <gtest/gtest.h>
#include <racecourse/primitives/lifo_queue/locked.h>
#include <racecourse/primitives/lifo_queue/treiber.h>
#include <racecourse/primitives/lifo_queue/treiber_hazard.h>
#include <racecourse/tests/primitives/under_schedules.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

namespace racecourse::lifo_queue {
namespace {

using namespace std::chrono_literals;

static_assert(queue::Queue<Locked<int>, int> && queue::Queue<Treiber<int>, int> &&
              queue::Queue<TreiberHazard<int>, int>);

template <template <class> class Q>
struct Of {
  template <class T>
  using Queue = Q<T>;
};
template <class T>
using LockedLifo = Locked<T>;

template <class Kind>
class LifoQueueContract : public testing::Test {};
using Kinds = testing::Types<Of<LockedLifo>, Of<Treiber>, Of<TreiberHazard>>;
TYPED_TEST_SUITE(LifoQueueContract, Kinds);

TYPED_TEST(LifoQueueContract, ReturnsTheLastFirst) {
  typename TypeParam::template Queue<int> queue(3);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.try_get(), std::nullopt);
  for (int round = 0; round < 3; round++) {
    queue.put(1);
    EXPECT_TRUE(queue.try_put(2));
    EXPECT_EQ(queue.get(), 2);
    EXPECT_TRUE(queue.try_put_for(3, 1ms));
    queue.put(4);
    EXPECT_FALSE(queue.empty());
    EXPECT_EQ(queue.get(), 4);
    EXPECT_EQ(queue.try_get(), 3);
    EXPECT_EQ(queue.try_get_for(0ms), 1);
    EXPECT_TRUE(queue.empty());
  }
}

TYPED_TEST(LifoQueueContract, TakesItemsThatOnlyMoveAndDestroysWhatIsLeft) {
  auto item = std::make_shared<int>(1);
  {
    typename TypeParam::template Queue<std::unique_ptr<std::shared_ptr<int>>> queue(3);
    for (int i = 0; i < 3; i++) queue.put(std::make_unique<std::shared_ptr<int>>(item));
    EXPECT_EQ(**queue.get(), 1);
    EXPECT_EQ(item.use_count(), 3);
  }
  EXPECT_EQ(item.use_count(), 1);
}

TYPED_TEST(LifoQueueContract, TimedGetGivesUp) {
  typename TypeParam::template Queue<int> queue(1);
  EXPECT_EQ(queue.try_get_for(-1s), std::nullopt);
  EXPECT_EQ(queue.try_get_for(2ms), std::nullopt);
}

template <class Queue>
void holds_two() {
  Queue queue(2);
  EXPECT_EQ(queue.maxsize(), 2u);
  EXPECT_TRUE(queue.try_put(1));
  EXPECT_FALSE(queue.full());
  EXPECT_TRUE(queue.try_put(2));
  EXPECT_TRUE(queue.full());
  EXPECT_FALSE(queue.try_put(3));
  EXPECT_FALSE(queue.try_put_for(3, 1ms));
  EXPECT_EQ(queue.get(), 2);
  EXPECT_TRUE(queue.try_put(4));
  EXPECT_EQ(queue.get(), 4);
}
TEST(LockedLifoQueue, HoldsMaxsizeAndNoMore) { holds_two<Locked<int>>(); }
TEST(TreiberStack, HoldsMaxsizeAndNoMore) { holds_two<Treiber<int>>(); }

TEST(TreiberStack, RefusesToHaveNoNodes) { EXPECT_THROW(Treiber<int>(0), std::invalid_argument); }

// S2 and S5: two threads put what they wrote, and get what one of them wrote.
TYPED_TEST(LifoQueueContract, LosesAndDoublesNothing) {
  under_schedules([] {
    typename TypeParam::template Queue<int*> queue(2);
    int written[2] = {}, got[2] = {};
    auto put_and_get = [&](int thread) {
      written[thread] = thread + 1;
      queue.put(&written[thread]);
      got[thread] = *queue.get();
    };
    std::thread first(put_and_get, 0), second(put_and_get, 1);
    first.join();
    second.join();
    EXPECT_EQ(got[0] + got[1], 3);
    EXPECT_NE(got[0], got[1]);
    EXPECT_TRUE(queue.empty());
  });
}

}  // namespace
}  // namespace racecourse::lifo_queue
