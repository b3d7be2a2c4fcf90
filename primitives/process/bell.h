// Waiting, in shared memory, for another process to change something: a condition variable that a dead process cannot
// break.
//
// A pthread_cond_t is not robust, whatever its mutex is. It counts its waiters; one that is killed while it waits is
// counted for ever, may swallow the wakeup meant for another, and can leave a later signal waiting for it. Here the
// kernel alone knows who sleeps (a shared futex), and a dead sleeper is simply gone.
//
// The rules, all three with the mutex held that guards what is waited for:
//   B1  Whoever is about to make a change rings first, then makes it, with one store, then unlocks.
//   B2  Whoever waits looks, and only then sleeps, on the number of rings at that look (wait() below).
//   B3  A ring wakes every sleeper. Waking one would entrust the news to a process that may die with it.
//
// Why ring first? Whoever dies after the change but before the ring would leave sleepers beside what they wait for. In
// this order the sleepers wake, find the mutex held, and queue up for it; if the holder dies now, the robust mutex lets
// one of them in. They see the change or they do not, but they look. Dying between ring and change is harmless too:
// nothing has happened, and they sleep again.
//
// The price: woken sleepers first bump into the mutex. And it takes 2^32 rings between a look and falling asleep to be
// missed.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdint>
#include <ctime>
#include <mutex>

namespace racecourse::process {

using Deadline = std::chrono::steady_clock::time_point;
inline constexpr Deadline kNoWait = Deadline::min();
inline constexpr Deadline kForEver = Deadline::max();

class Bell {
 public:
  void ring() {
    // relaxed, here and below: what the sleepers look at is published by the mutex. The kernel compares the newest
    // value.
    rings_.fetch_add(1, std::memory_order_relaxed);
    if (sleepers_ > 0) futex(FUTEX_WAKE, INT_MAX, nullptr);
  }

  // Waits, with `guard` unlocked meanwhile, until ready() is true or the deadline has passed. Returns what ready() said
  // last.
  template <class Mutex, class Ready>
  bool wait(std::unique_lock<Mutex>& guard, Deadline deadline, Ready ready) {
    while (!ready()) {
      if (deadline == kNoWait) return false;
      const std::uint32_t heard = rings_.load(std::memory_order_relaxed);
      sleepers_++;
      guard.unlock();
      const bool in_time = sleep(heard, deadline);
      guard.lock();
      sleepers_--;
      if (!in_time) return ready();
    }
    return true;
  }

 private:
  // False if the deadline has passed. May return for no reason.
  bool sleep(std::uint32_t heard, Deadline deadline) {
    if (deadline == kForEver) return futex(FUTEX_WAIT_BITSET, heard, nullptr), true;
    // FUTEX_WAIT_BITSET takes a point of CLOCK_MONOTONIC, which is what steady_clock reads.
    const auto since_boot = deadline.time_since_epoch();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since_boot);
    const timespec until{static_cast<std::time_t>(seconds.count()),
                         static_cast<long>(std::chrono::nanoseconds(since_boot - seconds).count())};
    return futex(FUTEX_WAIT_BITSET, heard, &until) == 0 || errno != ETIMEDOUT;
  }

  // Without FUTEX_PRIVATE_FLAG: the sleepers of all processes.
  long futex(int operation, std::uint32_t value, const timespec* until) {
    static_assert(sizeof rings_ == sizeof(std::uint32_t) && std::atomic<std::uint32_t>::is_always_lock_free);
    return syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&rings_), operation, value, until, nullptr,
                   FUTEX_BITSET_MATCH_ANY);
  }

  std::atomic<std::uint32_t> rings_{0};  // changed under the mutex; sleepers compare it without
  // Guarded by the mutex. Too high for ever once a sleeper has been killed: that costs needless wakes, and no more.
  std::uint32_t sleepers_ = 0;
};

}  // namespace racecourse::process
