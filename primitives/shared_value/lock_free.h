// A value that the processor can change in one step needs no lock: nobody can die with it. Python's Value(lock=False)
// is the same memory, without an update().
#pragma once

#include <racecourse/primitives/process/shared_memory.h>
#include <racecourse/primitives/shared_value/shared_value.h>

#include <atomic>

namespace racecourse::shared_value {

template <Shareable T>
class LockFree {
  // Otherwise std::atomic takes a lock from a table in the private memory of each process: no lock at all between two.
  static_assert(std::atomic<T>::is_always_lock_free, "use ProcessShared for what is too large for the processor");

 public:
  explicit LockFree(T value = T()) : shared_(0, value) {}

  T get() const { return shared_->load(std::memory_order_acquire); }       // pairs with the releases below
  void set(T value) { shared_->store(value, std::memory_order_release); }  // pairs with the acquires here

  // `change` may run several times: once for each value that another process changed under its hands.
  template <class F>
  T update(F change) {
    T seen = shared_->load(std::memory_order_relaxed);  // orders nothing yet: the exchange does
    T next;
    do {
      next = seen;
      change(next);
      // V1: succeeds only if the value is still the one that was changed. acq_rel: pairs with itself in other
      // processes.
    } while (!shared_->compare_exchange_weak(seen, next, std::memory_order_acq_rel, std::memory_order_relaxed));
    return next;
  }

 private:
  process::SharedMemory<std::atomic<T>> shared_;
};

}  // namespace racecourse::shared_value
