#include <racecourse/checkers/control/shrink.h>
#include <racecourse/checkers/schedule/strategy.h>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace racecourse::control {
namespace {

using schedule::Schedule;
using schedule::Segment;
using Segments = std::vector<Segment>;

// A replay costs this much beside its ticks: a process has to be made for it.
constexpr std::uint64_t kTicksOfAReplay = 5'000;

// Ticks as a candidate's middle segment needs them: 0 means "until the end" and only fits the last one.
std::uint32_t as_middle(std::uint32_t ticks) { return ticks == 0 ? schedule::kUnlimited : ticks; }

std::uint32_t add_ticks(std::uint32_t a, std::uint32_t b) {
  if (a == 0 || b == 0) return 0;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(std::uint64_t{a} + b, schedule::kUnlimited));
}

// Neighbours of one thread become one segment.
Segments joined(const Segments& segments) {
  Segments result;
  for (const Segment& segment : segments) {
    if (!result.empty() && result.back().thread == segment.thread) {
      result.back().ticks = add_ticks(result.back().ticks, segment.ticks);
    } else {
      result.push_back(segment);
    }
  }
  for (std::size_t i = 0; i + 1 < result.size(); i++) result[i].ticks = as_middle(result[i].ticks);
  return result;
}

class Shrinker {
 public:
  Shrinker(const std::function<Attempt(const Schedule&)>& replay, const ShrinkBudget& budget)
      : replay_(replay), budget_(budget), last_replay_(budget.replays) {}

  Shrunk run(const Schedule& start) {
    Shrunk result;
    result.schedule = start;
    result.from = result.to = schedule::switches(start);
    Attempt first = attempt(start);
    if (first.same) {
      result.reproduced = true;
      result.ticks_from = current_ticks_ = first.ticks;
      current_ = std::move(first.recorded);
      if (!accept(Schedule{})) {
        while (round()) continue;
      }
      length_counts_ = true;
      last_replay_ = std::min(budget_.replays, replays_ + budget_.replays_for_length);
      while (hand_over_earlier()) continue;
      result.to = schedule::switches(current_);
      result.ticks_to = current_ticks_;
      result.schedule = trimmed();
    }
    result.replays = replays_;
    return result;
  }

 private:
  // One pass of every move; true if any of them made the schedule shorter.
  bool round() {
    bool shorter = false;
    shorter |= cut_tail();
    shorter |= drop_ranges();
    shorter |= extend();
    shorter |= merge();
    shorter |= drop_picks();
    return shorter && !exhausted();
  }

  // Ends the schedule early: what the default rule does from there on may show the same.
  bool cut_tail() {
    bool shorter = false;
    for (std::size_t length = size() / 2; length >= 1; length /= 2) {
      while (size() > length && !exhausted()) {
        Segments candidate(segments().begin(), segments().end() - static_cast<std::ptrdiff_t>(length));
        if (!accept_segments(candidate)) break;
        shorter = true;
      }
    }
    return shorter;
  }

  bool drop_ranges() {
    bool shorter = false;
    for (std::size_t length = size() / 2; length >= 1; length /= 2) {
      for (std::size_t at = 0; at < size() && !exhausted();) {
        Segments candidate = segments();
        const auto begin = candidate.begin() + static_cast<std::ptrdiff_t>(at);
        candidate.erase(begin, begin + static_cast<std::ptrdiff_t>(std::min(length, candidate.size() - at)));
        if (accept_segments(candidate)) {
          shorter = true;
        } else {
          at += length;
        }
      }
    }
    return shorter;
  }

  // Lets a thread run on until it blocks instead of preempting it.
  bool extend() {
    bool shorter = false;
    for (std::size_t at = 0; at + 1 < size() && !exhausted(); at++) {
      Segments candidate = segments();
      candidate[at].ticks = schedule::kUnlimited;
      shorter |= accept_segments(candidate);
    }
    return shorter;
  }

  // Does two turns of a thread in one, at the time of the earlier or of the later.
  bool merge() {
    bool shorter = false;
    for (std::size_t at = 0; at + 2 < size() && !exhausted(); at++) {
      const auto same_thread = [&](const Segment& segment) { return segment.thread == segments()[at].thread; };
      const auto from = segments().begin() + static_cast<std::ptrdiff_t>(at) + 1;
      const auto next =
          static_cast<std::size_t>(std::find_if(from, segments().end(), same_thread) - segments().begin());
      if (next >= size()) continue;
      for (const bool early : {true, false}) {
        Segments candidate = segments();
        const std::uint32_t ticks = add_ticks(candidate[at].ticks, candidate[next].ticks);
        candidate[early ? at : next].ticks = ticks;
        candidate.erase(candidate.begin() + static_cast<std::ptrdiff_t>(early ? next : at));
        if (accept_segments(candidate)) {
          shorter = true;
          break;
        }
      }
    }
    return shorter;
  }

