#include <racecourse/checkers/schedule/pct.h>

#include <algorithm>

namespace racecourse::schedule {

void Pct::begin(std::uint64_t execution, std::uint64_t seed, const Learnt& learnt) {
  random_.reseed(seed ^ execution << 20);
  if (highest_seen_ < kFew)
    std::fill_n(priority_.begin(), kFew, 0);
  else
    std::fill_n(priority_.begin(), highest_seen_ + 1, 0);
  highest_seen_ = 0;
  lowest_ = 0;
  next_change_ = 0;
  const std::uint32_t k = std::max(1u, learnt.points);
  change_points_[0] = kNoMore;
  for (int i = 0; i < depth_ - 1; ++i) insert(1 + random_.below(k), i);
}

// Among the first `count` change points, which are in order, and kNoMore behind them. Few as they are, every place is
// looked at: where it belongs is random, and a branch would be predicted wrongly.
void Pct::insert(std::uint32_t point, int count) {
  for (int i = 0; i < count; ++i) {
    const std::uint32_t here = change_points_[i];
    change_points_[i] = std::min(here, point);
    point = std::max(here, point);
  }
  change_points_[count] = point;
  change_points_[count + 1] = kNoMore;
}

std::int64_t Pct::priority_of(int thread) {
  std::int64_t& priority = priority_[thread];
  if (priority == 0) {
    priority = static_cast<std::int64_t>(random_.next() >> 2 | 1);
    highest_seen_ = std::max(highest_seen_, thread);
  }
  return priority;
}

Choice Pct::choose(const View& view) {
  if (view.current >= 0) {
    const bool change = view.point >= change_points_[next_change_];
    while (view.point >= change_points_[next_change_]) ++next_change_;
    if (change || view.reason == Reason::yielded) {
      priority_of(view.current);
      priority_[view.current] = --lowest_;
    }
  }
  Greatest greatest;
  for (const std::uint16_t thread : view.enabled) greatest.offer(thread, priority_of(thread));
  int best = greatest.thread();
  const bool only_spins = view.reason == Reason::yielded && best == view.current;
  if (!view.timed.empty() && (best < 0 || random_.below(only_spins ? 2 : 16) == 0)) best = view.timed[0];
  const std::uint32_t change = change_points_[next_change_];
  return {best, change == kNoMore ? kUnlimited : change - view.point};
}

}  // namespace racecourse::schedule
