// Stacks and thread-local storage of threads that have ended: somebody kept a pointer to a local of theirs.
//
// A thread's first access to what another one has on its stack is compared with the owner's own, which is where this
// looks whether the owner still lives. What others have touched before its end is marked as gone (memory.h) at its end.
// The stack of T0 does not end; that a frame of a running thread has returned is not seen.
#pragma once

#include <racecourse/checkers/detect/race.h>
#include <racecourse/checkers/runtime/stack_layout.h>

namespace racecourse::detect {

RC_INLINE bool in_other_slot(std::uint64_t address) {
  const std::uint64_t slot = runtime::slot_of(address);
  return RC_UNLIKELY(slot < runtime::kMaxThreads) && slot != runtime::self().id;
}

// Of an address in the slot of another thread. True if that has ended: a finding then.
bool is_of_the_dead(const char* what, bool write, std::uint64_t address, std::uint64_t pc);

// The thread ends now.
void forget_stack(const runtime::Fiber& fiber);

}  // namespace racecourse::detect
