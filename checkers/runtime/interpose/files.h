// Files, the table of descriptors, what is mapped where, and what else belongs to the process: one object that threads
// share, since which names and numbers mean the same file is not known. What a call finds there, and the number or the
// address that it returns, may depend on every call before it.
#pragma once

#include <racecourse/checkers/runtime/effects.h>
#include <racecourse/checkers/runtime/interpose/stream.h>

namespace racecourse::runtime {

inline void note_files(std::uint64_t pc) {
  if (RC_UNLIKELY(rt.noted != nullptr) && !quiet()) note_use(descriptors_clock(), pc);
}

// Before a call that opens, closes, changes or looks at a file: a scheduling point. It orders no memory.
inline void uses_files(std::uint64_t pc) {
  if (!rt.executing) return;
  enter(pc, on(descriptors_clock(), Access::write));
  note_files(pc);
}

}  // namespace racecourse::runtime
