#include <racecourse/checkers/report/stuck.h>

#include <algorithm>

namespace racecourse::report {
namespace {

constexpr std::uint16_t kNobody = 0xffff;

// Waits that one thread alone can end.
bool has_one_giver(Wait wait) {
  switch (wait) {
    case Wait::mutex:
    case Wait::rwlock_read:  // the writer's; readers come and go while a writer waits
    case Wait::join:
    case Wait::once:
    case Wait::guard:
    case Wait::never:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::uint16_t waits_for_thread(std::span<const ThreadEnd> threads, std::uint16_t thread) {
  if (thread >= threads.size()) return kNobody;
  const ThreadEnd& end = threads[thread];
  if (end.state != ThreadState::blocked || end.has_deadline != 0 || !has_one_giver(end.wait)) return kNobody;
  return end.wait_thread < threads.size() ? end.wait_thread : kNobody;
}

bool is_stuck_for_good(std::span<const ThreadEnd> threads, std::uint16_t thread) {
  for (std::size_t steps = 0; steps <= threads.size(); ++steps) {
    const std::uint16_t next = waits_for_thread(threads, thread);
    if (next == kNobody) return false;
    // A thread that is joined wakes who joins it when it ends; one that held something else never gives it back.
    if (threads[next].state == ThreadState::ended) return threads[thread].wait != Wait::join;
    thread = next;
  }
  return true;  // more steps than threads: it went round
}

std::vector<std::uint16_t> wait_cycle(std::span<const ThreadEnd> threads) {
  for (std::size_t start = 0; start < threads.size(); ++start) {
    const auto first = static_cast<std::uint16_t>(start);
    std::vector<std::uint16_t> cycle{first};
    for (;;) {
      const std::uint16_t next = waits_for_thread(threads, cycle.back());
      if (next == first) return cycle;
      if (next == kNobody || std::find(cycle.begin(), cycle.end(), next) != cycle.end()) break;
      cycle.push_back(next);
    }
  }
  return {};
}

}  // namespace racecourse::report
