// Locks that go with the memory they lie in. std::mutex has a destructor that does nothing, so nobody says when one is
// destroyed: its block is freed, its function returns, or its thread ends and with it the stack. Then nobody may hold
// it or wait for it.
//
// So it is known at any time which mutexes and shared mutexes each thread holds: of the few that it may hold at once,
// the first eight.
#pragma once

#include <racecourse/checkers/runtime/runtime.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace racecourse::detect {

struct HeldLocks {
  static constexpr std::uint8_t kMost = 8;
  std::uint8_t count[256];  // by thread
  const void* at[256][kMost];
};
extern HeldLocks held;

void nested_lock_taken(const void* lock, std::uint64_t pc);
void other_lock_given(const void* lock);

// By the current thread, in a function that returns to `pc`.
RC_INLINE void lock_taken(const void* lock, std::uint64_t pc) {
  const std::uint16_t self = runtime::self().id;
  if (RC_UNLIKELY(held.count[self] != 0)) return nested_lock_taken(lock, pc);
  held.count[self] = 1;
  held.at[self][0] = lock;
}
RC_INLINE void lock_given(const void* lock) {
  const std::uint16_t self = runtime::self().id;
  if (RC_UNLIKELY(held.count[self] != 1) || RC_UNLIKELY(held.at[self][0] != lock)) return other_lock_given(lock);
  held.count[self] = 0;
}
// Before an execution; the threads of the last one are still counted.
inline void forget_held() { std::memset(held.count, 0, runtime::rt.thread_count <= 8 ? 8 : sizeof held.count); }

// Whether anybody holds a lock, or waits for anything but time and the end of a thread; true if it would be much to
// ask.
inline bool locks_matter() {
  static_assert(static_cast<int>(report::Wait::futex) == 7 && static_cast<int>(report::Wait::join) == 8);
  std::uint64_t words[3];
  std::memcpy(&words[0], held.count, 8);
  std::memcpy(&words[1], runtime::rt.waiting, 16);
  return (words[0] | words[1] | words[2]) != 0 || RC_UNLIKELY(runtime::rt.thread_count > 8);
}

// The current thread frees this memory.
void block_goes(const void* block, std::size_t size, std::uint64_t pc);
// The current thread has ended, but for this call.
void stack_goes();

}  // namespace racecourse::detect
