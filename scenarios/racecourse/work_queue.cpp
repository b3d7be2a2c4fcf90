#include <racecourse/scenarios/racecourse/work_queue.h>

#include <algorithm>

namespace racecourse::command {
namespace {

bool may_hang(const Cell& cell) {
  const Expectation declared = expectation(cell.entry, cell.checker);
  if (declared.says == Expectation::Says::nothing) return false;
  return declared.kind == Kind::hang || std::ranges::find(declared.allowed, Kind::hang) != declared.allowed.end();
}

}  // namespace

WorkQueue::WorkQueue(const std::vector<Cell>& cells, std::size_t workers) {
  for (std::size_t i = 0; i < cells.size(); i++) {
    const bool sleeps = workers > 1 && cells[i].checker == Checker::tsan;
    (sleeps ? sleeping_ : computing_).push_back(i);
  }
  std::stable_partition(sleeping_.begin(), sleeping_.end(), [&](std::size_t i) { return may_hang(cells[i]); });
}

std::optional<std::size_t> WorkQueue::next(std::size_t worker) {
  std::deque<std::size_t>& preferred = worker % 2 == 0 ? computing_ : sleeping_;
  std::deque<std::size_t>& other = worker % 2 == 0 ? sleeping_ : computing_;
  std::deque<std::size_t>& from = preferred.empty() ? other : preferred;
  if (from.empty()) return std::nullopt;
  const std::size_t index = from.front();
  from.pop_front();
  return index;
}

}  // namespace racecourse::command
