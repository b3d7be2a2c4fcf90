// How many different executions programs have that take turns, try and start threads: by closed forms, or by writing
// all interleavings down and leaving out those that differ by the order of independent steps. A try that fails is a
// read.
#include <pthread.h>
#include <semaphore.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
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
