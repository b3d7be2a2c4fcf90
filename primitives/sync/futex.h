// Sleeping on a word: the kernel's futex, and Relacy's in the Relacy build.
//
//   futex_wait(word, expected)            sleeps while word == expected; the comparison and falling asleep are one step
//   futex_wait_until(word, expected, t)   the same, but not past t: false if t came first
//   futex_wake(word, count)               wakes at most `count` sleepers
//
// A wait may also return for no reason (a signal, a stale wake), so every caller looks at the word again. A wake before
// the wait is not remembered: only the word is.
//
// std::atomic::wait() is the portable form. It has no timeout, and in libstdc++ a spin and a table of waiter counts in
// front of the sleep; here the word alone decides, so that the lock built on it can be read in full.
#pragma once

#include <racecourse/primitives/sync/sync.h>

#include <chrono>
#include <cstdint>

#ifndef RACECOURSE_RELACY
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#endif

namespace racecourse::sync {

using Deadline = std::chrono::steady_clock::time_point;

#ifdef RACECOURSE_RELACY

// Relacy has no clock: a timed wait ends when its scheduler says so.
inline bool relacy_futex_wait(atomic<std::uint32_t>& word, std::uint32_t expected, bool timed, Place at) {
  rl::context& context = rl::ctx();
  context.sched();
  {
    rl::preemption_disabler one_step(context);
    // The kernel compares the newest value; a plain load could return an older one.
    if (word.relacy().fetch_add(0, rl::mo_relaxed, at) != expected) return true;
  }
  return word.relacy().wait(context, timed, /*allow_spurious_wakeup=*/true, at) != rl::unpark_reason_timeout;
}

inline void futex_wait(atomic<std::uint32_t>& word, std::uint32_t expected, Place at = here()) {
  relacy_futex_wait(word, expected, /*timed=*/false, at);
}
inline bool futex_wait_until(atomic<std::uint32_t>& word, std::uint32_t expected, Deadline, Place at = here()) {
  return relacy_futex_wait(word, expected, /*timed=*/true, at);
}
inline void futex_wake(atomic<std::uint32_t>& word, int count, Place at = here()) {
  rl::ctx().sched();
  word.relacy().wake(rl::ctx(), count, at);
}

#else

inline long futex(atomic<std::uint32_t>& word, int operation, std::uint32_t value, const timespec* timeout) {
  static_assert(sizeof(word) == sizeof(std::uint32_t) && atomic<std::uint32_t>::is_always_lock_free);
  return syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), operation | FUTEX_PRIVATE_FLAG, value, timeout);
}

inline void futex_wait(atomic<std::uint32_t>& word, std::uint32_t expected) {
  futex(word, FUTEX_WAIT, expected, nullptr);
}

inline bool futex_wait_until(atomic<std::uint32_t>& word, std::uint32_t expected, Deadline deadline) {
  const auto left = deadline - std::chrono::steady_clock::now();
  if (left <= left.zero()) return false;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  const timespec timeout{static_cast<std::time_t>(seconds.count()),
                         static_cast<long>(std::chrono::nanoseconds(left - seconds).count())};
  return futex(word, FUTEX_WAIT, expected, &timeout) == 0 || errno != ETIMEDOUT;
}

inline void futex_wake(atomic<std::uint32_t>& word, int count) {
  futex(word, FUTEX_WAKE, static_cast<std::uint32_t>(count), nullptr);
}

#endif

}  // namespace racecourse::sync
