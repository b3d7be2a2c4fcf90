// The contract of primitives/queue/queue.h, for each correct queue: first alone, then under all schedules that are
// tried.
#include <gtest/gtest.h>
#include <racecourse/primitives/queue/locked.h>
#include <racecourse/primitives/queue/michael_scott.h>
#include <racecourse/primitives/queue/mpmc_ring.h>
#include <racecourse/primitives/queue/spsc_ring.h>
#include <racecourse/tests/primitives/under_schedules.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

static bool no_memory_for_records = false;

// Used for what has a cache line of its own, such as the records of hazard pointers. Weak: the runtime of clang++'s
// ThreadSanitizer is linked statically and has one too.
[[gnu::weak]] void* operator new(std::size_t size, std::align_val_t alignment) {
  void* const block = no_memory_for_records ? nullptr : std::aligned_alloc(static_cast<std::size_t>(alignment), size);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

static bool fails_for_records() {
  constexpr std::align_val_t kLine{64};
  try {
    ::operator delete(::operator new(64, kLine), kLine);
    return false;
  } catch (const std::bad_alloc&) {
    return true;
  }
}

namespace racecourse::queue {
namespace {

using namespace std::chrono_literals;

static_assert(Queue<Locked<int>, int> && Queue<SpscRing<int>, int> && Queue<MichaelScott<int>, int> &&
              Queue<MpmcRing<int>, int>);
static_assert(Queue<Locked<std::unique_ptr<int>>, std::unique_ptr<int>>);
static_assert(Queue<MpmcRing<std::unique_ptr<int>>, std::unique_ptr<int>>);

template <template <class> class Q>
struct Of {
  template <class T>
  using Queue = Q<T>;
};
template <class T>
using LockedFifo = Locked<T>;

template <class Kind>
class QueueContract : public testing::Test {};
using Kinds = testing::Types<Of<LockedFifo>, Of<SpscRing>, Of<MichaelScott>, Of<MpmcRing>>;
TYPED_TEST_SUITE(QueueContract, Kinds);

template <class Kind>
class BoundedQueueContract : public testing::Test {};
using BoundedKinds = testing::Types<Of<LockedFifo>, Of<SpscRing>, Of<MpmcRing>>;
TYPED_TEST_SUITE(BoundedQueueContract, BoundedKinds);

TYPED_TEST(QueueContract, ReturnsItemsInTheirOrderAndGoesRound) {
  typename TypeParam::template Queue<int> queue(3);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.try_get(), std::nullopt);
  for (int round = 0; round < 5; round++) {
    queue.put(1);
    EXPECT_TRUE(queue.try_put(2));
    EXPECT_TRUE(queue.try_put_for(3, 1ms));
    EXPECT_FALSE(queue.empty());
    EXPECT_EQ(queue.get(), 1);
    EXPECT_EQ(queue.try_get(), 2);
    EXPECT_EQ(queue.try_get_for(0ms), 3);
    EXPECT_TRUE(queue.empty());
  }
}

TYPED_TEST(QueueContract, TimedGetGivesUp) {
  typename TypeParam::template Queue<int> queue(1);
  EXPECT_EQ(queue.try_get_for(0ms), std::nullopt);
  EXPECT_EQ(queue.try_get_for(-1s), std::nullopt);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(queue.try_get_for(5ms), std::nullopt);
  EXPECT_GE(std::chrono::steady_clock::now() - before, 5ms);
}

TYPED_TEST(QueueContract, TakesItemsThatOnlyMove) {
  typename TypeParam::template Queue<std::unique_ptr<int>> queue(2);
  queue.put(std::make_unique<int>(1));
  EXPECT_TRUE(queue.try_put(std::make_unique<int>(2)));
  EXPECT_EQ(*queue.get(), 1);
  EXPECT_EQ(**queue.try_get(), 2);
}

TYPED_TEST(QueueContract, DestroysWhatIsLeft) {
  auto item = std::make_shared<int>(1);
  {
    typename TypeParam::template Queue<std::shared_ptr<int>> queue(3);
    for (int i = 0; i < 3; i++) queue.put(item);
    queue.get();
    queue.put(item);
    EXPECT_EQ(item.use_count(), 4);
  }
  EXPECT_EQ(item.use_count(), 1);
}

TYPED_TEST(BoundedQueueContract, HoldsMaxsizeAndNoMore) {
  for (std::size_t maxsize : {1, 2, 3, 8}) {
    typename TypeParam::template Queue<int> queue(maxsize);
    EXPECT_EQ(queue.maxsize(), maxsize);
    for (std::size_t i = 0; i < maxsize; i++) {
      EXPECT_FALSE(queue.full());
      EXPECT_TRUE(queue.try_put(1));
      EXPECT_EQ(queue.qsize(), i + 1);
    }
    EXPECT_TRUE(queue.full());
    EXPECT_FALSE(queue.try_put(2));
    EXPECT_FALSE(queue.try_put_for(2, 1ms));
    EXPECT_EQ(queue.get(), 1);
    EXPECT_TRUE(queue.try_put(2));
  }
}

TYPED_TEST(BoundedQueueContract, LeavesTheCallerWhatItDoesNotTake) {
  typename TypeParam::template Queue<std::unique_ptr<int>> queue(1);
  queue.put(nullptr);
  auto item = std::make_unique<int>(42);
  EXPECT_FALSE(queue.try_put(std::move(item)));
  EXPECT_FALSE(queue.try_put_for(std::move(item), 1ms));
  ASSERT_NE(item, nullptr);
  EXPECT_EQ(*item, 42);
}

TEST(Ring, RefusesToHaveNoEnd) {
  EXPECT_THROW(SpscRing<int>(0), std::invalid_argument);
  EXPECT_THROW(MpmcRing<int>(0), std::invalid_argument);
}

// Q1, Q4, Q5: what the producer wrote is seen, in order, and both sides wait for each other.
TYPED_TEST(QueueContract, HandsOverBetweenTwoThreads) {
  under_schedules([] {
    typename TypeParam::template Queue<int*> queue(1);
    int written[] = {0, 0, 0};
    std::thread producer([&] {
      for (int i = 0; i < 3; i++) {
        written[i] = i + 1;
        queue.put(&written[i]);
      }
    });
    for (int i = 0; i < 3; i++) EXPECT_EQ(*queue.get(), i + 1);
    producer.join();
  });
}

TEST(LockedQueue, IsUnboundedWithoutAMaxsize) {
  Locked<int> queue;
  EXPECT_EQ(queue.maxsize(), 0u);
  for (int i = 0; i < 1000; i++) EXPECT_TRUE(queue.try_put(i));
  EXPECT_FALSE(queue.full());
  EXPECT_EQ(queue.qsize(), 1000u);
}

TEST(LockedQueue, RefusesAStrayTaskDone) {
  Locked<int> queue;
  EXPECT_THROW(queue.task_done(), std::logic_error);
  queue.join();
  queue.put(1);
  queue.get();
  queue.task_done();
  EXPECT_THROW(queue.task_done(), std::logic_error);
  queue.join();
}

// Q6.
TEST(LockedQueue, JoinWaitsForTheWorkNotForTheItems) {
  under_schedules([] {
    Locked<int> queue;
    int finished = 0;  // ordered by task_done() and join()
    queue.put(1);
    queue.put(2);
    std::thread worker([&] {
      for (int i = 0; i < 2; i++) {
        queue.get();
        finished++;
        queue.task_done();
      }
    });
    queue.join();
    EXPECT_EQ(finished, 2);
    worker.join();
  });
}

// Q6: all who wait for the work, however many.
TEST(LockedQueue, TheLastTaskDoneWakesAllWhoJoin) {
  under_schedules([] {
    Locked<int> queue;
    queue.put(1);
    std::thread one([&] { queue.join(); }), other([&] { queue.join(); });
    queue.get();
    queue.task_done();
    one.join();
    other.join();
  });
}

// Q3: a putter that was woken may find the room taken by another.
TEST(LockedQueue, IsNeverFullerThanItMayBe) {
  under_schedules([] {
    Locked<int> queue(1);
    queue.put(1);
    auto put = [&] {
      queue.put(1);
      EXPECT_LE(queue.qsize(), 1u);
    };
    std::thread one(put), other(put);
    for (int i = 0; i < 3; i++) queue.get();
    one.join();
    other.join();
    EXPECT_TRUE(queue.empty());
  });
}

TEST(LockedQueue, EveryCallMayMeetAnyOther) {
  under_schedules([] {
    Locked<int> queue(1);
    int put = 0, got = 0;
    std::thread putter([&] {
      put += queue.try_put(1);
      put += queue.try_put_for(1, 1ms);
      EXPECT_LE(queue.qsize(), 1u);
    });
    std::thread getter([&] {
      for (const auto& item : {queue.try_get(), queue.try_get_for(1ms)}) {
        if (!item) continue;
        got++;
        queue.task_done();
      }
    });
    EXPECT_LE(queue.qsize(), 1u);
    putter.join();
    getter.join();
    EXPECT_EQ(queue.qsize(), static_cast<std::size_t>(put - got));
  });
}

// Q4: of two getters one gives up; the wakeup must not go with it.
TEST(LockedQueue, TimedGetterTakesNobodysWakeup) {
  under_schedules([] {
    Locked<int> queue;
    std::optional<int> impatient_got;
    std::thread impatient([&] { impatient_got = queue.try_get_for(1ms); });
    std::thread patient([&] { EXPECT_GT(queue.get(), 0); });
    std::this_thread::sleep_for(1ms);  // may end with the other's time
    queue.put(1);
    impatient.join();
    if (impatient_got) queue.put(2);
    patient.join();
    EXPECT_TRUE(queue.empty());
  });
}

// An item that cannot be moved at times.
struct Stubborn {
  static inline bool refuses = false;
  int value;
  explicit Stubborn(int number) : value(number) {}
  Stubborn(Stubborn&& other) : value(other.value) {
    if (refuses) throw std::runtime_error("not now");
  }
};

TEST(LockedQueue, KeepsAnItemWhoseMoveThrows) {
  Locked<Stubborn> queue(2);
  queue.put(Stubborn(1));
  queue.put(Stubborn(2));
  Stubborn::refuses = true;
  EXPECT_THROW(queue.get(), std::runtime_error);
  EXPECT_THROW(queue.try_get(), std::runtime_error);
  EXPECT_THROW(queue.try_get_for(1ms), std::runtime_error);
  EXPECT_EQ(queue.qsize(), 2u);
  Stubborn::refuses = false;
  EXPECT_EQ(queue.get().value, 1);
  Stubborn::refuses = true;
  EXPECT_THROW(queue.try_put(Stubborn(3)), std::runtime_error);
  Stubborn::refuses = false;
  EXPECT_EQ(queue.qsize(), 1u);
  EXPECT_EQ(queue.get().value, 2);
}

// Q4: two getters and one item. The one that was woken cannot take it, so the other must be woken too.
struct MovesOutAtTheSecondTry {
  int* moves;
  explicit MovesOutAtTheSecondTry(int* count) : moves(count) {}
  MovesOutAtTheSecondTry(MovesOutAtTheSecondTry&& other) : moves(other.moves) {
    if (++*moves == 2) throw std::runtime_error("not now");  // the first move was the one into the queue
  }
};

TEST(LockedQueue, PassesOnTheWakeupOfAFailedGet) {
  under_schedules([] {
    int moves = 0;  // guarded by the queue's mutex
    Locked<MovesOutAtTheSecondTry> queue;
    int failures[2] = {};
    auto get = [&](int getter) {
      try {
        queue.get();
      } catch (const std::runtime_error&) {
        failures[getter]++;
      }
    };
    std::thread first(get, 0), second(get, 1);
    queue.put(MovesOutAtTheSecondTry(&moves));
    first.join();
    second.join();
    EXPECT_EQ(failures[0] + failures[1], 1);
    EXPECT_EQ(moves, 3);
    EXPECT_TRUE(queue.empty());
  });
}

// Q4: two putters and room for one. The one that was woken cannot use it, so the other must be woken too.
struct MovesInAtTheSecondTry {
  int* moves;
  explicit MovesInAtTheSecondTry(int* count) : moves(count) {}
  MovesInAtTheSecondTry(MovesInAtTheSecondTry&& other) : moves(other.moves) {
    if (moves != nullptr && ++*moves == 1) throw std::runtime_error("not now");
  }
};

TEST(LockedQueue, PassesOnTheWakeupOfAFailedPut) {
  under_schedules([] {
    int moves = 0;  // guarded by the queue's mutex
    Locked<MovesInAtTheSecondTry> queue(1);
    queue.put(MovesInAtTheSecondTry(nullptr));
    int failures[2] = {};
    auto put = [&](int putter) {
      try {
        queue.put(MovesInAtTheSecondTry(&moves));
      } catch (const std::runtime_error&) {
        failures[putter]++;
      }
    };
    std::thread first(put, 0), second(put, 1);
    queue.get();
    first.join();
    second.join();
    EXPECT_EQ(failures[0] + failures[1], 1);
    EXPECT_EQ(queue.qsize(), 1u);
  });
}

// Q1, Q2 for several producers and consumers.
template <class Q>
void everything_once_and_in_order(Q& queue) {
  std::vector<int> got[2];
  auto put = [&](int first) {
    queue.put(first);
    queue.put(first + 1);
  };
  auto get = [&](std::vector<int>& mine) {
    for (int i = 0; i < 2; i++) mine.push_back(queue.get());
  };
  std::thread one([&] { put(10); }), other([&] { put(20); }), consumer([&] { get(got[0]); });
  get(got[1]);
  one.join(), other.join(), consumer.join();
  int sum = 0;
  for (const auto& mine : got) {
    for (const int item : mine) sum += item;
    if (mine[0] / 10 == mine[1] / 10) EXPECT_LT(mine[0], mine[1]);
  }
  EXPECT_EQ(sum, 10 + 11 + 20 + 21);
  EXPECT_TRUE(queue.empty());
}

TEST(LockedQueue, ServesManyProducersAndConsumers) {
  under_schedules([] {
    Locked<int> queue(1);
    everything_once_and_in_order(queue);
  });
}
TEST(MichaelScottQueue, ServesManyProducersAndConsumers) {
  under_schedules([] {
    MichaelScott<int> queue(1);
    everything_once_and_in_order(queue);
  });
}
// The first links its node, the second moves the tail on for it, the third finds the node by way of the tail.
TEST(MichaelScottQueue, ServesThreeProducersOfWhomOneIsHelped) {
  under_schedules([] {
    MichaelScott<int> queue(1);
    std::thread first([&] { queue.put(1); }), second([&] { queue.put(2); }), third([&] { queue.put(3); });
    first.join();
    second.join();
    third.join();
    int sum = 0;
    while (const std::optional<int> item = queue.try_get()) sum += *item;
    EXPECT_EQ(sum, 6);
  });
}
TEST(MichaelScottQueue, LeavesTheItemToWhomItCannotServe) {
  MichaelScott<std::unique_ptr<int>> queue;
  auto item = std::make_unique<int>(7);
  no_memory_for_records = true;
  if (!fails_for_records()) GTEST_SKIP() << "memory comes from the sanitizer's runtime";
  EXPECT_THROW(queue.try_put(std::move(item)), std::bad_alloc);
  no_memory_for_records = false;
  ASSERT_NE(item, nullptr);
  EXPECT_TRUE(queue.empty());
}
TEST(MpmcRing, ServesManyProducersAndConsumers) {
  under_schedules([] {
    MpmcRing<int> queue(2);
    everything_once_and_in_order(queue);
  });
}

// The weaker contract of the ring, seen: an item is there, its put has ended, and try_get() says empty.
TEST(MpmcRing, MayReportEmptyWhileAnEarlierPutHasNotEnded) {
  Options options;
  options.repetitions = 1;
  const Verdict verdict = search(
      [] {
        MpmcRing<int> ring(2);
        std::thread slow([&] { ring.put(1); });
        ring.put(2);
        outcome(ring.try_get() ? "got" : "empty");
        slow.join();
      },
      options);
  EXPECT_EQ(verdict.state, State::not_found);
  if (std::string_view(linked_checker()) == "explore") EXPECT_GT(verdict.outcomes.at("empty"), 0u);
}

}  // namespace
}  // namespace racecourse::queue
