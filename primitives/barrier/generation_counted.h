// A barrier with a timeout and a broken state: a mutex, a condition variable, and a number for every phase. Slower than
// the two others where phases are short: whoever wakes needs the mutex once more, one after the other.
#pragma once

#include <racecourse/primitives/barrier/barrier.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace racecourse::barrier {

// Who waits, waits for the number of its phase to pass; never for the count of arrivals to be this or that, because the
// next phase may have begun to count before it looks (B2).
//   G1  phase_ changes only when all have arrived.
//   G2  While it is broken or being reset, nobody joins a phase. So who waits in a phase that was left unfinished can
//       tell: its number is still the same.
class GenerationCounted {
 public:
  explicit GenerationCounted(unsigned parties, Clock::duration timeout = Clock::duration::max())
      : parties_(checked(parties)), timeout_(timeout) {}

  unsigned wait() { return wait_for(timeout_); }

  template <class Rep, class Period>
  unsigned wait_for(std::chrono::duration<Rep, Period> timeout) {
    const Deadline deadline = deadline_after(timeout);
    std::unique_lock guard(mutex_);
    if (broken_) throw BrokenBarrier();  // G2
    const unsigned place = arrived_++;
    if (arrived_ == parties_) {
      arrived_ = 0;
      ++phase_;  // B1, G1
      changed_.notify_all();
      return place;
    }
    const std::uint64_t phase = phase_;
    ++inside_;
    const bool in_time = sleep_until(guard, deadline, [&] { return phase_ != phase || broken_; });
    // For reset(), which waits until the last has gone.
    if (--inside_ == 0 && broken_) changed_.notify_all();
    // B2: all had come, even if it was broken since then.
    if (phase_ != phase) return place;
    if (!in_time) break_it();  // B5
    throw BrokenBarrier();
  }

  void abort() {
    std::lock_guard guard(mutex_);
    break_it();
  }

  void reset() {
    std::unique_lock guard(mutex_);
    break_it();
    // Who waits has to see it broken first (G2). Another reset() may be done before this one.
    changed_.wait(guard, [&] { return inside_ == 0 || !broken_; });
    broken_ = false;
    changed_.notify_all();
  }

  bool broken() const {
    std::lock_guard guard(mutex_);
    return broken_;
  }

  unsigned n_waiting() const {
    std::lock_guard guard(mutex_);
    return arrived_;
  }

  unsigned parties() const { return parties_; }

 private:
  // False if time is up.
  template <class Condition>
  bool sleep_until(std::unique_lock<std::mutex>& guard, Deadline deadline, const Condition& condition) {
    if (deadline != Deadline::max()) return changed_.wait_until(guard, deadline, condition);
    changed_.wait(guard, condition);
    return true;
  }

  void break_it() {
    broken_ = true;
    arrived_ = 0;
    changed_.notify_all();
  }

  const unsigned parties_;
  const Clock::duration timeout_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;  // notified when phase_ or broken_ changes, and, if broken, when inside_ gets 0
  unsigned arrived_ = 0;             // at the present phase; less than parties_. guarded by mutex_
  unsigned inside_ = 0;              // asleep, or on the way out. guarded by mutex_
  bool broken_ = false;              // guarded by mutex_
  std::uint64_t phase_ = 0;          // guarded by mutex_
};

}  // namespace racecourse::barrier
