// The block that a test shares with the workers that it forks.
#pragma once

#include <racecourse/checkers/runtime/shared_block.h>
#include <racecourse/checkers/schedule/schedule.h>
#include <sys/mman.h>

#include <new>

namespace racecourse::runtime {

// Mapped at the first call, which must come before the fork: so both processes have the same one.
inline SharedBlock& block() {
  static SharedBlock* const shared = [] {
    void* memory =
        mmap(nullptr, sizeof(SharedBlock), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return new (memory) SharedBlock;
  }();
  return *shared;
}

// The schedule of the execution that it describes.
inline schedule::Schedule recorded() {
  const SharedBlock& shared = block();
  return {{shared.segments, shared.segments + shared.segment_count}, {shared.picks, shared.picks + shared.pick_count}};
}

}  // namespace racecourse::runtime
