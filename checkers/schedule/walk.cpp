#include <racecourse/checkers/schedule/walk.h>

#include <algorithm>
#include <cmath>

namespace racecourse::schedule {

namespace {

// Now and then a timeout fires although somebody could run: a real thread can be late by any amount. -1: none.
int random_timer(const View& view, std::uint32_t others, Random& random) {
  if (!view.enabled.empty() && random.below(others == 0 ? 4 : 16) != 0) return -1;
  // Mostly the earliest one.
  const auto timers = static_cast<std::uint32_t>(view.timed.size());
  return view.timed[timers == 1 || random.below(4) != 0 ? 0 : random.below(timers)];
}

// The thread other than the current one, if that is among them, that `skip` others come before.
int nth_other(const View& view, std::uint32_t skip) {
  const std::uint16_t* thread = view.enabled.data();
  // One of two, mostly. Which one is random: no branch.
  if (view.enabled.size() == 2 && view.current_enabled) return thread[thread[0] == view.current];
  for (;; ++thread) {
    if (*thread == view.current) continue;
    if (skip-- == 0) return *thread;
  }
}

}  // namespace

int random_other(const View& view, Random& random) {
  const std::uint32_t others = static_cast<std::uint32_t>(view.enabled.size()) - (view.current_enabled ? 1 : 0);
  if (!view.timed.empty())
    if (const int timer = random_timer(view, others, random); timer >= 0) return timer;
  if (others == 0) return view.current;
  return nth_other(view, random.below(others));
}

Choice UniformWalk::choose(const View& view) {
  const auto n = static_cast<std::uint32_t>(view.enabled.size());
  if (view.current_enabled && n > 1 && view.timed.empty() && view.reason != Reason::yielded) {
    // As below, without a branch for what is random.
    const bool stays = random_.below(n) == 0;
    Random further = random_;
    const int other = nth_other(view, further.below(n - 1));
    random_ = stays ? random_ : further;
    return {stays ? view.current : other, 1};
  }
  if (view.reason == Reason::yielded) {
    if (random_.below(2) == 0) return {view.current, 1};
    return {random_other(view, random_), 1};
  }
  if (view.current_enabled && random_.below(n + (view.timed.empty() ? 0 : 1)) == 0) return {view.current, 1};
  return {random_other(view, random_), 1};
}

StickyWalk::StickyWalk(double switch_probability) {
  // Quantiles of the geometric distribution: the number of points until the next switch.
  const double stay = std::log1p(-std::clamp(switch_probability, 1e-6, 0.999));
  for (int i = 0; i < kQuantiles; ++i) {
    const double u = (i + 0.5) / kQuantiles;
    run_length_[i] = 1 + static_cast<std::uint32_t>(std::min(1e6, std::log(u) / stay));
  }
}

Choice StickyWalk::choose(const View& view) {
  const std::uint32_t points = run_length_[random_.next() >> 56];
  if (view.reason == Reason::started || (view.reason == Reason::yielded && random_.below(2) == 0))
    return {view.current < 0 ? view.enabled[0] : view.current, points};
  return {random_other(view, random_), points};
}

}  // namespace racecourse::schedule
