// What the functions of System V semaphores, message queues and shared memory have in common.
#pragma once

#include <racecourse/checkers/runtime/kernel_objects.h>

namespace racecourse::runtime {

// A name for a part of such an object, as a clock: never a real address.
inline const void* clock_of(KernelObject kind, int number, unsigned part) {
  return reinterpret_cast<const void*>(std::uintptr_t{1} << 63 |
                                       std::uintptr_t{static_cast<std::uint32_t>(kind)} << 56 |
                                       std::uintptr_t{static_cast<std::uint32_t>(number)} << 24 | part << 2);
}

// Parts of a set of semaphores: all of them, as semctl() sets them; of each, that it was raised, and that it was
// lowered.
inline constexpr unsigned kWholeSet = 0;
inline unsigned raised(unsigned semaphore) { return 2 * semaphore + 1; }
inline unsigned lowered(unsigned semaphore) { return 2 * semaphore + 2; }

}  // namespace racecourse::runtime
