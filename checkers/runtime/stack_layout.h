// Where the stacks of threads lie. Pure: addresses alone.
#pragma once

#include <cstddef>
#include <cstdint>

namespace racecourse::runtime {

// One slot a thread at a fixed address, so that stack addresses are the same in every process:
//   guard | donor (thread control block and static TLS) | guard | stack
// T0's stack comes before them, and is larger.
inline constexpr std::uintptr_t kStacks = 0x600C00000000;
inline constexpr std::size_t kGuard = 64 << 10;
inline constexpr std::size_t kDonor = 192 << 10;
inline constexpr std::size_t kSlot = 2 << 20;
inline constexpr std::size_t kMainStack = 16 << 20;
inline constexpr int kSlots = 256;  // fibers 0..253; 255 is the host's
inline constexpr int kHostSlot = 255;

// The slot that holds `address`, or something that no slot has.
inline std::uint64_t slot_of(std::uint64_t address) { return (address - kStacks - kMainStack) / kSlot; }
inline bool in_stack_part(std::uint64_t address) {
  return (address - kStacks - kMainStack) % kSlot >= 2 * kGuard + kDonor;
}

}  // namespace racecourse::runtime
