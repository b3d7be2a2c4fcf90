// How many different traces a search has seen, and how likely it is that its next execution shows a new one.
//
// The estimate is Good's ("The population frequencies of species and the estimation of population parameters",
// Biometrika 1953): the traces that were not seen yet have together about the probability n1 / n, where n is the number
// of executions and n1 how many traces came up in exactly one of them. Deviation: it holds for independent draws from
// one distribution, while strategies take turns and learn here; it is an estimate of what the search finds, and says
// nothing of traces that no strategy would ever show.
#pragma once

#include <cstdint>
#include <vector>

namespace racecourse::schedule {

// To look at an execution costs about as much again as to make it: all of a search's first executions are looked at,
// and then one in some, by their numbers, so that the same seed always means the same.
inline constexpr std::uint64_t kAllLookedAt = 4096;
inline constexpr std::uint64_t kLookedAtOneIn = 32;
inline bool is_looked_at(std::uint64_t execution) {
  return execution < kAllLookedAt || execution % kLookedAtOneIn == 0;
}

// Grows as it is used, up to a size: kMost traces.
class DistinctTraces {
 public:
  static constexpr std::uint64_t kMost = 3u << 18;

  void add(std::uint64_t digest);

  std::uint64_t looked_at() const { return looked_at_; }
  // At most kMost: then it is full, and there may be more.
  std::uint64_t count() const { return count_; }
  bool is_full() const { return count_ == kMost; }
  // That the next execution that is looked at shows a new trace; 1 if none was. Not while it is full.
  double next_is_new() const;

 private:
  // Digests without their lowest bit, which says that it came again. 0: free.
  static constexpr std::uint64_t kAgain = 1;

  std::uint64_t& slot_of(std::uint64_t digest);
  void grow();

  std::uint64_t looked_at_ = 0;
  std::uint64_t count_ = 0;
  std::uint64_t again_ = 0;  // of them: seen more than once
  std::vector<std::uint64_t> slots_;
};

}  // namespace racecourse::schedule
