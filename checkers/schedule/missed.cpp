#include <racecourse/checkers/schedule/missed.h>

#include <algorithm>
#include <cmath>

namespace racecourse::schedule {

double missed(const Settings& settings, const Learnt& learnt, std::uint64_t executions, int depth) {
  constexpr std::uint64_t kCycle = 1000;  // turns repeat after few executions
  const auto strategy = make_strategy(settings);
  const double threads = std::max(1u, learnt.threads), points = std::max(1u, learnt.points);
  double log_missed = 0;
  for (std::uint64_t i = 0; i < std::min(kCycle, executions); ++i) {
    // One that looks for deeper bugs finds those that need less, with its own, smaller probability.
    const int looks_for = strategy->pct_depth(i);
    if (looks_for < depth) continue;
    log_missed += std::log1p(-1 / (threads * std::pow(points, looks_for - 1)));
  }
  if (executions > kCycle) log_missed *= static_cast<double>(executions) / static_cast<double>(kCycle);
  return std::exp(log_missed);
}

}  // namespace racecourse::schedule
