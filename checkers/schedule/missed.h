// How likely it is that a search which found nothing has missed a bug.
//
// Only PCT promises anything: each of its executions with depth d shows a bug of depth d with a probability of at least
// 1 / (n k^(d-1)), for n threads and k scheduling points (Burckhardt et al., ASPLOS 2010). The other strategies of the
// default find most bugs sooner, but promise nothing, so they do not count here.
#pragma once

#include <racecourse/checkers/schedule/strategy.h>

#include <array>
#include <cstdint>

namespace racecourse::schedule {

// Executions by Strategy::pct_depth().
using PctExecutions = std::array<std::uint64_t, kMaxDepths>;

// An upper bound for the probability that none of them showed a bug of this depth (at least 1): one that this many
// ordering constraints suffice to show. 1 where nothing is promised.
double missed(const PctExecutions& executions, const Learnt& learnt, int depth);

}  // namespace racecourse::schedule
