// Threads of a running execution, for the functions that are built on them.
#pragma once

#include <pthread.h>
#include <racecourse/checkers/runtime/interpose/call.h>

namespace racecourse::runtime {

// Each returns what the pthread function would. A deadline of 0 means none.
int create_thread(pthread_t* thread, bool detached, void* (*start)(void*), void* argument, std::uint64_t pc);
int join_thread(pthread_t thread, void** result, std::uint64_t deadline, std::uint64_t pc);
int detach_thread(pthread_t thread, std::uint64_t pc);
// Unwinds the stack, so that destructors run, and ends the thread.
[[noreturn]] void exit_thread(void* result, std::uint64_t pc);

// Too many were alive in this execution. To be said where that is what came of it: " (at most ...)", or nothing.
extern bool threads_refused;
inline const char* why_threads_were_refused() {
  static_assert(kMaxThreads == 250);
  return threads_refused ? " (at most 250 threads may be alive at once)" : "";
}

}  // namespace racecourse::runtime
