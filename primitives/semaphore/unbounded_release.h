// Broken: one release too many is taken for a new permit, and from then on one thread too many gets in (against M5,
// and against M1 for whoever counts on N).
#pragma once

#include <racecourse/primitives/semaphore/semaphore.h>

#include <condition_variable>
#include <limits>
#include <mutex>

namespace racecourse::semaphore {

class UnboundedRelease {
 public:
  static constexpr int kMostPermits = std::numeric_limits<int>::max();

  explicit UnboundedRelease(int permits) : bound_(checked(permits, kMostPermits)), free_(permits) {}

  void acquire() {
    std::unique_lock guard(mutex_);
    // The look and the sleep are one step for whoever holds the mutex, so no release falls between them (M3). A loop:
    // before a woken thread has the mutex again, another may have come and taken the permit (M1).
    while (free_ == 0) available_.wait(guard);
    --free_;
  }

  bool try_acquire() {
    std::lock_guard guard(mutex_);
    if (free_ == 0) return false;
    --free_;
    return true;
  }

  template <class Rep, class Period>
  bool try_acquire_for(std::chrono::duration<Rep, Period> timeout) {
    const Deadline deadline = deadline_after(timeout);
    std::unique_lock guard(mutex_);
    // Looks once more when time is up: a notification may have come at the same moment, and is this thread's to use.
    if (!available_.wait_until(guard, deadline, [this] { return free_ > 0; })) return false;
    --free_;
    return true;
  }

  void release() {
    std::lock_guard guard(mutex_);
    ++free_;  // BUG: no bound
    // One permit, one thread. Under the mutex: as soon as it is free, whoever takes the permit may also destroy this.
    available_.notify_one();
  }

  int value() const {
    std::lock_guard guard(mutex_);
    return free_;
  }

  // How many there are, taken and free.
  int bound() const { return bound_; }

 private:
  mutable std::mutex mutex_;
  std::condition_variable available_;  // notified once for every permit that is brought back
  const int bound_;
  int free_;  // guarded by mutex_
};

}  // namespace racecourse::semaphore
