// Data races on plain memory, by happens-before (vector clocks as epochs: FastTrack, Flanagan & Freund, PLDI 2009).
//
// The shadow holds four cells for every eight bytes, each one access: epoch, thread, bytes, kind. A fifth access evicts
// one of them, so a race can be missed (never invented): good for testing, not for a proof. A search that is to prove
// something spills them instead (spilled.h).
#pragma once

#include <racecourse/checkers/runtime/runtime.h>

#include <cstdint>

namespace racecourse::detect {

// Maps the shadow (in the worker: a fork would have to copy its page tables).
void prepare_race_shadow();
// Whoever has used the memory in this execution, and did not finish before, races with a write to it, or a read.
void check_used(std::uint64_t address, std::uint64_t end, bool write, std::uint64_t pc);
// Forgets everything; epochs may start again.
void clear_race_shadow();
// The same for whole pages, which are mapped anew.
void forget_accesses(std::uint64_t address, std::size_t size);

enum AccessKind : std::uint64_t { kRead = 0, kWrite = 1, kAtomic = 2 };

// Cells are filled in order: one whose epoch is of an earlier execution is free, and the epochs of those after it are
// of earlier ones, too. The latest access comes first, except that atomic ones stay where they are while there are no
// others.
// [63..32] epoch, [31..24] thread, [15..8] bytes of the granule, [4] writes and [3] reads are
// ignored (excuse.h), [2] others were spilled, [1] atomic, [0] write
// Memory that nobody may touch has a cell of its own kind: memory.h.
using Cell = std::uint64_t;
inline constexpr Cell kBytes = 0xff00;

// Addresses fold to 37 bits: the arena, the stacks and the executable have places of their own in the low 36, and bit
// 44, set only in the upper region where the kernel puts the main stack and libraries, becomes bit 36.
RC_INLINE std::uint64_t granule(std::uint64_t address) {
  return ((address & ((1ull << 36) - 1)) | ((address >> 8) & (1ull << 36))) >> 3;
}

// The shadow of an address is where the bits of granule(), left in their places, point to: it has two parts.
inline constexpr std::uint64_t kUpper = 1ull << 44;
inline constexpr std::uint64_t kShadowed = ((1ull << 36) - 8) | kUpper;
inline constexpr std::uint64_t kShadow = 0x100000000000;
inline constexpr std::size_t kShadowBytes = 4ull << 36;  // of each part

// Granules (hashed) that raced in an earlier batch: only their plain accesses are scheduling points of a search.
// All others are ordered by synchronisation, which is where threads switch, so switching there shows nothing new.
inline constexpr std::uint32_t kSharedBits = 1u << 16;
inline bool raced_before(std::uint64_t address) {
  const std::uint32_t bit = static_cast<std::uint32_t>((granule(address) * 0x9E3779B97F4A7C15u) >> 48);
  return (runtime::rt.shared_map[bit >> 3] >> (bit & 7)) & 1;
}
// From the next batch on: what an execution does must not depend on who ran those before it.
void remember_race(std::uint64_t address);
// At the start of a batch. Whether any race is remembered.
bool recall_races(const std::uint8_t* known);

RC_INLINE Cell* cells_of(std::uint64_t address) { return reinterpret_cast<Cell*>(kShadow + (address & kShadowed) * 4); }

// An access of 1 to 8 bytes that does not cross a granule, as a cell but for the thread and its epoch.
RC_INLINE Cell place_of(std::uint64_t address, unsigned size, std::uint64_t kind) {
  const std::uint64_t bytes = size == 8 ? 0xff : ((1ull << size) - 1) << (address & 7);
  return bytes << 8 | kind;
}

// The same by the current thread.
RC_INLINE Cell cell_of(std::uint64_t address, unsigned size, std::uint64_t kind) {
  return runtime::self().stamp | place_of(address, size, kind);
}

RC_INLINE bool is_same_but_epoch(Cell a, Cell b) { return static_cast<std::uint32_t>(a ^ b) == 0; }

const char* describe(Cell cell);  // "atomic write"

// All checks: only while rt.checking.
void check_slow(Cell* cells, Cell mine, std::uint64_t address, std::uint64_t pc);

// One access of 1 to 8 bytes that does not cross a granule.
inline void check(std::uint64_t address, unsigned size, std::uint64_t kind, std::uint64_t pc) {
  Cell* cells = cells_of(address);
  const Cell mine = cell_of(address, size, kind);
  const Cell latest = cells[0];
  // Nobody was here since the same access by this thread, or since the start of the execution: there is nothing new to
  // compare with.
  if (RC_LIKELY(is_same_but_epoch(latest, mine)) || (latest >> 32) < runtime::rt.base_epoch) {
    cells[0] = mine;
    return;
  }
  if (!(kind & kWrite) && latest == (mine | kWrite)) return;  // a write stands for the reads after it, too
  check_slow(cells, mine, address, pc);
}

// The same for an atomic access. Most memory that atomics touch nobody touches otherwise, and atomics do not race with
// each other: no clocks are compared then.
bool check_other_atomics(Cell* cells, Cell mine);
RC_INLINE bool check_only_atomic(Cell* cells, Cell mine) {
  if (!is_same_but_epoch(cells[0], mine)) return check_other_atomics(cells, mine);
  cells[0] = mine;  // as above; and atomic accesses that came since are none to compare with
  return true;
}
// The same without a call, where at most two threads came, both before; false, and nothing done, otherwise.
RC_INLINE bool check_of_two(Cell* cells, Cell mine) {
  const Cell first = cells[0];
  if (is_same_but_epoch(first, mine)) {
    cells[0] = mine;
    return true;
  }
  const runtime::Epoch base = runtime::rt.base_epoch;
  if (!is_same_but_epoch(cells[1], mine) || !(first & kAtomic) || (first >> 32) < base || (cells[2] >> 32) >= base)
    return false;
  cells[1] = mine;
  return true;
}
inline void check_atomic(std::uint64_t address, unsigned size, std::uint64_t kind, std::uint64_t pc) {
  Cell* cells = cells_of(address);
  const Cell mine = cell_of(address, size, kind | kAtomic);
  if (!check_only_atomic(cells, mine)) check_slow(cells, mine, address, pc);
}

// While T0 is alone: only whether it touches what was freed, or the stack of somebody who has ended.
inline bool looks_for_gone() { return RC_UNLIKELY(runtime::rt.checks_all) && runtime::rt.has_shadow; }
void look_for_gone(std::uint64_t address, std::size_t size, std::uint64_t kind, std::uint64_t pc);

// Any size and alignment.
void check_range(std::uint64_t address, std::size_t size, std::uint64_t kind, std::uint64_t pc);
// Whichever of the two is due.
inline void check_or_look(std::uint64_t address, std::size_t size, std::uint64_t kind, std::uint64_t pc) {
  if (runtime::rt.checking) return check_range(address, size, kind, pc);
  if (looks_for_gone()) look_for_gone(address, size, kind, pc);
}
// A block of the heap was freed: nobody may touch it any more (memory.h). Its first `checked` bytes are compared with
// earlier accesses, which a free must be ordered after as a write must.
void mark_freed(std::uint64_t address, std::size_t size, std::size_t checked, std::uint64_t pc);
// Whatever was here before: every granule holds this one cell.
void mark_all(std::uint64_t address, std::size_t size, Cell cell);

}  // namespace racecourse::detect
