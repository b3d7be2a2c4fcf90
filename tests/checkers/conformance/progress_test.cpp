// Yields, spins and detached threads: a thread that only waits never keeps the others from running.
#include <sched.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

TEST(Yield, Works) {
  works([] {
    std::atomic<int> turn{0};
    auto play = [&](int me) {
      for (int i = 0; i < 3; ++i) {
        while (turn != me) std::this_thread::yield();
        turn = 1 - me;
      }
    };
    std::thread a(play, 0), b(play, 1);
    a.join();
    b.join();
    EXPECT_EQ(sched_yield(), 0);
  });
}
TEST(Yield, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("a thread that never ends");
  is_caught(
      [] {
        std::atomic<int> turn{0};
        std::thread waiter([&] {
          while (turn != 1) std::this_thread::yield();  // BUG: nobody sets it
        });
        waiter.join();
      },
      Kind::non_termination, {Kind::livelock});
}

// A spin without a yield: it must be recognised, or an unfair schedule would never end.
TEST(Spin, Works) {
  works([] {
    std::atomic<bool> ready{false};
    int data = 0;
    std::thread spinner([&] {
      while (!ready.load(std::memory_order_acquire)) {
      }
      EXPECT_EQ(data, 1);
    });
    data = 1;
    ready.store(true, std::memory_order_release);
    spinner.join();
  });
}
TEST(Spin, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("a thread that never ends");
  is_caught(
      [] {
        std::atomic<bool> ready{true};
        std::thread spinner([&] {
          while (!ready) {
          }
        });
        ready = false;  // BUG: taken back
        spinner.join();
      },
      Kind::non_termination, {Kind::livelock});
}

// A loop of four points, at each of which its turn may end: were all turns of one length, then always with the lock
// held.
TEST(PollUnderLock, Works) {
  works([] {
    std::mutex mutex;
    int done = 0;
    bool failed = false;
    std::thread worker([&] {
      for (int i = 0; i < 6; ++i) {
        std::lock_guard guard(mutex);
        ++done;
      }
    });
    for (bool ended = false; !ended;) {
      std::lock_guard guard(mutex);
      ended = failed || done == 6;
    }
    worker.join();
  });
}
TEST(PollUnderLock, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("a thread that never ends");
  is_caught(
      [] {
        std::mutex mutex;
        int done = 0;
        std::thread worker([&] {
          std::lock_guard guard(mutex);
          ++done;
        });
        for (bool ended = false; !ended;) {
          std::lock_guard guard(mutex);
          ended = done == 2;  // BUG: one
        }
        worker.join();
      },
      Kind::step_limit, {Kind::livelock, Kind::non_termination});
}

TEST(CompareExchangeSpin, Works) {
  works([] {
    std::atomic<int> owner{0};
    int count = 0;
    auto add = [&](int me) {
      int expected = 0;
      while (!owner.compare_exchange_weak(expected, me)) expected = 0;
      ++count;
      owner = 0;
    };
    std::thread a(add, 1), b(add, 2), c(add, 3);
    a.join();
    b.join();
    c.join();
    EXPECT_EQ(count, 3);
  });
}
TEST(CompareExchangeSpin, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("threads that never end");
  is_caught(
      [] {
        std::atomic<int> owner{0};
        auto take = [&](int me) {
          int expected = 0;
          while (!owner.compare_exchange_weak(expected, me)) expected = 0;
        };  // BUG: never gives it back
        std::thread a(take, 1), b(take, 2);
        a.join();
        b.join();
      },
      Kind::non_termination, {Kind::livelock});
}

TEST(Detached, Works) {
  works([] {
    auto ended = std::make_shared<std::atomic<bool>>(false);
    auto data = std::make_shared<int>(0);
    std::thread([ended, data] {
      *data = 1;
      *ended = true;
    }).detach();
    while (!*ended) std::this_thread::yield();
    EXPECT_EQ(*data, 1);
  });
}
TEST(Detached, BrokenIsCaught) {
  is_caught(
      [] {
        auto ended = std::make_shared<std::atomic<bool>>(false);
        auto data = std::make_shared<int>(0);
        std::thread([ended, data] {
          *ended = true;
          *data = 1;  // BUG: after saying so
        }).detach();
        while (!*ended) std::this_thread::yield();
        *data = 2;
      },
      Kind::data_race);
}

}  // namespace
}  // namespace racecourse::conformance
