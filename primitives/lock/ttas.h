// A spin lock: test, then test-and-set.
#pragma once

#include <racecourse/primitives/lock/lock.h>
#include <racecourse/primitives/sync/sync.h>

namespace racecourse::lock {

// Waiters only read until the word looks free, and then try one exchange. Exchanging all the time would be right too,
// but every exchange takes the cache line away from the holder, who needs it to release.
class Ttas : public StdNames<Ttas> {
 public:
  void acquire() {
    while (!try_acquire()) sync::pause();
  }

  bool try_acquire() {
    // relaxed: a hint that the exchange may succeed; it decides nothing.
    if (held_.load(std::memory_order_relaxed)) return false;
    // L1: of all threads that saw it free, one exchange returns false.
    // acquire: sees what the last holder wrote (L2); pairs with the release in release().
    return !held_.exchange(true, std::memory_order_acquire);
  }

  template <class Rep, class Period>
  bool try_acquire_for(std::chrono::duration<Rep, Period> timeout) {
    const Deadline deadline = deadline_after(timeout);
    while (!try_acquire()) {
      if (Clock::now() >= deadline) return false;
      sync::pause();
    }
    return true;
  }

  void release() {
    // An exchange, not a store, so that a stray release is told from a real one, even when two come at once.
    // release: publishes the critical section (L2); pairs with the acquire in try_acquire().
    if (!held_.exchange(false, std::memory_order_release)) refuse_stray_release();
  }

  bool locked() const { return held_.load(std::memory_order_relaxed); }

 private:
  sync::atomic<bool> held_{false};
};

}  // namespace racecourse::lock
