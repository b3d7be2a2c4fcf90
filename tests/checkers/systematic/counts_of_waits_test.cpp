// How many different executions programs have that lock, and wait for conditions. Readers of a lock do not depend on
// each other; a notify wakes whom it finds asleep.
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "counts.h"

namespace racecourse {
namespace {

using Bodies = std::vector<Body>;

// The writers' orders, and for each reader after how many of them it comes: m! (m + 1)^n.
TEST(CountsOf, LocksThatReadersShare) {
  const auto body = [](std::size_t writers, std::size_t readers) {
    return [=] {
      std::shared_mutex mutex;
      int x = 0;
      Bodies bodies(writers, [&] {
        const std::unique_lock lock(mutex);
        x++;
      });
      bodies.resize(writers + readers, [&] {
        const std::shared_lock lock(mutex);
        EXPECT_GE(x, 0);
      });
      together(bodies);
    };
  };
  expect_different(body(1, 2), 4);
  expect_different(body(1, 4), 16);
  expect_different(body(2, 3), 54);
  expect_different(body(0, 4), 1);
}

// Each reader has left, is there, or has not come yet when another thread tries.
TEST(CountsOf, ATryWhereReadersMayBe) {
  for (const std::size_t n : {2, 3})
    expect_different(
        [n] {
          std::shared_mutex mutex;
          Bodies bodies(n, [&] { const std::shared_lock lock(mutex); });
          bodies.emplace_back([&] {
            if (mutex.try_lock()) mutex.unlock();
          });
          together(bodies);
        },
        n == 2 ? 9 : 27);
}

TEST(CountsOf, TriesOfLocks) {
  constexpr std::uint64_t kCounts[] = {0, 1, 4, 21, 148};
  for (const std::size_t n : {2, 3, 4}) {
    expect_different(
        [n] {
          std::mutex mutex;
          together(Bodies(n, [&] {
            if (mutex.try_lock()) mutex.unlock();
          }));
        },
        kCounts[n]);
  }
  const Body both_for_a_while = [] {
    std::timed_mutex mutex;
    together(Bodies(2, [&] {
      if (mutex.try_lock_for(std::chrono::milliseconds(1))) mutex.unlock();
    }));
  };
  expect_different(both_for_a_while, 4);
  const Body one_for_a_while = [] {
    std::timed_mutex mutex;
    together({[&] { mutex.lock(), mutex.unlock(); },
              [&] {
                if (mutex.try_lock_for(std::chrono::milliseconds(1))) mutex.unlock();
              }});
  };
  expect_different(one_for_a_while, 3);
}

TEST(CountsOf, SeveralLocks) {
  const auto hand_over_hand = [](std::size_t n) {
    return [n] {
      std::mutex a, b, c;
      together(Bodies(n, [&] { a.lock(), b.lock(), a.unlock(), c.lock(), b.unlock(), c.unlock(); }));
    };
  };
  expect_different(hand_over_hand(2), 2);
  expect_different(hand_over_hand(3), 6);
}

// k of the n waiters sleep before it is ready, in an order; then all have the lock once more, in another: the sum over
// k of n! / (n - k)!, times n!.
TEST(CountsOf, NotifyAll) {
  constexpr std::uint64_t kCounts[] = {1, 2, 10, 96};
  for (const std::size_t n : {1, 2, 3})
    for (const bool inside : {true, false})
      expect_different(
          [n, inside] {
            std::mutex mutex;
            std::condition_variable changed;
            bool ready = false;
            Bodies bodies(n, [&] {
              std::unique_lock lock(mutex);
              changed.wait(lock, [&] { return ready; });
            });
            bodies.emplace_back([&] {
              std::unique_lock lock(mutex);
              ready = true;
              if (!inside) lock.unlock();
              changed.notify_all();
            });
            together(bodies);
          },
          kCounts[n]);
}

TEST(CountsOf, NotifyOne) {
  struct Box {
    std::mutex mutex;
    std::condition_variable changed;
    int items = 0;
    void take() {
      std::unique_lock lock(mutex);
      while (items == 0) changed.wait(lock);
      items--;
    }
    void put() {
      const std::lock_guard lock(mutex);
      items++;
      changed.notify_one();
    }
  };
  const auto body = [](std::size_t takers, int takes, std::size_t putters, int puts) {
    return [=] {
      Box box;
      Bodies bodies(takers, [&] {
        for (int i = 0; i < takes; i++) box.take();
      });
      bodies.resize(takers + putters, [&] {
        for (int i = 0; i < puts; i++) box.put();
      });
      together(bodies);
    };
  };
  expect_different(body(1, 1, 1, 1), 2);
  expect_different(body(1, 2, 1, 2), 6);
  expect_different(body(2, 1, 1, 2), 30);
  expect_different(body(2, 1, 2, 1), 60);
}

}  // namespace
}  // namespace racecourse
