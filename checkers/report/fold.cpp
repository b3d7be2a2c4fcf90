#include <racecourse/checkers/report/trace_select.h>

#include <algorithm>

namespace racecourse::report {
namespace {

constexpr std::size_t kLongestRound = 12;
// Rounds whose values differ say more than their number until there are many of them.
constexpr std::size_t kFewestChangingRounds = 4;
// Looks at each thing, on average, before a stretch is called waiting.
constexpr std::size_t kFewestLooks = 4;

bool same_step(const Event& a, const Event& b) {
  return a.thread == b.thread && a.op == b.op && a.address == b.address && a.pc == b.pc && a.op != Op::finding;
}

bool only_looks(Op op) {
  return op == Op::read || op == Op::atomic_load || op == Op::cas_failure || op == Op::mutex_try_failed ||
         op == Op::yield || op == Op::spin;
}

bool same_value(const Event& a, const Event& b) {
  return a.value == b.value && a.old_value == b.old_value && a.value_known == b.value_known;
}

class Folder {
 public:
  Folder(const Trace& trace, const std::vector<std::uint32_t>& events) : trace_(trace), events_(events) {}

  std::vector<Step> run() {
    std::vector<Step> steps;
    for (std::size_t at = 0; at < events_.size();) {
      const auto [length, rounds] = best_round(at);
      if (const Waiting waiting = waiting_from(at); waiting.length > length * rounds) {
        steps.insert(steps.end(), waiting.steps.begin(), waiting.steps.end());
        at += waiting.length;
        continue;
      }
      for (std::size_t i = 0; i < length; ++i) {
        Step step;
        step.event = events_[at + i];
        step.last = events_[at + i + (rounds - 1) * length];
        step.repeat = static_cast<std::uint32_t>(rounds);
        step.group = static_cast<std::uint32_t>(length);
        step.ends_group = i + 1 == length;
        steps.push_back(step);
      }
      at += length * rounds;
    }
    return steps;
  }

 private:
  struct Round {
    std::size_t length;
    std::size_t count;
  };

  // The shortest round starting at `at` that repeats often enough.
  Round best_round(std::size_t at) const {
    for (std::size_t length = 1; length <= kLongestRound; ++length) {
      std::size_t count = 1;
      bool constant = true;
      while (at + (count + 1) * length <= events_.size() && repeats(at, length, count, constant)) ++count;
      if (count >= kFewestChangingRounds || (count >= 2 && constant)) return {length, count};
    }
    return {1, 1};
  }

  struct Waiting {
    std::size_t length = 0;
    std::vector<Step> steps;
  };

  // Steps from `at` on that change nothing and learn nothing; empty if there are too few to be worth it.
  Waiting waiting_from(std::size_t at) const {
    Waiting waiting;
    for (; at + waiting.length < events_.size(); ++waiting.length) {
      const std::uint32_t index = events_[at + waiting.length];
      const Event& now = trace_.events[index];
      if (!only_looks(now.op)) break;
      const auto known = std::find_if(waiting.steps.begin(), waiting.steps.end(),
                                      [&](const Step& step) { return same_step(trace_.events[step.event], now); });
      if (known == waiting.steps.end()) {
        if (waiting.steps.size() == kLongestRound) break;
        waiting.steps.push_back({index, index, 1, 1, true});
      } else {
        if (!same_value(trace_.events[known->event], now)) break;
        known->last = index;
        ++known->repeat;
      }
    }
    if (waiting.length < kFewestLooks * waiting.steps.size()) return {};
    return waiting;
  }

  bool repeats(std::size_t at, std::size_t length, std::size_t round, bool& constant) const {
    bool unchanged = true;
    for (std::size_t i = 0; i < length; ++i) {
      const Event& first = event(at + i);
      const Event& next = event(at + round * length + i);
      if (!same_step(first, next)) return false;
      unchanged &= same_value(first, next);
    }
    // Two equal rounds followed by a different one stay two equal rounds.
    if (!unchanged && constant && round >= 2 && !many_follow(at, length, round)) return false;
    constant &= unchanged;
    return true;
  }

  bool many_follow(std::size_t at, std::size_t length, std::size_t round) const {
    const std::size_t end = at + (round + kFewestChangingRounds) * length;
    if (end > events_.size()) return false;
    for (std::size_t i = at + round * length; i < end; ++i) {
      if (!same_step(event(i), event(i - length))) return false;
    }
    return true;
  }

  const Event& event(std::size_t i) const { return trace_.events[events_[i]]; }

  const Trace& trace_;
  const std::vector<std::uint32_t>& events_;
};

}  // namespace

std::vector<Step> fold(const Trace& trace, const std::vector<std::uint32_t>& events) {
  return Folder(trace, events).run();
}

}  // namespace racecourse::report
