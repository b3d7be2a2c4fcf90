#include <racecourse/checkers/schedule/pos.h>

namespace racecourse::schedule {

void Pos::begin(std::uint64_t execution, std::uint64_t seed, const Learnt&) {
  random_.reseed(seed ^ execution << 20);
  priorities_.begin();
  executed_ = {};
}

Choice Pos::choose(const View& view) {
  if (view.current >= 0) {
    if (view.reason == Reason::yielded)
      priorities_.demote(view.current);
    else
      priorities_.redraw(view.current);
  }
  int best = -1;
  std::int64_t highest = 0;
  for (const std::uint16_t thread : view.enabled) {
    if (thread != view.current && conflict(executed_, view.pending[thread])) priorities_.redraw(thread);
    const std::int64_t priority = priorities_.of(thread, random_);
    if (best >= 0 && priority <= highest) continue;
    best = thread;
    highest = priority;
  }
  best = or_timer(best, view, random_);
  executed_ = view.pending[static_cast<std::size_t>(best)];
  return {best, 1};
}

}  // namespace racecourse::schedule
