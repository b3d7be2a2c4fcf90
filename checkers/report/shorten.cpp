#include <racecourse/checkers/report/trace_select.h>

#include <algorithm>
#include <numeric>

namespace racecourse::report {
namespace {

// Importance of each step by what it is, and by how near it lies to a switch or to the end.
std::vector<int> weigh(const Trace& trace, const std::vector<Step>& steps) {
  std::vector<int> weight(steps.size(), 0);
  const auto thread = [&](std::size_t i) { return trace.events[steps[i].event].thread; };
  const auto near_switch = [&](std::size_t i) {
    return (i > 0 && thread(i) != thread(i - 1)) || (i + 1 < steps.size() && thread(i) != thread(i + 1));
  };
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Event& event = trace.events[steps[i].event];
    if (event.op == Op::finding) weight[i] += 10'000;
    if (near_switch(i)) weight[i] += 40;
    for (const RawFinding& finding : trace.findings) {
      if (event.address != 0 && overlap(event.address, event.size, finding.address, finding.access_size)) {
        weight[i] += 60;
        break;
      }
    }
    if (is_write(event.op) || is_sync(event.op)) weight[i] += 10;
    // What happened last explains the finding; up to 100 for it.
    weight[i] += static_cast<int>(100 * (i + 1) / steps.size());
    const bool last_of_thread =
        std::none_of(steps.begin() + static_cast<std::ptrdiff_t>(i) + 1, steps.end(), [&](const Step& s) {
          return trace.events[s.event].thread == event.thread && trace.events[s.event].op != Op::finding;
        });
    if (last_of_thread) weight[i] += 1'000;
  }
  return weight;
}

}  // namespace

Shortened shorten_steps(const Trace& trace, const std::vector<Step>& steps, std::size_t most) {
  std::vector<bool> keep(steps.size(), true);
  // Weighing is quadratic in the worst case: of very long traces only the end is considered.
  constexpr std::size_t kConsidered = 2'000;
  const std::size_t from = steps.size() > kConsidered ? steps.size() - kConsidered : 0;
  std::fill(keep.begin(), keep.begin() + static_cast<std::ptrdiff_t>(from), false);
  const std::vector<Step> considered(steps.begin() + static_cast<std::ptrdiff_t>(from), steps.end());
  if (considered.size() > most) {
    const std::vector<int> weight = weigh(trace, considered);
    std::vector<std::size_t> by_weight(considered.size());
    std::iota(by_weight.begin(), by_weight.end(), 0u);
    std::stable_sort(by_weight.begin(), by_weight.end(),
                     [&](std::size_t a, std::size_t b) { return weight[a] > weight[b]; });
    for (std::size_t i = most; i < by_weight.size(); ++i) keep[from + by_weight[i]] = false;
  }

  // A line that says "1 step left out" could be that step.
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool alone = (i == 0 || keep[i - 1]) && (i + 1 == steps.size() || keep[i + 1]);
    if (alone) keep[i] = true;
  }

  Shortened result;
  Gap gap;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (keep[i]) {
      result.steps.push_back(steps[i]);
      result.gaps.push_back(gap);
      gap = {};
      continue;
    }
    gap.steps += steps[i].repeat;
    const std::uint16_t thread = trace.events[steps[i].event].thread;
    if (std::find(gap.threads.begin(), gap.threads.end(), thread) == gap.threads.end()) gap.threads.push_back(thread);
  }
  result.gaps.push_back(gap);
  return result;
}

}  // namespace racecourse::report
