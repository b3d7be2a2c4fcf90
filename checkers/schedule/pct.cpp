#include <racecourse/checkers/schedule/pct.h>

#include <algorithm>

namespace racecourse::schedule {

void Pct::begin(std::uint64_t execution, std::uint64_t seed, const Learnt& learnt) {
  random_.reseed(seed ^ execution << 20);
  std::fill_n(priority_.begin(), std::min<std::size_t>(priority_.size(), learnt.threads + 1), 0);
  if (highest_seen_ > static_cast<int>(learnt.threads)) priority_.fill(0);
  highest_seen_ = 0;
  lowest_ = 0;
  next_change_ = 0;
  const std::uint32_t k = std::max(1u, learnt.points);
  for (int i = 0; i < depth_ - 1; ++i) change_points_[i] = 1 + random_.below(k);
  std::sort(change_points_.begin(), change_points_.begin() + depth_ - 1);
  change_points_[depth_ - 1] = kNoMore;
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
  int best = -1;
  std::int64_t highest = 0;
  for (const std::uint16_t thread : view.enabled) {
    const std::int64_t priority = priority_of(thread);
    if (best < 0 || priority > highest) {
      best = thread;
      highest = priority;
    }
  }
  const bool only_spins = view.reason == Reason::yielded && best == view.current;
  if (!view.timed.empty() && (best < 0 || random_.below(only_spins ? 2 : 16) == 0)) best = view.timed[0];
  const std::uint32_t change = change_points_[next_change_];
  return {best, change == kNoMore ? kUnlimited : change - view.point};
}

}  // namespace racecourse::schedule
