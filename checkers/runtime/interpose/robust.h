// Robust mutexes: what becomes of those that a thread holds when it ends.
//
// The marks are the C library's own (see pthread_mutex_lock in glibc): __lock is kOwnerDied until the next thread takes
// the mutex, then __owner is kInconsistent until pthread_mutex_consistent(), or kNotRecoverable for ever.
#pragma once

#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <racecourse/checkers/runtime/interpose/call.h>

namespace racecourse::runtime {

inline constexpr int kOwnerDied = FUTEX_OWNER_DIED;
inline constexpr int kInconsistent = INT_MAX;
inline constexpr int kNotRecoverable = INT_MAX - 1;

inline bool is_robust(const pthread_mutex_t& mutex) {
  constexpr int kRobustBit = 16;  // of __kind
  return (mutex.__data.__kind & kRobustBit) != 0;
}

// The running thread took it, or gave it up.
void add_robust(pthread_mutex_t& mutex);
void remove_robust(pthread_mutex_t& mutex);

// The running thread ends: those that it holds are free, and whoever takes one next is told.
void abandon_all_robust();
inline void abandon_robust() {
  if (RC_UNLIKELY(self().robust != nullptr)) abandon_all_robust();
}

}  // namespace racecourse::runtime
