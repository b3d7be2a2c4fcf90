// Condition variables of a running execution, for the functions that are built on them.
#pragma once

#include <racecourse/checkers/runtime/interpose/call.h>

#include <pthread.h>

namespace racecourse::runtime {

// Each returns what the pthread function would. A deadline of 0 means none.
int wait_on_condition(pthread_cond_t* condition, pthread_mutex_t* mutex, std::uint64_t deadline, std::uint64_t pc);
int signal_condition(pthread_cond_t* condition, std::uint64_t pc);
int broadcast_condition(pthread_cond_t* condition, std::uint64_t pc);
int destroy_condition(pthread_cond_t* condition, std::uint64_t pc);

}  // namespace racecourse::runtime
