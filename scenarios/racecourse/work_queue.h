// In which order the cells of a run are begun.
#pragma once

#include <racecourse/scenarios/racecourse/cells.h>

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

namespace racecourse::command {

// A cell on real threads mostly sleeps: its delays, and the deadline of what hangs. The others compute. So that neither
// kind is left for the end, half of the workers prefer one and half the other; and what may have to sit out a deadline
// is begun first. One worker alone takes the cells as they come.
//
// Not thread-safe: guard it by the mutex of whoever shares it.
class WorkQueue {
 public:
  WorkQueue(const std::vector<Cell>& cells, std::size_t workers);

  // The index of the cell that worker number `worker` runs next; none when all are begun.
  std::optional<std::size_t> next(std::size_t worker);

 private:
  std::deque<std::size_t> computing_;
  std::deque<std::size_t> sleeping_;
};

}  // namespace racecourse::command
