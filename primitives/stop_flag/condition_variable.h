// For a thread that has nothing to do until it is told to stop: it sleeps, and the request wakes it.
#pragma once

#include <racecourse/primitives/stop_flag/stop_flag.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace racecourse::stop_flag {

class ConditionVariable {
 public:
  void request() {
    {
      // A sleeper holds the mutex from its look at the flag until it is asleep. With the mutex held here, the request
      // comes before that look, or after it is asleep and can be woken; never between (S1).
      std::lock_guard guard(mutex_);
      requested_.store(true, std::memory_order_release);  // pairs with the acquire in requested()
    }
    raised_.notify_all();  // needs no lock: the flag is set, so a sleeper that wakes or comes now will see it
  }

  bool requested() const { return requested_.load(std::memory_order_acquire); }  // pairs with the release in request()

  void wait() {
    std::unique_lock guard(mutex_);
    raised_.wait(guard, [this] { return requested(); });
  }

  template <class Rep, class Period>
  bool wait_for(std::chrono::duration<Rep, Period> timeout) {
    std::unique_lock guard(mutex_);
    return raised_.wait_for(guard, timeout, [this] { return requested(); });
  }

 private:
  std::mutex mutex_;
  std::condition_variable raised_;
  // Atomic so that requested() needs no lock. That does not spare request() the lock: see store_without_lock.h.
  std::atomic<bool> requested_{false};
};

}  // namespace racecourse::stop_flag
