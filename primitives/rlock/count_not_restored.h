// Broken: a thread that held the lock twice and waited for something holds it once when it comes back. The release of
// its inner section frees the lock, and the outer one goes on without it (against R2).
#pragma once

#include <racecourse/primitives/lock/parking.h>
#include <racecourse/primitives/rlock/rlock.h>
#include <racecourse/primitives/sync/sync.h>
#include <racecourse/primitives/sync/thread_id.h>

#include <cstdint>

namespace racecourse::rlock {

// Legal states: lock_ free, no owner, count 0; or lock_ held, by the owner, count >= 1. Others may be seen for a
// moment, by threads that are not the owner and can do nothing with them.
//
// Every access to the owner is relaxed. A thread reads it for one answer: is it me? Only the thread itself ever writes
// its own id there, and it has overwritten it before it freed the lock, so it reads its id exactly while it holds the
// lock: a thread always sees its own last write, or a later one. What any other value means, and how old it is, does
// not matter. Atomic it must be, because the others look while one writes. lock_ orders all the rest (R4).
class CountNotRestored : public StdNames<CountNotRestored> {
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
    hold(1);  // BUG: forgets holds
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
    // First the owner, then the lock: a moment later the lock and the owner are another's.
    owner_.store(sync::ThreadId{}, std::memory_order_relaxed);
    lock_.release();  // R4
  }

  lock::Parking lock_;                                    // R1
  sync::atomic<sync::ThreadId> owner_{sync::ThreadId{}};  // written by the holder of lock_ only
  sync::var<std::uint32_t> count_{0};                     // guarded by lock_
};

}  // namespace racecourse::rlock
