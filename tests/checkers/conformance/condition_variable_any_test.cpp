// std::condition_variable_any: any lock, and waits that a stop token ends.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <stop_token>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {
using namespace std::chrono_literals;

TEST(ConditionVariableAny, Works) {
  works([] {
    std::shared_mutex mutex;
    std::condition_variable_any changed;
    bool ready = false;  // guarded by mutex
    auto wait = [&] {
      std::shared_lock lock(mutex);
      changed.wait(lock, [&] { return ready; });
    };
    std::thread a(wait), b(wait);
    {
      std::unique_lock lock(mutex);
      ready = true;
    }
    changed.notify_all();
    a.join();
    b.join();
  });
}
TEST(ConditionVariableAny, BrokenIsCaught) {
  is_caught(
      [] {
        std::recursive_mutex mutex;
        std::condition_variable_any changed;
        bool ready = false;
        std::thread waiter([&] {
          std::unique_lock outer(mutex);
          std::unique_lock inner(mutex);
          changed.wait(inner, [&] { return ready; });  // BUG: `outer` still holds it
        });
        {
          std::unique_lock lock(mutex);
          ready = true;
        }
        changed.notify_all();
        waiter.join();
      },
      Kind::deadlock);
}

TEST(InterruptibleWait, Works) {
  works([] {
    std::mutex mutex;
    std::condition_variable_any never;
    bool satisfied = true;
    {
      std::jthread waiter([&](std::stop_token stop) {
        std::unique_lock lock(mutex);
        satisfied = never.wait(lock, stop, [] { return false; });
      });
    }
    EXPECT_FALSE(satisfied);
  });
}
TEST(InterruptibleWait, BrokenIsCaught) {
  is_caught(
      [] {
        std::mutex mutex;
        std::condition_variable_any never;
        std::jthread waiter([&](std::stop_token stop) {
          std::unique_lock lock(mutex);
          never.wait(lock, [&] { return stop.stop_requested(); });  // BUG: nobody notifies
        });
      },
      Kind::deadlock, {Kind::lost_wakeup});
}

TEST(InterruptibleTimedWait, Works) {
  works([] {
    std::mutex mutex;
    std::condition_variable_any never;
    std::stop_source source;
    std::unique_lock lock(mutex);
    EXPECT_FALSE(never.wait_for(lock, source.get_token(), 1ms, [] { return false; }));
    source.request_stop();
    EXPECT_FALSE(never.wait_for(lock, source.get_token(), 1h, [] { return false; }));
  });
}
TEST(InterruptibleTimedWait, BrokenIsCaught) {
  is_caught(
      [] {
        std::mutex mutex;
        std::condition_variable_any ready;
        std::stop_source source;
        bool flag = false;
        std::thread setter([&] {
          std::lock_guard lock(mutex);
          flag = true;
          ready.notify_all();
        });
        {
          std::unique_lock lock(mutex);
          ready.wait_for(lock, source.get_token(), 1ms, [&] { return flag; });
          EXPECT_TRUE(flag);  // BUG: it may have been the timeout
        }
        setter.join();
      },
      Kind::assertion);
}

}  // namespace
}  // namespace racecourse::conformance
