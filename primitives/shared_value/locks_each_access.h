// Broken: reading is locked, writing is locked, and between the two another process fits. That is what n.value += 1
// does in Python, where each access of a Value takes its lock. There is no data race, and updates are lost all the same
// (against V1).
#pragma once

#include <racecourse/primitives/process/mutex.h>
#include <racecourse/primitives/process/shared_memory.h>
#include <racecourse/primitives/shared_value/shared_value.h>

#include <atomic>
#include <mutex>

namespace racecourse::shared_value {

// Two copies: one is valid, the other is written, and one store says that now this one is valid (V2, V3). A process
// that dies before that store leaves the valid one as it was.
template <Shareable T>
class LocksEachAccess {
 public:
  explicit LocksEachAccess(const T& value = T()) : shared_(0) { set(value); }

  T get() const {
    std::lock_guard guard(shared_->mutex);
    return valid();
  }

  void set(const T& value) {
    std::lock_guard guard(shared_->mutex);
    shared_->copies[1 - shared_->current] = value;
    // release: after the copy also in the eyes of whoever takes the lock of a dead process. The lock is its partner.
    shared_->current.store(1 - shared_->current, std::memory_order_release);
  }

  template <class F>
  T update(F change) {
    T next = get();
    change(next);
    set(next);  // BUG: stale value
    return next;
  }

 private:
  struct Shared {
    process::Mutex mutex{process::kShared | process::kRobust};
    std::atomic<unsigned> current{0};  // guarded by mutex: which copy is valid
    T copies[2] = {};                  // guarded by mutex
  };

  const T& valid() const { return shared_->copies[shared_->current]; }

  process::SharedMemory<Shared> shared_;
};

}  // namespace racecourse::shared_value
