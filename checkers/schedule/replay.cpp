#include <racecourse/checkers/schedule/replay.h>

#include <algorithm>

namespace racecourse::schedule {

namespace {

bool contains(std::span<const std::uint16_t> threads, std::uint32_t thread) {
  return std::find(threads.begin(), threads.end(), thread) != threads.end();
}

}  // namespace

int default_choice(const View& view) {
  if (view.current_enabled && view.reason != Reason::yielded) return view.current;
  int next = -1;
  int lowest = -1;
  for (const int thread : view.enabled) {
    if (lowest < 0 || thread < lowest) lowest = thread;
    if (thread > view.current && (next < 0 || thread < next)) next = thread;
  }
  // Somebody who yields alone waits for a timer.
  const bool alone = lowest < 0 || (view.enabled.size() == 1 && view.current_enabled);
  if (alone && !view.timed.empty()) return view.timed[0];
  return next >= 0 ? next : lowest;
}

void Replay::begin(std::uint64_t, std::uint64_t, const Learnt&) {
  next_segment_ = 0;
  next_pick_ = 0;
  pick_ordinal_ = 0;
  deviated_ = false;
}

Choice Replay::choose(const View& view) {
  while (next_segment_ < schedule_.segments.size()) {
    const Segment& segment = schedule_.segments[next_segment_++];
    if (contains(view.enabled, segment.thread) || contains(view.timed, segment.thread))
      return {static_cast<int>(segment.thread), segment.ticks == 0 ? kUnlimited : segment.ticks};
    deviated_ = true;
  }
  return {default_choice(view), kUnlimited};
}

std::uint32_t Replay::pick(std::uint32_t n) {
  const std::uint32_t ordinal = pick_ordinal_++;
  const auto& picks = schedule_.picks;
  while (next_pick_ < picks.size() && picks[next_pick_].ordinal < ordinal) ++next_pick_;
  if (next_pick_ == picks.size() || picks[next_pick_].ordinal != ordinal) return 0;
  if (picks[next_pick_].value < n) return picks[next_pick_].value;
  deviated_ = true;
  return n - 1;
}

}  // namespace racecourse::schedule
