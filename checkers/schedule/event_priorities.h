// A random priority for every pending event: what POS and SURW share.
#pragma once

#include <racecourse/checkers/schedule/strategy.h>

#include <algorithm>
#include <array>
#include <limits>

namespace racecourse::schedule {

class EventPriorities {
 public:
  void begin() {
    if (threads_ <= kFew)
      std::fill_n(priority_.begin(), kFew, 0);
    else
      std::fill_n(priority_.begin(), threads_, 0);
    threads_ = 0;
    lowest_ = 0;
  }
  // At every choice: the current thread had its event. Only threads that the view shows get priorities.
  void look(const View& view) {
    if (view.current >= 0) {
      if (view.reason == Reason::yielded)
        demote(view.current);
      else
        redraw(view.current);
    }
    threads_ = std::max(threads_, view.pending.size());
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
  static constexpr std::size_t kFew = 8;  // so many are cleared by a few stores
  std::size_t threads_ = 256;             // all others have none
};

// What was written a moment ago, member by member, is read that way: as a whole it would have to wait for the writes.
inline void assign(Pending& to, const Pending& from) {
  to.object = from.object;
  to.access = from.access;
  to.size = from.size;
  to.also = from.also;
}

// The greatest of some priorities, and whose it is. Who wins is random: without branches.
class Greatest {
 public:
  void offer(int thread, std::int64_t priority) {
    const bool greater = priority > priority_;
    thread_ = greater ? thread : thread_;
    priority_ = greater ? priority : priority_;
  }
  int thread() const { return thread_; }  // -1: there was none

 private:
  int thread_ = -1;
  std::int64_t priority_ = std::numeric_limits<std::int64_t>::min();
};

// Now and then a timeout fires although somebody could run: a real thread can be late by any amount. `best` is who
// would run otherwise (-1: nobody can); more often where that is a thread that only waits for others.
inline int or_timer(int best, const View& view, Random& random) {
  if (view.timed.empty()) return best;
  const bool only_spins = view.reason == Reason::yielded && best == view.current;
  return best < 0 || random.below(only_spins ? 2 : 16) == 0 ? view.timed[0] : best;
}

}  // namespace racecourse::schedule
