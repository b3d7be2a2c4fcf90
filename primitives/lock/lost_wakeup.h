// Broken: with two sleepers, the one that is woken takes the lock as "held, and nobody sleeps" (against P2). Its
// release then wakes nobody, and the other sleeps for ever beside a free lock (against L3).
#pragma once

#include <racecourse/primitives/lock/lock.h>
#include <racecourse/primitives/sync/futex.h>
#include <racecourse/primitives/sync/sync.h>

#include <cstdint>

namespace racecourse::lock {

// Three states, after U. Drepper, "Futexes Are Tricky" (2011), section 6. With two, every release would have to call
// the kernel, since the word could not say whether anybody sleeps.
//   P1  Whoever sleeps, does so while the word is kHeldWithSleepers.
//   P2  kHeldWithSleepers may also stand while nobody sleeps: that costs one needless wake. kHeld may stand while
//       somebody sleeps only as long as a woken waiter is on its way, for that one will announce the sleepers again.
class LostWakeup : public StdNames<LostWakeup> {
 public:
  void acquire() {
    std::uint32_t take_as = kHeld;
    while (!take(take_as)) {
      if (!announce_sleeper()) continue;
      sync::futex_wait(state_, kHeldWithSleepers);
      take_as = kHeld;  // BUG: forgets other sleepers
    }
  }

  bool try_acquire() { return take(kHeld); }

  template <class Rep, class Period>
  bool try_acquire_for(std::chrono::duration<Rep, Period> timeout) {
    const Deadline deadline = deadline_after(timeout);
    std::uint32_t take_as = kHeld;
    while (!take(take_as)) {
      if (!announce_sleeper()) continue;
      // The only way out without the lock, and only if no wake came here. A thread that was woken has taken the one
      // wake of a release; if it left because time is up, without announcing the sleepers again, they would be
      // forgotten (P2).
      if (!sync::futex_wait_until(state_, kHeldWithSleepers, deadline)) return false;
      take_as = kHeldWithSleepers;
    }
    return true;
  }

  void release() {
    // release: publishes the critical section (L2); pairs with the acquire in take().
    switch (state_.exchange(kFree, std::memory_order_release)) {
      case kFree:
        refuse_stray_release();
      case kHeldWithSleepers:
        // By now another thread may have taken, released and destroyed this lock: only its address is used here.
        sync::futex_wake(state_, 1);
    }
  }

  bool locked() const { return state_.load(std::memory_order_relaxed) != kFree; }

 private:
  static constexpr std::uint32_t kFree = 0;
  static constexpr std::uint32_t kHeld = 1;              // and nobody sleeps
  static constexpr std::uint32_t kHeldWithSleepers = 2;  // and the release must wake one

  // L1: only one exchange can find kFree.
  bool take(std::uint32_t as) {
    std::uint32_t free = kFree;
    // acquire: sees what the last holder wrote (L2); pairs with the release in release().
    return state_.compare_exchange_strong(free, as, std::memory_order_acquire, std::memory_order_relaxed);
  }

  // Makes the word say that somebody sleeps. False if the lock is free by now: sleeping would then wait for a release
  // that is already over.
  bool announce_sleeper() {
    std::uint32_t seen = kHeld;
    // relaxed: nothing is read or published by a waiter.
    return state_.compare_exchange_strong(seen, kHeldWithSleepers, std::memory_order_relaxed) ||
           seen == kHeldWithSleepers;
  }

  sync::atomic<std::uint32_t> state_{kFree};
};

}  // namespace racecourse::lock
