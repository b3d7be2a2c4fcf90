// Stacks and thread-local storage of threads that have ended, and frames of functions that have returned: somebody kept
// a pointer to a local of theirs.
//
// A thread's first access to what another one has on its stack is compared with the owner's own, which is where this
// looks whether the owner still lives, and where its stack ends: it does not run now, so all below what it had in use
// when it called the runtime belongs to functions that have returned. What lies there now is the runtime's, and a write
// ends the execution. What others have touched before the end of a thread is marked as gone (memory.h) at its end.
//
// Missed is the use of a frame in whose place another one stands by now, and what a thread does again to memory that it
// has used before, as long as nobody else has. A thread that stands on a stack of its program's making (swapcontext) is
// left in peace; only if that is an array in a frame of its own would what is called from there look as if it had
// returned.
#pragma once

#include <racecourse/checkers/detect/race.h>
#include <racecourse/checkers/runtime/stack_layout.h>

namespace racecourse::detect {

RC_INLINE bool in_other_slot(std::uint64_t address) {
  const std::uint64_t slot = runtime::slot_of(address);
  return RC_UNLIKELY(slot < runtime::kMaxThreads) && slot != runtime::self().id;
}

// How far a thread that does not run has its stack in use: down to `end`, but for what lies from there up to a return
// to `pc`, which is the runtime's; 0: that is taken off already.
struct Left {
  std::uint64_t end;
  std::uint64_t pc;
};
extern Left left[256];

// In a function of the runtime that may switch to another thread, and was called on the way from a call that returns to
// `pc`.
RC_INLINE void leaves(std::uint64_t pc) {
  left[runtime::self().id] = {reinterpret_cast<std::uint64_t>(__builtin_dwarf_cfa()), pc};
}

// The runtime has at most so many bytes between.
inline constexpr std::uint64_t kRuntimeFrames = 512;

// On T0's stack, near the end of what it uses or beyond, and another thread runs.
RC_INLINE bool may_have_returned(std::uint64_t address) {
  return RC_UNLIKELY(address - runtime::kStacks < runtime::kMainStack) && runtime::self().id != 0 &&
         address < left[0].end + kRuntimeFrames;
}

// Of an address in the slot of another thread, or of one that may have returned. True if it was the local of a thread
// that has ended or of a function that has returned: a finding then.
bool is_of_the_dead(const char* what, bool write, std::uint64_t address, std::uint64_t pc);

// The thread ends now.
void forget_stack(const runtime::Fiber& fiber);

}  // namespace racecourse::detect
