// std::timed_mutex and std::recursive_timed_mutex. A timeout may fire in any execution: the bodies allow for it.
#include <chrono>
#include <mutex>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {
using namespace std::chrono_literals;

constexpr char kReason[] = "ThreadSanitizer of GCC 12 does not intercept pthread_mutex_clocklock";

TEST(TimedMutex, Works) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  works([] {
    std::timed_mutex mutex;
    int count = 0, timeouts_a = 0, timeouts_b = 0;
    auto add = [&](int& timeouts) {
      auto start = std::chrono::steady_clock::now();
      if (mutex.try_lock_for(2ms)) {
        ++count;
        std::this_thread::sleep_for(1ms);
        mutex.unlock();
      } else {
        EXPECT_GE(std::chrono::steady_clock::now() - start, 2ms);
        ++timeouts;
      }
    };
    std::thread a([&] { add(timeouts_a); }), b([&] { add(timeouts_b); });
    a.join();
    b.join();
    EXPECT_EQ(count + timeouts_a + timeouts_b, 2);
    EXPECT_GE(count, 1);
  });
}
TEST(TimedMutex, BrokenIsCaught) {
  is_caught(
      [] {
        std::timed_mutex mutex;
        std::thread holder([&] {
          std::lock_guard lock(mutex);
          std::this_thread::sleep_for(20ms);
        });
        std::thread waiter([&] {
          (void)mutex.try_lock_for(1ms);  // BUG: ignores the timeout
          mutex.unlock();
        });
        holder.join();
        waiter.join();
      },
      Kind::mutex_misuse);
}

TEST(TimedMutexUntil, Works) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  works([] {
    std::timed_mutex mutex;
    std::unique_lock held(mutex);
    std::thread waiter([&] {
      auto deadline = std::chrono::system_clock::now() + 1ms;
      EXPECT_FALSE(mutex.try_lock_until(deadline));
      EXPECT_GE(std::chrono::system_clock::now(), deadline);
    });
    waiter.join();
  });
}
TEST(TimedMutexUntil, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("races in some orders only");
  is_caught(
      [] {
        std::timed_mutex mutex;
        int count = 0;
        auto add = [&] {
          std::unique_lock lock(mutex, std::chrono::steady_clock::now() + 1ms);
          ++count;  // BUG: does not ask owns_lock()
          std::this_thread::sleep_for(5ms);
        };
        std::thread a(add), b(add);
        a.join();
        b.join();
      },
      Kind::data_race);
}

TEST(RecursiveTimedMutex, Works) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  works([] {
    std::recursive_timed_mutex mutex;
    std::lock_guard outer(mutex);
    EXPECT_TRUE(mutex.try_lock_for(1ms));
    std::thread other([&] { EXPECT_FALSE(mutex.try_lock_for(1ms)); });
    other.join();
    mutex.unlock();
  });
}
TEST(RecursiveTimedMutex, BrokenIsCaught) {
  is_caught(
      [] {
        std::timed_mutex mutex;
        std::lock_guard outer(mutex);
        std::lock_guard inner(mutex);  // BUG: not recursive
      },
      Kind::self_deadlock);
}

}  // namespace
}  // namespace racecourse::conformance