  bool drop_picks() {
    if (current_.picks.empty()) return false;
    if (accept({current_.segments, {}})) return true;
    bool shorter = false;
    for (std::size_t at = current_.picks.size(); at-- > 0 && !exhausted();) {
      if (at >= current_.picks.size()) continue;
      Schedule candidate = current_;
      candidate.picks.erase(candidate.picks.begin() + static_cast<std::ptrdiff_t>(at));
      shorter |= accept(candidate);
    }
    return shorter;
  }

  // Lets threads run less far before the next one takes over, by halves of what they ran. What a thread leaves undone
  // it does in its next turn, which is as long as it was, or longer by that much.
  bool hand_over_earlier() {
    bool shorter = false;
    for (std::size_t at = 0; at + 1 < size(); at++) {
      for (std::uint32_t cut = segments()[at].ticks / 2; cut > 0 && !exhausted();) {
        if (at + 1 >= size() || segments()[at].ticks <= cut || segments()[at].ticks == schedule::kUnlimited) break;
        if (accept_cut(at, cut, false) || accept_cut(at, cut, true)) {
          shorter = true;
        } else {
          cut /= 2;
        }
      }
    }
    return shorter && !exhausted();
  }

  bool accept_cut(std::size_t at, std::uint32_t cut, bool made_up_for) {
    Segments candidate = segments();
    candidate[at].ticks -= cut;
    if (made_up_for) {
      const auto same_thread = [&](const Segment& segment) { return segment.thread == candidate[at].thread; };
      const auto next =
          std::find_if(candidate.begin() + static_cast<std::ptrdiff_t>(at) + 1, candidate.end(), same_thread);
      if (next == candidate.end()) return false;
      next->ticks = add_ticks(next->ticks, cut);
    }
    return accept_segments(candidate);
  }

  // The shortest beginning of the schedule that the default rule completes to the very same execution. If one length
  // will do, so will every greater one, so it can be searched for by halving.
  Schedule trimmed() {
    const Schedule whole = current_;
    std::size_t too_short = 0;
    std::size_t enough = whole.segments.size();
    const auto completes = [&](std::size_t length) {
      Schedule candidate = whole;
      candidate.segments.resize(length);
      const Attempt result = attempt(candidate);
      return result.same && result.recorded == whole;
    };
    if (enough == 0 || completes(0)) return {{}, whole.picks};
    while (enough - too_short > 1) {
      const std::size_t middle = too_short + (enough - too_short) / 2;
      (completes(middle) ? enough : too_short) = middle;
    }
    Schedule result = whole;
    result.segments.resize(enough);
    return result;
  }

  // ---- candidates

  const Segments& segments() const { return current_.segments; }
  std::size_t size() const { return current_.segments.size(); }
  bool exhausted() const { return replays_ >= last_replay_ || ticks_ >= budget_.ticks; }

  // Fewest switches first: that is what a reader has to follow. The length is left out of account until there are as
  // few as there can be: a shorter run may be harder to make simple.
  auto cost(const Schedule& schedule, std::uint64_t ticks) const {
    return std::tuple(schedule::switches(schedule), length_counts_ ? ticks : 0, schedule.picks.size(),
                      schedule.segments.size());
  }

  Attempt attempt(const Schedule& candidate) {
    replays_++;
    Attempt result = replay_(candidate);
    ticks_ += result.ticks + kTicksOfAReplay;
    return result;
  }

  // Goes on from what the candidate led to, if that is shorter and shows the finding.
  bool accept(const Schedule& candidate) {
    if (exhausted()) return false;
    Attempt result = attempt(candidate);
    if (!result.same || cost(result.recorded, result.ticks) >= cost(current_, current_ticks_)) return false;
    current_ = std::move(result.recorded);
    current_ticks_ = result.ticks;
    return true;
  }
  bool accept_segments(const Segments& candidate) { return accept({joined(candidate), current_.picks}); }

  const std::function<Attempt(const Schedule&)>& replay_;
  const ShrinkBudget budget_;
  std::uint64_t last_replay_;
  Schedule current_;
  std::uint64_t current_ticks_ = 0;
  bool length_counts_ = false;
  std::uint64_t replays_ = 0;
  std::uint64_t ticks_ = 0;
};

}  // namespace

Shrunk shrink(const Schedule& start, const std::function<Attempt(const Schedule&)>& replay,
              const ShrinkBudget& budget) {
  return Shrinker(replay, budget).run(start);
}

}  // namespace racecourse::control
