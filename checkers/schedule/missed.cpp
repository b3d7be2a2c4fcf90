#include <racecourse/checkers/schedule/missed.h>

#include <algorithm>
#include <cmath>

namespace racecourse::schedule {

double missed(const PctExecutions& executions, const Learnt& learnt, int depth) {
  const double threads = std::max(1u, learnt.threads), points = std::max(1u, learnt.points);
  double log_missed = 0;
  // Those that look for deeper bugs find those that need less, with their own, smaller probability.
  for (auto of = static_cast<std::size_t>(depth); of < executions.size(); ++of)
    log_missed += static_cast<double>(executions[of]) *
                  std::log1p(-1 / (threads * std::pow(points, static_cast<double>(of) - 1)));
  return std::exp(log_missed);
}

}  // namespace racecourse::schedule
