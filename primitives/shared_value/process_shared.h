// A value of any size in shared memory, under a robust lock that processes share.
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
class ProcessShared {
 public:
  explicit ProcessShared(const T& value = T()) : shared_(0) { set(value); }

  T get() const {
    std::lock_guard guard(shared_->mutex);
    return valid();
  }

  void set(const T& value) {
    update([&](T& old) { old = value; });
  }

  template <class F>
  T update(F change) {
    std::lock_guard guard(shared_->mutex);  // V1: nobody else from the reading to the commit
    T& next = shared_->copies[1 - shared_->current];
    next = valid();
    change(next);
    // release: after `next` also in the eyes of whoever takes the lock of a dead process. The lock is its partner.
    shared_->current.store(1 - shared_->current, std::memory_order_release);
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
