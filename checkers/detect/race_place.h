// Where a race is: at two places, whichever of them comes first.
#pragma once

#include <racecourse/checkers/detect/race.h>

namespace racecourse::detect {

// The identity of the pair of places, while tracing: the shadow knows who made the earlier access and not where, but
// the trace does. `pc` is where `mine` is made.
std::uint64_t place_of_pair(Cell mine, Cell theirs, std::uint64_t address, std::uint64_t pc);
// Before each traced execution.
void reset_places();

}  // namespace racecourse::detect
