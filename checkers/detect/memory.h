// Memory that nobody may touch: blocks of the heap that were freed, and the red zones around those that were not.
//
// In the race shadow it holds a cell of somebody whose accesses no thread ever knows of. So every access to it is a
// race in the eyes of those who compare, and nobody else has to ask; who reports the race sees what it really is. What
// is so marked in one execution means nothing in the next, as with all cells (clock.h).
//
// A block that is handed out again loses its mark: then only an access that nothing orders after the new owner's
// allocation is seen, as a data race.
#pragma once

#include <racecourse/checkers/detect/race.h>

#include <algorithm>

namespace racecourse::detect {

// The number that the host of the fibers has, and no thread.
inline constexpr Cell kNobodys = 0xffull << 24;

// All bytes of a granule; its other fields say who made it so, and when: the thread in [23..16], the epoch.
RC_INLINE Cell gone_cell() {
  const Cell stamp = runtime::self().stamp;
  return stamp | kNobodys | (stamp >> 8 & 0xff0000) | kBytes | kWrite;
}
inline bool is_gone(Cell cell) { return (cell & kNobodys) == kNobodys; }
inline std::uint16_t who_made(Cell gone) { return static_cast<std::uint16_t>(gone >> 16 & 0xff); }

// As add_finding(), for the first of the kind in an execution alone: what follows it is a consequence.
report::RawFinding* add_misuse(Kind kind, std::uint64_t address, std::uint64_t pc);
// A finding for the access `mine` to bytes that are gone.
void report_gone(Cell mine, Cell gone, std::uint64_t address, std::uint64_t pc);

// An operation on an object that the compiler does not announce as an access: a mutex, a semaphore.
void report_object_gone(const void* object, std::uint64_t pc);
inline void check_object(std::uint64_t object, std::uint64_t pc) {
  if (!runtime::rt.has_shadow) return;
  const Cell cell = *cells_of(object);
  if (RC_UNLIKELY(is_gone(cell)) && (cell >> 32) >= runtime::rt.base_epoch)
    report_object_gone(reinterpret_cast<const void*>(object), pc);
}

// How much of the room behind a block is made a red zone. More would cost more, and few miss by so much.
inline constexpr std::size_t kRedZone = 64;
// While nothing is checked, so much of a freed block is marked.
inline constexpr std::size_t kMarkedUnchecked = 64;

// Around `size` bytes at `address` that are handed out: the 16 bytes before are the block's header, and what follows up
// to `end` is nobody's.
RC_INLINE void lay_red_zones(std::uint64_t address, std::size_t size, std::uint64_t end) {
  const Cell red = gone_cell();
  Cell* cells = cells_of(address - 16);
  cells[0] = cells[4] = red;
  std::uint64_t at = address + size;
  end = std::min(end, at + kRedZone + 16);
  if (const std::uint64_t odd = at & 7; odd != 0) {
    cells = cells_of(at);
    const bool in_use = (cells[0] >> 32) >= runtime::rt.base_epoch;
    cells[in_use ? 1 : 0] = (red & ~kBytes) | (kBytes << odd & kBytes);
    at += 8 - odd;
  }
  for (; at < end; at += 8) *cells_of(at) = red;
}

// While nothing is checked: a block was freed, or is handed out again after it had `old_size` bytes.
void mark_freed_unchecked(std::uint64_t address, std::size_t size);
void unmark_unchecked(std::uint64_t address, std::size_t size, std::size_t old_size);

}  // namespace racecourse::detect
