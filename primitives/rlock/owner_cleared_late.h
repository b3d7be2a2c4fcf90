// Broken: between freeing the lock and clearing the owner another thread can take both, and then loses its name: it is
// refused its own release, and its next acquire waits for itself (against R2 and R5).
#pragma once

#include <racecourse/primitives/lock/parking.h>
#include <racecourse/primitives/rlock/rlock.h>
#include <racecourse/primitives/sync/sync.h>
#include <racecourse/primitives/sync/thread_id.h>

#include <cstdint>

namespace racecourse::rlock {

// Legal states: lock_ free, no owner, count 0; or lock_ held, by the owner, count >= 1. Others may be seen for a
// moment, by threads that are not the owner and can do nothing with them.
class OwnerClearedLate : public StdNames<OwnerClearedLate> {
 public:
  void acquire() {
    if (held_here()) {
      if (!hold_again()) refuse_another_hold();
      return;
    }
    lock_.acquire();
    hold(1);
  }

  bool try_acquire() {
    if (held_here()) return hold_again();
    if (!lock_.try_acquire()) return false;
    hold(1);
    return true;
  }

  template <class Rep, class Period>
  bool try_acquire_for(std::chrono::duration<Rep, Period> timeout) {
    if (held_here()) return hold_again();
    if (!lock_.try_acquire_for(timeout)) return false;
    hold(1);
    return true;
  }

  void release() {
    if (!held_here()) refuse_strangers_release();  // R3
    count_ -= 1;
    if (count_ > 0) return;  // R2
    let_go();
  }

  std::uint32_t release_all() {
    if (!held_here()) refuse_strangers_release();  // R3
    const std::uint32_t holds = count_;
    count_ = 0;
    let_go();
    return holds;
  }

  void restore(std::uint32_t holds) {
    if (holds == 0 || held_here()) refuse_restore();
    lock_.acquire();
    hold(holds);
  }

  bool held_here() const {
    const sync::ThreadId owner = owner_.load(std::memory_order_relaxed);
    return owner == sync::this_thread_id();
  }

 private:
  void hold(std::uint32_t holds) {
    owner_.store(sync::this_thread_id(), std::memory_order_relaxed);
    count_ = holds;
  }

  bool hold_again() {
    if (count_ == kMostHolds) return false;
    count_ += 1;
    return true;
  }

  void let_go() {
    lock_.release();                                            // R4
    owner_.store(sync::ThreadId{}, std::memory_order_relaxed);  // BUG: too late
  }

  lock::Parking lock_;                                    // R1
  sync::atomic<sync::ThreadId> owner_{sync::ThreadId{}};  // written by the holder of lock_ only
  sync::var<std::uint32_t> count_{0};                     // guarded by lock_
};

}  // namespace racecourse::rlock
