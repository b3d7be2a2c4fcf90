// Data races on plain memory, by happens-before (vector clocks as epochs: FastTrack, Flanagan & Freund, PLDI 2009).
//
// The shadow holds four cells for every eight bytes, each one access: epoch, thread, bytes, kind. A fifth access evicts
// one of them, so a race can be missed (never invented): good for testing, not for a proof.
#pragma once

#include <racecourse/checkers/runtime/runtime.h>

#include <cstdint>

namespace racecourse::detect {

// Maps the shadow (in the worker: a fork would have to copy its page tables).
void prepare_race_shadow();
// Forgets everything; epochs may start again.
void clear_race_shadow();

enum AccessKind : std::uint64_t { kRead = 0, kWrite = 1, kAtomic = 2 };

// Cells are filled in order: one whose epoch is of an earlier execution is free, and so are those after it.
// [63..32] epoch, [31..24] thread, [15..8] bytes of the granule, [1] atomic, [0] write
using Cell = std::uint64_t;

// Addresses fold to 37 bits: the arena, the stacks and the executable have places of their own in the low 36, and bit
// 44, set only in the upper region where the kernel puts the main stack and libraries, becomes bit 36.
inline std::uint64_t granule(std::uint64_t address) {
  return ((address & ((1ull << 36) - 1)) | ((address >> 8) & (1ull << 36))) >> 3;
}
inline constexpr std::size_t kShadowBytes = (1ull << 34) * 32;

// Granules (hashed) that raced in an earlier execution: only their plain accesses are scheduling points of a search. All
// others are ordered by synchronisation, which is where threads switch, so switching there shows nothing new.
inline constexpr std::uint32_t kSharedBits = 1u << 16;
inline bool raced_before(std::uint64_t address) {
  const std::uint32_t bit = static_cast<std::uint32_t>((granule(address) * 0x9E3779B97F4A7C15u) >> 48);
  return (runtime::rt.shared_map[bit >> 3] >> (bit & 7)) & 1;
}
void remember_race(std::uint64_t address);

void check_slow(Cell* cells, Cell mine, std::uint64_t address, unsigned size, std::uint64_t pc);

// One access of 1 to 8 bytes that does not cross a granule.
inline void check(std::uint64_t address, unsigned size, std::uint64_t kind, std::uint64_t pc) {
  Cell* cells = runtime::rt.shadow + granule(address) * 4;
  const runtime::Fiber& fiber = runtime::self();
  const std::uint64_t bytes = ((1ull << size) - 1) << (address & 7);
  const Cell mine = static_cast<Cell>(fiber.clock->of[fiber.id]) << 32 | static_cast<Cell>(fiber.id) << 24 |
                    bytes << 8 | kind;
  if (RC_LIKELY(cells[0] == mine)) return;
  if (kind == kRead && cells[0] == (mine | kWrite)) return;
  if ((cells[0] >> 32) < runtime::rt.base_epoch) {  // the first access of this execution
    cells[0] = mine;
    return;
  }
  check_slow(cells, mine, address, size, pc);
}

// Any size and alignment.
void check_range(std::uint64_t address, std::size_t size, std::uint64_t kind, std::uint64_t pc);

}  // namespace racecourse::detect
