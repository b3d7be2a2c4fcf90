// The contract of primitives/process_queue/process_queue.h between real processes, some of which are killed.
#include <gtest/gtest.h>
#include <racecourse/primitives/process/child.h>
#include <racecourse/primitives/process/shared_memory.h>
#include <racecourse/primitives/process_queue/robust.h>
#include <racecourse/tests/primitives/under_schedules.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace racecourse::process_queue {
namespace {

using namespace std::chrono_literals;
using process::Child;
using process::Ending;
using Queue = Robust<int>;

TEST(ProcessQueue, IsFirstInFirstOutAndBounded) {
  Queue queue(3);
  EXPECT_EQ(queue.maxsize(), 3u);
  EXPECT_TRUE(queue.empty());
  for (const int item : {1, 2, 3}) queue.put(item);
  EXPECT_TRUE(queue.full());
  EXPECT_FALSE(queue.try_put(4));
  EXPECT_FALSE(queue.try_put_for(4, 1ms));
  EXPECT_EQ(queue.qsize(), 3u);
  EXPECT_EQ(queue.get(), 1);
  EXPECT_TRUE(queue.try_put_for(4, 1h));
  for (const int item : {2, 3, 4}) EXPECT_EQ(queue.get(), item);
  EXPECT_EQ(queue.try_get(), std::nullopt);
  EXPECT_EQ(queue.try_get_for(1ms), std::nullopt);
}

TEST(ProcessQueue, WithoutABoundTakesMany) {
  Queue queue;
  EXPECT_EQ(queue.maxsize(), 0u);
  for (int i = 0; i < 100'000; i++) queue.put(i);
  EXPECT_FALSE(queue.full());
  for (int i = 0; i < 100'000; i++) ASSERT_EQ(queue.get(), i);
}

TEST(ProcessQueue, JoinsWhenAsManyAreDoneAsWerePut) {
  Queue queue;
  EXPECT_THROW(queue.task_done(), std::logic_error);
  queue.join();
  queue.put(1);
  queue.put(2);
  queue.get();
  EXPECT_FALSE(queue.try_join_for(1ms));
  queue.task_done();
  EXPECT_FALSE(queue.try_join_for(1ms));  // nobody has got the second, but "done" is a count
  queue.task_done();
  queue.join();
  EXPECT_THROW(queue.task_done(), std::logic_error);
}

TEST(ProcessQueue, APutWhoseFillThrowsHasNotHappened) {
  Queue queue(1);
  EXPECT_THROW(queue.put_with([](int&) { throw std::runtime_error("no"); }), std::runtime_error);
  EXPECT_TRUE(queue.empty());
  EXPECT_TRUE(queue.try_put(1));
}

TEST(ProcessQueue, CarriesStructures) {
  struct Order {
    double weight;
    char name[12];
  };
  Robust<Order> queue(2);
  Child cook([queue]() mutable { queue.put({0.5, "noodles"}); });
  const Order order = queue.get();
  EXPECT_EQ(order.weight, 0.5);
  EXPECT_STREQ(order.name, "noodles");
  EXPECT_EQ(cook.join(), Ending::well);
}

TEST(ProcessQueue, GoesBetweenProcesses) {
  constexpr int kItems = 2'000, kEnd = -1;
  Queue queue(4);
  process::SharedMemory<std::atomic<long>> sum(0);
  auto produce = [=](int first) {
    return [=]() mutable {
      for (int i = first; i < kItems; i += 2) queue.put(i);
    };
  };
  auto consume = [=]() mutable {
    for (int item = queue.get(); item != kEnd; item = queue.get()) {
      *sum += item;
      queue.task_done();
    }
    queue.task_done();
  };
  Child evens(produce(0)), odds(produce(1)), first(consume), second(consume);
  EXPECT_EQ(evens.join(), Ending::well);
  EXPECT_EQ(odds.join(), Ending::well);
  queue.put(kEnd);
  queue.put(kEnd);
  queue.join();
  EXPECT_EQ(*sum, long{kItems} * (kItems - 1) / 2);
  EXPECT_EQ(first.join(), Ending::well);
  EXPECT_EQ(second.join(), Ending::well);
}

TEST(ProcessQueue, SurvivesAProcessThatDiesInAPut) {
  Queue queue(1);
  for (int i = 0; i < 3; i++) {
    Child dies([queue]() mutable {
      queue.put_with([](int& slot) {
        slot = 666;
        process::die_now();
      });
    });
    EXPECT_EQ(dies.join(), Ending::killed);
    EXPECT_TRUE(queue.empty());
    EXPECT_TRUE(queue.try_put(i));
    EXPECT_EQ(queue.get(), i);
  }
}

// Q4 and bell.h: whoever is killed in its sleep takes nobody's wakeup along.
TEST(ProcessQueue, AKilledSleeperSwallowsNothing) {
  Queue queue(1);
  process::SharedMemory<std::atomic<int>> got(0);
  auto sleep_in_get = [=]() mutable { *got += queue.get(); };
  std::vector<std::unique_ptr<Child>> sleepers;
  for (int i = 0; i < 3; i++) sleepers.push_back(std::make_unique<Child>(sleep_in_get));
  Child survivor(sleep_in_get);
  std::this_thread::sleep_for(30ms);  // most likely they all sleep by now; right whether or not
  for (const auto& sleeper : sleepers) {
    sleeper->kill();
    EXPECT_EQ(sleeper->join(), Ending::killed);
  }
  queue.put(7);
  EXPECT_EQ(survivor.join(), Ending::well);
  EXPECT_EQ(*got, 7);
}

// Q7 wherever the death falls: processes that put and get as fast as they can are killed at any moment.
TEST(ProcessQueue, SurvivesKillsAtAnyMoment) {
  Queue queue(3);
  for (int round = 0; round < 40; round++) {
    Child puts([queue]() mutable {
      for (int i = 0;; i++) queue.put(i);
    });
    Child gets([queue]() mutable {
      for (;;) queue.get();
    });
    std::this_thread::sleep_for(std::chrono::microseconds(300 + 97 * round));
    puts.kill();
    if (round % 2 == 0) gets.kill();
    EXPECT_EQ(puts.join(), Ending::killed);
    gets.kill();
    EXPECT_EQ(gets.join(), Ending::killed);
    // What is left are consecutive numbers, in order, and the queue works as ever.
    ASSERT_LE(queue.qsize(), 3u);
    int last = -1;
    while (const std::optional<int> item = queue.try_get()) {
      if (last >= 0) ASSERT_EQ(*item, last + 1);
      last = *item;
    }
    ASSERT_TRUE(queue.try_put(round));
    ASSERT_EQ(queue.get(), round);
  }
}

TEST(ProcessQueue, WakesSleepersUnderAllSchedules) {
  under_schedules([] {
    Queue queue(1);
    std::vector<int> got;
    std::thread consumer([&, mine = queue]() mutable {
      for (int i = 0; i < 2; i++) {
        got.push_back(mine.get());
        mine.task_done();
      }
    });
    std::thread producer([mine = queue]() mutable {
      mine.put(1);
      mine.put(2);
    });
    producer.join();
    queue.join();
    EXPECT_EQ(queue.qsize(), 0u);
    consumer.join();
    EXPECT_EQ(got, (std::vector<int>{1, 2}));
  });
}

}  // namespace
}  // namespace racecourse::process_queue
