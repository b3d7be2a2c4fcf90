// std::condition_variable.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {
using namespace std::chrono_literals;

TEST(ConditionVariable, Works) {
  works([] {
    std::mutex mutex;
    std::condition_variable changed;
    int turn = 0;  // guarded by mutex
    auto play = [&](int me) {
      for (int i = 0; i < 5; ++i) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return turn == me; });
        turn = 1 - me;
        changed.notify_one();
      }
    };
    std::thread a(play, 0), b(play, 1);
    a.join();
    b.join();
    EXPECT_EQ(turn, 0);
  });
}
TEST(ConditionVariable, BrokenIsCaught) {
  is_caught(
      [] {
        std::mutex mutex;
        std::condition_variable ready;
        std::thread waiter([&] {
          std::unique_lock lock(mutex);
          ready.wait(lock);  // BUG: no predicate
        });
        ready.notify_one();
        waiter.join();
      },
      Kind::lost_wakeup, {Kind::deadlock});
}

// The flag is set and announced outside the mutex: between the waiter's check and its sleep.
TEST(ConditionVariablePredicate, Works) {
  works([] {
    std::mutex mutex;
    std::condition_variable ready;
    bool flag = false;
    std::thread waiter([&] {
      std::unique_lock lock(mutex);
      while (!flag) ready.wait(lock);
      EXPECT_TRUE(lock.owns_lock());
    });
    {
      std::lock_guard lock(mutex);
      flag = true;
    }
    ready.notify_one();
    waiter.join();
  });
}
TEST(ConditionVariablePredicate, BrokenIsCaught) {
  is_caught(
      [] {
        std::mutex mutex;
        std::condition_variable ready;
        int items = 0, taken = 0;
        auto take = [&] {
          std::unique_lock lock(mutex);
          if (items == 0) ready.wait(lock);  // BUG: if, not while
          --items;
          ++taken;
          EXPECT_GE(items, 0);
        };
        std::thread a(take), b(take);
        for (int i = 0; i < 2; ++i) {
          std::lock_guard lock(mutex);
          ++items;
          ready.notify_all();
        }
        a.join();
        b.join();
      },
      Kind::assertion);
}

TEST(NotifyAll, Works) {
  works([] {
    std::mutex mutex;
    std::condition_variable opened;
    bool open = false;
    auto pass = [&] {
      std::unique_lock lock(mutex);
      opened.wait(lock, [&] { return open; });
    };
    std::thread a(pass), b(pass), c(pass);
    {
      std::lock_guard lock(mutex);
      open = true;
    }
    opened.notify_all();
    a.join();
    b.join();
    c.join();
  });
}
TEST(NotifyAll, BrokenIsCaught) {
  is_caught(
      [] {
        std::mutex mutex;
        std::condition_variable opened;
        bool open = false;
        auto pass = [&] {
          std::unique_lock lock(mutex);
          opened.wait(lock, [&] { return open; });
        };
        std::thread a(pass), b(pass);
        {
          std::lock_guard lock(mutex);
          open = true;
        }
        opened.notify_one();  // BUG: two wait
        a.join();
        b.join();
      },
      Kind::deadlock, {Kind::lost_wakeup});
}

TEST(ConditionVariableTimeout, Works) {
  works([] {
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    auto start = std::chrono::steady_clock::now();
    while (never.wait_for(lock, 1ms) != std::cv_status::timeout) continue;  // a wait may end for no reason
    EXPECT_GE(std::chrono::steady_clock::now() - start, 1ms);
    const auto until = std::chrono::system_clock::now() + 1ms;
    while (never.wait_until(lock, until) != std::cv_status::timeout) continue;
    EXPECT_GE(std::chrono::system_clock::now(), until);
    EXPECT_FALSE(never.wait_for(lock, 1ms, [] { return false; }));
  });
}
TEST(ConditionVariableTimeout, BrokenIsCaught) {
  is_caught(
      [] {
        std::mutex mutex;
        std::condition_variable ready;
        bool flag = false;
        std::thread setter([&] {
          std::lock_guard lock(mutex);
          flag = true;
          ready.notify_one();
        });
        {
          std::unique_lock lock(mutex);
          if (!flag) ready.wait_for(lock, 1ms);
          EXPECT_TRUE(flag);  // BUG: it may have been the timeout
        }
        setter.join();
      },
      Kind::assertion);
}

TEST(NotifyAtThreadExit, Works) {
  works([] {
    std::mutex mutex;
    std::condition_variable ended;
    bool done = false;
    std::thread worker([&] {
      std::unique_lock lock(mutex);
      done = true;
      std::notify_all_at_thread_exit(ended, std::move(lock));
    });
    {
      std::unique_lock lock(mutex);
      ended.wait(lock, [&] { return done; });
    }
    worker.join();
  });
}
TEST(NotifyAtThreadExit, BrokenIsCaught) {
  is_caught(
      [] {
        std::mutex mutex;
        std::condition_variable ended;
        bool done = false;
        std::thread worker([&] {
          std::unique_lock lock(mutex);
          std::notify_all_at_thread_exit(ended, std::move(lock));
          done = false;  // BUG: never set
        });
        {
          std::unique_lock lock(mutex);
          ended.wait(lock, [&] { return done; });
        }
        worker.join();
      },
      Kind::deadlock, {Kind::lost_wakeup});
}

}  // namespace
}  // namespace racecourse::conformance
