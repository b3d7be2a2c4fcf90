// Locks that go with the memory they lie in. std::mutex has a destructor that does nothing, so nobody says when one is
// destroyed: its block is freed, its function returns, or its thread ends and with it the stack. Then nobody may hold
// it or wait for it.
//
// In a block that is freed, a held lock is found by the word in it that names its holder (runtime/interpose/owner.h):
// the mark of this execution, and what else a held lock looks like. What lay on a stack is overwritten soon, so there
// it is the last mutex that a thread took and has not given back: one that it took before and still holds is not seen.
#pragma once

#include <pthread.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <semaphore.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace racecourse::detect {

// By thread: the mutex that it took last and holds; null: it has given it back. Those of threads that are not in this
// execution mean nothing.
extern const void* last_taken[256];

void must_be_in_scope(const void* mutex, std::uint64_t pc);

// By `fiber`, the current thread, in a function that returns to `pc`.
RC_INLINE void mutex_taken(const runtime::Fiber& fiber, const void* mutex, std::uint64_t pc) {
  const void*& last = last_taken[fiber.id];
  const auto from = reinterpret_cast<std::uintptr_t>(fiber.stack);
  if (RC_UNLIKELY(last != nullptr) && reinterpret_cast<std::uintptr_t>(last) - from < fiber.stack_size)
    must_be_in_scope(last, pc);
  last = mutex;
}
RC_INLINE void mutex_given(const runtime::Fiber& fiber) { last_taken[fiber.id] = nullptr; }
inline void thread_holds_nothing(const runtime::Fiber& fiber) { last_taken[fiber.id] = nullptr; }

// Whether anybody waits for anything but time and the end of a thread.
inline bool anybody_waits() {
  static_assert(static_cast<int>(report::Wait::futex) == 7 && static_cast<int>(report::Wait::join) == 8);
  std::uint64_t words[2];
  std::memcpy(words, runtime::rt.waiting, 16);
  return (words[0] | words[1]) != 0;
}

// The current thread frees this memory.
void block_goes(const void* block, std::size_t size, std::uint64_t pc);
// Smaller ones hold nothing to wait for.
inline constexpr std::size_t kSmallestObject = sizeof(pthread_barrier_t);
static_assert(kSmallestObject <= sizeof(sem_t) && kSmallestObject <= sizeof(pthread_mutex_t));

// The current thread has ended, but for this call.
void stack_goes();
inline bool stack_matters(const runtime::Fiber& fiber) { return last_taken[fiber.id] != nullptr || anybody_waits(); }

}  // namespace racecourse::detect
