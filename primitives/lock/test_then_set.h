// Broken: two threads can both test before either sets, and both enter (against L1).
#pragma once

#include <racecourse/primitives/lock/lock.h>
#include <racecourse/primitives/sync/sync.h>

namespace racecourse::lock {

class TestThenSet : public StdNames<TestThenSet> {
 public:
  void acquire() {
    while (!try_acquire()) sync::pause();
  }

  bool try_acquire() {
    // acquire: sees what the last holder wrote (L2); pairs with the release in release().
    if (held_.load(std::memory_order_acquire)) return false;
    held_.store(true, std::memory_order_relaxed);  // BUG: separate set
    return true;
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
