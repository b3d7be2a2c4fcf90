#include <racecourse/checkers/schedule/pos.h>

namespace racecourse::schedule {

void Pos::begin(std::uint64_t execution, std::uint64_t seed, const Learnt&) {
  random_.reseed(seed ^ execution << 20);
  priorities_.begin();
  executed_ = {};
}

Choice Pos::choose(const View& view) {
  priorities_.look(view);
  const Pending executed = executed_;
  Greatest greatest;
  for (const std::uint16_t thread : view.enabled) {
    if (thread != view.current && conflict(executed, view.pending[thread])) priorities_.redraw(thread);
    greatest.offer(thread, priorities_.of(thread, random_));
  }
  const int best = or_timer(greatest.thread(), view, random_);
  assign(executed_, view.pending[static_cast<std::size_t>(best)]);
  return {best, 1};
}

}  // namespace racecourse::schedule
