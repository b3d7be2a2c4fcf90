// Broken: the request can fall between the sleeper's look at the flag and its falling asleep. The notification then
// finds nobody, and the sleeper sleeps for ever (against S1). Notifying without the lock is legal; storing without it
// is not.
#pragma once

#include <racecourse/primitives/stop_flag/stop_flag.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace racecourse::stop_flag {

class StoreWithoutLock {
 public:
  void request() {
    requested_.store(true, std::memory_order_release);  // BUG: no lock
    raised_.notify_all();
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
  // Atomic so that requested() needs no lock. That does not spare request() the lock.
  std::atomic<bool> requested_{false};
};

}  // namespace racecourse::stop_flag
