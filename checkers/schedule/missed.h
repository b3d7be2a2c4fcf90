// How likely it is that a search which found nothing has missed a bug.
//
// Only PCT promises anything: each of its executions with depth d shows a bug of depth d with a probability of at least
// 1 / (n k^(d-1)), for n threads and k scheduling points (Burckhardt et al., ASPLOS 2010). The other strategies of the
// default find most bugs sooner, but promise nothing, so they do not count here.
#pragma once

#include <racecourse/checkers/schedule/strategy.h>

#include <cstdint>

namespace racecourse::schedule {

// An upper bound for the probability that no execution before number `executions` showed a bug of this depth (at least
// 1): one that this many ordering constraints suffice to show. 1 where the strategy promises nothing.
double missed(const Settings& settings, const Learnt& learnt, std::uint64_t executions, int depth);

}  // namespace racecourse::schedule
