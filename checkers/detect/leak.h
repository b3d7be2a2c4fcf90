// Memory that nobody can free any more: blocks of the heap that an execution allocated, and that nothing points to when
// its body has returned.
#pragma once

#include <racecourse/checkers/runtime/heap.h>

namespace racecourse::detect {

// A finding if there is such a block. Whatever looks like a pointer into a block counts as one, in every place where a
// program may keep pointers, so that no leak is invented; one may be missed.
void look_for_leaks();

// The body has returned. Most bodies leave no block behind.
inline void judge_leaks() {
  if (RC_UNLIKELY(runtime::heap::state.live_blocks > 0)) look_for_leaks();
}

}  // namespace racecourse::detect
