// A random priority for every pending event: what POS and SURW share.
#pragma once

#include <racecourse/checkers/schedule/strategy.h>

#include <array>

namespace racecourse::schedule {

class EventPriorities {
 public:
  void begin() {
    priority_.fill(0);
    lowest_ = 0;
  }
  // The next event of the thread gets a priority of its own.
  void redraw(int thread) { priority_[static_cast<std::size_t>(thread)] = 0; }
  // The thread waits for others: its next event comes after all that are pending.
  void demote(int thread) { priority_[static_cast<std::size_t>(thread)] = --lowest_; }

  bool demoted(int thread) const { return priority_[static_cast<std::size_t>(thread)] < 0; }
  std::int64_t of(int thread, Random& random) {
    std::int64_t& priority = priority_[static_cast<std::size_t>(thread)];
    if (priority == 0) priority = static_cast<std::int64_t>(random.next() >> 2 | 1);
    return priority;
  }

 private:
  // Drawn ones are positive; lowered ones are negative, each lower than all before. 0: not drawn yet.
  std::array<std::int64_t, 256> priority_{};
  std::int64_t lowest_ = 0;
};

// Now and then a timeout fires although somebody could run: a real thread can be late by any amount. `best` is who
// would run otherwise (-1: nobody can); more often where that is a thread that only waits for others.
inline int or_timer(int best, const View& view, Random& random) {
  if (view.timed.empty()) return best;
  const bool only_spins = view.reason == Reason::yielded && best == view.current;
  return best < 0 || random.below(only_spins ? 2 : 16) == 0 ? view.timed[0] : best;
}

}  // namespace racecourse::schedule
