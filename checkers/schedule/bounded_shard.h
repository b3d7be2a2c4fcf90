// How the tree of a search with a bound on preemptions is dealt out to shards, which know nothing of each other.
//
// A state has a name, and all shards find the same ones. For each bound each of them
//  - explores what has fewer than a number of choices before it, and no further. If there are too few states with just
//    so many for all shards to get their part, it does so again with more;
//  - deals out these states;
//  - explores the tree again, but of these states only its own. What it comes to from there that has been seen before
//    the tree was dealt out is left to whoever explores it from above.
// The last is right because a state has more steps before it than those from which it is reached: so somebody does
// explore it in the end. A trace may be reached from states of several shards: those who join the parts have its
// digest, and count it once.
#pragma once

#include <racecourse/checkers/schedule/state_name.h>

#include <cstdint>

namespace racecourse::schedule {

class BoundedShard {
 public:
  explicit BoundedShard(Arena* arena);

  // Number `index` of `count`, from 1.
  void set(std::uint64_t index, std::uint64_t count);
  void restart() { set(index_, count_); }
  bool is_one() const { return count_ > 1; }

  // Before the tree of a bound is explored.
  void begin_bound();
  // Whether this shard explores the state, or may leave it out. `left`: preemptions. `choices`: states before it in
  // which there was something to choose; `has_choice`: whether it is another one.
  bool explores(const StateName& state, int left, std::uint32_t choices, bool has_choice);
  // The tree was explored, by so many executions; whether it has to be again.
  bool goes_on(std::uint64_t executions);
  // That was all of the tree, and all shards have explored it.
  bool is_common() const { return is_one() && phase_ == Phase::grow && dealt_.empty(); }

  // Executions that every shard runs, to find out what to deal.
  std::uint64_t common_executions() const { return common_executions_; }
  // How the tree was dealt out. Shards for which it differs were dealt parts of different trees.
  std::uint64_t split() const { return split_; }

 private:
  enum class Phase : std::uint8_t { grow, own };

  std::uint64_t index_ = 1, count_ = 1;
  Phase phase_ = Phase::own;
  std::uint32_t choices_ = 0;    // before the states that are dealt out
  ByName<std::uint64_t> dealt_;  // they, and their numbers
  ByName<int> seen_;             // before they were; with the most preemptions that were left
  std::uint64_t common_executions_ = 0;
  std::uint64_t split_ = 0;
};

}  // namespace racecourse::schedule
