// Freed blocks that nobody gets again for a while, so that whoever still uses one is caught: a block that is handed out
// at once belongs to its new owner, and what others do to it looks like a race, or like nothing at all.
//
// In one execution of a random search in four, by number; never in the first. In the others the block that was freed
// last is the first that is handed out again, as most allocators do it: programs that compare pointers show their
// mistakes (ABA) only so. Not in systematic searches, which must see the same addresses whatever the order.
#pragma once

#include <racecourse/checkers/runtime/heap_layout.h>
#include <racecourse/checkers/schedule/schedule.h>

#include <cstdint>

namespace racecourse::runtime::heap {

struct Pool;

inline constexpr std::uint32_t kMostKeptBlocks = 256;
inline constexpr std::uint64_t kMostKeptBytes = std::uint64_t{1} << 20;

struct Quarantine {
  bool on;                    // in this execution
  std::uint32_t first, last;  // units of the blocks that were freed first and last; linked by their headers
  std::uint32_t blocks;
  std::uint64_t bytes;
};
extern Quarantine quarantine;

// Before an execution of a random search, and of any other kind.
void choose_quarantine(std::uint64_t seed, std::uint64_t execution, bool is_first);
inline void set_quarantine(bool on) { quarantine = {on, 0, 0, 0, 0}; }
// At the start of each execution: nothing is kept yet. Takes down in the schedule whether anything will be.
void begin_quarantine();

// A block that was freed just now. What was kept longest goes back to `pool` when there is too much.
void keep_back(Pool& pool, Header* block);

}  // namespace racecourse::runtime::heap
