// Broken: exclusion holds (L1), but the next holder need not see what the last one wrote (against L2).
#pragma once

#include <racecourse/primitives/lock/lock.h>
#include <racecourse/primitives/sync/sync.h>

namespace racecourse::lock {

// Waiters only read until the word looks free, and then try one exchange. Exchanging all the time would be right too,
// but every exchange takes the cache line away from the holder, who needs it to release.
class RelaxedRelease : public StdNames<RelaxedRelease> {
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
    // The acquire in try_acquire() finds no release to pair with. On x86 the instruction is the same one, and a
    // compiler may still move the section's writes below it; on ARM the processor may too.
    if (!held_.exchange(false, std::memory_order_relaxed)) refuse_stray_release();  // BUG: missing release
  }

  bool locked() const { return held_.load(std::memory_order_relaxed); }

 private:
  sync::atomic<bool> held_{false};
};

}  // namespace racecourse::lock
