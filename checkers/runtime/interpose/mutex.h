// Locking a pthread_mutex_t of a running execution, for the functions that are built on it.
#pragma once

#include <racecourse/checkers/runtime/interpose/call.h>

#include <pthread.h>

namespace racecourse::runtime {

// Each returns what the pthread function of that name would. A deadline of 0 means none.
int lock_mutex(pthread_mutex_t* mutex, std::uint64_t deadline, std::uint64_t pc);
int try_lock_mutex(pthread_mutex_t* mutex, std::uint64_t pc);
int unlock_mutex(pthread_mutex_t* mutex, std::uint64_t pc);

// The two halves of waiting on a condition variable: gives the mutex up (an error code if the caller does not hold
// it), and takes it back. Neither is a scheduling point.
int release_for_wait(pthread_mutex_t* mutex, std::uint64_t pc);
int take_back(pthread_mutex_t* mutex, std::uint64_t pc);

}  // namespace racecourse::runtime
