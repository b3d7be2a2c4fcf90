// Accesses for which the race shadow has no room, so that an exhaustive search misses no race. A cell with kSpilled,
// the last one of its granule, says that there are some.
#pragma once

#include <racecourse/checkers/detect/race.h>

namespace racecourse::detect {

inline constexpr Cell kSpilled = 4;

struct Spilled {
  Cell cell;
  std::uint64_t granule;
  Spilled* next;  // of any granule that shares the list
};

// Before each execution: whether all accesses are remembered.
void check_exactly(bool exactly);
extern bool is_exact;
void spill(std::uint64_t address, Cell cell);
// The memory has a new owner.
void forget_spilled(std::uint64_t address);
const Spilled* spilled_near(std::uint64_t address);

template <class Visit>
void for_each_spilled(std::uint64_t address, Visit visit) {
  for (const Spilled* spilled = spilled_near(address); spilled != nullptr; spilled = spilled->next)
    if (spilled->granule == granule(address)) visit(spilled->cell);
}

}  // namespace racecourse::detect
