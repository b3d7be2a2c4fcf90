// One tree, explored in parts by several processes, so that nobody can tell how many they were.
//
// A lane is a search with an arena of its own. At first the first lane has the whole tree. In a round every lane with
// something to explore runs a number of executions that was fixed before, whoever runs it and whenever; what it wants
// of the trunk (trunk.h) waits. After the round this is done, in the order of the lanes, and those that are at their
// end get branches from the trunk; the trunk gets some from the lane that can give the greatest part, which is taken to
// be the one with the fewest steps before it. So what is explored in which round is a function of the tree.
//
// A tree with little to share is better explored by one process alone: then the lanes take turns, what they want of the
// trunk is done at once, and they go on with what is deepest there. Such are trees of programs in which each thread
// depends on what another one has done just before, like a row of cells that each take over from their neighbour: what
// is planned are whole executions, almost to their end, so that a branch is a long path with a single execution at its
// end. What else is to be explored is found at the states on the path, which are the trunk's; and a round can only run
// what the trunk knew when it began.
//
// (After the usual way to share a depth-first search, by stealing work close to the root: Rao, Kumar, "Parallel Depth
// First Search", Int. J. Parallel Programming 16, 1987. Deviation: in rounds, for the sake of the same result.)
#pragma once

#include <racecourse/checkers/schedule/optimal.h>
#include <racecourse/checkers/schedule/trunk.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>

namespace racecourse::schedule {

class Forest {
 public:
  static constexpr unsigned kLanes = 16;

  // All in memory that is shared: its own, and that of each lane.
  Forest(Arena* own, const std::array<Arena*, kLanes>& of_lanes);

  // ---- one process alone
  // The search to go on with; null: all is explored.
  Optimal* next();
  void restart();

  // ---- rounds
  // Gives every lane something to explore, and says whether that is enough for a round.
  bool deal();
  // Null: there is nothing to explore for it in this round.
  Optimal* lane(unsigned i);
  // All begins anew after the round, because of something that the lane has seen.
  void put_off_restart(unsigned i) { lanes_[i].restarts = true; }
  // After it.
  void settle();

  bool exhausted() const;
  unsigned current() const { return current_; }
  // Every lane's, whether or not it has something to explore.
  Optimal& search(unsigned i) { return *lanes_[i].search; }
  std::uint64_t traces() const;
  std::uint64_t redundant() const;
  bool diverged() const;
  double part_explored() const;

 private:
  struct Lane {
    Optimal* search;
    Branch* own;  // of the node of the trunk, below which it explores; null: it has the whole tree
    bool live;
    bool restarts;
    std::atomic<double> share;  // of the tree, about
  };

  void give_branch(Lane& lane, std::int32_t node);
  void split(Lane& lane);
  bool can_go_on(const Lane& lane) const;
  void give_path(Lane& lane);
  void deliver(Lane& lane);
  void learn_own_step(Lane& lane);
  void retire(Lane& lane);
  void estimate();

  Trunk trunk_;
  std::array<Lane, kLanes> lanes_{};
  unsigned current_ = 0;             // of one process alone
  std::atomic<double> finished_{0};  // part of the tree
};

}  // namespace racecourse::schedule
