// How many different executions programs have that lock, try, wait, signal and start threads: by closed forms, or by
// writing all interleavings down and leaving out those that differ by the order of independent steps. A try that fails
// is a read; readers of a lock do not depend on each other; a notify wakes whom it finds asleep.
#include <pthread.h>
#include <semaphore.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "counts.h"

namespace racecourse {
namespace {

using Atomic = std::atomic<int>;
using Bodies = std::vector<Body>;

// n threads that each come k times to where all exclude each other: (nk)! / (k!)^n orders.
template <class Prepare>
void expect_orders(const Prepare& prepare) {
  const auto twice = [](const Body& turn, int k) {
    return [&turn, k] {
      for (int i = 0; i < k; i++) turn();
    };
  };
  expect_different([&] { prepare([&](const Body& turn) { together(Bodies(2, twice(turn, 3))); }); }, 20);
  expect_different([&] { prepare([&](const Body& turn) { together(Bodies(3, twice(turn, 2))); }); }, 90);
}

TEST(CountsOf, TurnsThatExcludeEachOther) {
  expect_orders([](const auto& run) {
    std::recursive_mutex mutex;
    int x = 0;
    run([&] {
      const std::lock_guard outer(mutex);
      const std::lock_guard inner(mutex);
      x++;
    });
  });
  expect_orders([](const auto& run) {
    std::shared_mutex mutex;
    int x = 0;
    run([&] {
      const std::unique_lock lock(mutex);
      x++;
    });
  });
  expect_orders([](const auto& run) {
    std::mutex mutex;
    run([&] {
      try {
        const std::lock_guard lock(mutex);
        throw std::runtime_error("inside");
      } catch (const std::exception&) {
      }
    });
  });
  expect_orders([](const auto& run) {
    sem_t semaphore;
    sem_init(&semaphore, 0, 1);
    int x = 0;
    run([&] {
      sem_wait(&semaphore);
      x++;
      sem_post(&semaphore);
    });
    sem_destroy(&semaphore);
  });
}

TEST(CountsOf, AtomicTurns) {
  expect_orders([](const auto& run) {
    Atomic x{0};
    run([&] { x = 1; });
  });
  expect_orders([](const auto& run) {
    Atomic x{0};
    run([&] { x.exchange(1); });
  });
  expect_orders([](const auto& run) {
    std::atomic_flag flag;
    run([&] { (void)flag.test_and_set(); });
  });
  expect_orders([](const auto& run) {
    Atomic x{0};
    run([&] {
      x++;
      std::this_thread::yield();
    });
  });
  expect_orders([](const auto& run) {
    Atomic x{0};
    run([&] {
      x++;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    });
  });
}

// The writers' orders, and for each reader after how many of them it comes: m! (m + 1)^n.
TEST(CountsOf, WritersAndReaders) {
  const auto body = [](std::size_t writers, std::size_t readers) {
    return [=] {
      Atomic x{0};
      Bodies bodies(writers, [&] { x = 1; });
      bodies.resize(writers + readers, [&] { (void)x.load(); });
      together(bodies);
    };
  };
  expect_different(body(2, 3), 54);
  expect_different(body(3, 2), 96);
  expect_different(body(4, 1), 120);
}

// The same of a lock that readers share.
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

void compare_and_swap_in_a_row(std::size_t n) {
  Atomic x{0};
  Bodies bodies;
  for (int i = 0; i < static_cast<int>(n); i++)
    bodies.emplace_back([&x, i] {
      int expected = i;
      x.compare_exchange_strong(expected, i + 1);
    });
  together(bodies);
}

// Thread i swaps i for i + 1. If the first k < n succeed, thread k failed before the last of them, and the others
// between any two: k (k + 1)^(n - k - 1). To these comes the one where all succeed.
TEST(CountsOf, CompareAndSwapInARow) {
  constexpr std::uint64_t kCounts[] = {1, 1, 2, 5, 14, 43, 144, 523};
  for (std::size_t n = 2; n < std::size(kCounts); n++)
    expect_different([n] { compare_and_swap_in_a_row(n); }, kCounts[n]);
}

TEST(CountsOf, CompareAndSwap) {
  for (const std::size_t n : {2, 3, 4})  // one succeeds, the others read what it wrote
    expect_different(
        [n] {
          Atomic x{0};
          together(Bodies(n, [&] {
            int expected = 0;
            x.compare_exchange_strong(expected, 1);
          }));
        },
        n);
  const auto increments = [](std::size_t n) {
    return [n] {
      Atomic x{0};
      together(Bodies(n, [&] {
        for (int seen = x; !x.compare_exchange_strong(seen, seen + 1); seen = x) continue;
      }));
    };
  };
  expect_different(increments(2), 4);
  expect_different(increments(3), 60);
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

// Who was first; the others only see that it is done.
TEST(CountsOf, CallOnce) {
  for (const std::size_t n : {2, 3, 4})
    expect_different(
        [n] {
          std::once_flag once;
          int x = 0;
          together(Bodies(n, [&] {
            std::call_once(once, [&] { x = 1; });
            EXPECT_EQ(x, 1);
          }));
        },
        n);
}

// Which arrives when; the last one is told.
TEST(CountsOf, ABarrier) {
  expect_different(
      [] {
        pthread_barrier_t barrier;
        pthread_barrier_init(&barrier, nullptr, 3);
        together(Bodies(3, [&] { pthread_barrier_wait(&barrier); }));
        pthread_barrier_destroy(&barrier);
      },
      6);
}

TEST(CountsOf, StartsAndJoins) {
  expect_different(
      [] {
        Atomic x{0};
        std::thread outer([&] {
          x = 1;
          std::thread inner([&] { x = 2; });
          (void)x.load();
          inner.join();
        });
        outer.join();
      },
      2);
  expect_different(
      [] {
        Atomic x{0};
        for (int i = 0; i < 4; i++) std::thread([&] { x++; }).join();
      },
      1);
  expect_different(
      [] {
        Atomic x{0};
        std::thread a([&] { x++; });
        x++;
        std::thread b([&] { x++; });
        x++;
        a.join();
        b.join();
      },
      8);
}

// Two threads start another at the same time: in which order is no part of what happens.
TEST(CountsOf, StartsBySeveralThreads) {
  expect_different(
      [] {
        Atomic x{0};
        std::thread a([&] {
          std::thread b([&] { x++; });
          x++;
          b.join();
        });
        std::thread c([&] { x++; });
        a.join();
        c.join();
      },
      6);
}

}  // namespace
}  // namespace racecourse
