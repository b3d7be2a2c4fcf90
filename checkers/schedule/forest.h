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
// A tree can be dealt out to shards, which know nothing of each other. Each of them
//  - lets the tree grow: it runs a number of executions, from the states with the fewest steps before them on, and
//    gives all that is left to explore to the trunk. These states have names, and all shards find the same ones;
//  - deals what is left out: the branches of the first states one by one, and what lies below each state behind them as
//    a whole. Of the branches of others it runs one execution, or none;
//  - goes on as a search of the whole tree.
// States with names are explored as in source sets (J. ACM 64(4), 2017), not by wakeup trees: a branch is a single
// step, and behind it all is explored that does not begin with what sleeps. So it makes no difference to anybody what
// is explored in other branches, and those that two shards are dealt have no trace in common. The price: what is
// planned behind such a branch cannot be asked to wake those who sleep since then (Branch::loose), because what would
// wake them may not be known where it is planned. It is dropped only if it has their steps. So some executions are
// given up half way. All that is not below a state with a name is explored by wakeup trees, which wake all others who
// sleep.
//
// All shards together explore every trace. For take one that nobody did, the state at which it leaves what is explored,
// and of the branches from there, of all shards, the one that goes on with it longest before a step of the trace
// depends on it. Who explores what is behind that branch has seen the two the other way round, and wants a branch that
// goes with the trace still longer. If no branch that was dealt has its first step, it is late: this shard explores it,
// and so does another one that wants it, too. Of traces behind late branches the names are kept, so that those who
// join the parts count each once. (Where 2 to 5 shards share 50,000 traces of six threads, fewer than one in a hundred
// is explored twice; of most programs none is.)
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
#include <span>
#include <unordered_set>

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

  // ---- shards (forest_shard.cpp), by one process alone until the tree is dealt out
  // When it is dealt out: after so many executions for each shard that little is left to be found out of the first
  // states, and when there are so many branches for each that none gets much more than its part. A tree that has never
  // so many at a time is dealt out as it is.
  struct Growth {
    std::uint64_t least_each = 128, most = 16384;
    std::uint64_t branches_each = 16;
  };
  // This is number `index` of `count`, from 1. Before anything is explored.
  void set_shard(std::uint8_t index, std::uint8_t count, const Growth& growth);
  bool is_dealt() const { return phase_ == Phase::own; }
  // Executions that this one runs, and another one counts.
  std::uint64_t traces_of_others() const { return traces_of_others_; }
  std::uint64_t redundant_of_others() const { return redundant_of_others_; }
  // Traces that other shards may have seen as well, and their names: of all, unless they are more than kMostLate.
  static constexpr std::uint64_t kMostLate = 1 << 18;
  using Names =
      std::unordered_set<std::uint64_t, std::hash<std::uint64_t>, std::equal_to<std::uint64_t>, InArena<std::uint64_t>>;
  std::uint64_t late_traces() const { return late_traces_; }
  std::span<const std::uint64_t> late() const { return late_; }
  // Executions repeat, so that any trace may have been seen by other shards; and the names of all of them.
  bool repeats() const { return repeats_; }
  const Names& seen() const { return seen_; }
  // How the tree was dealt out. Shards for which it differs were dealt parts of different trees.
  std::uint64_t split() const { return split_; }

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
    std::atomic<double> share;        // of the tree, about
    bool has_run;                     // since it took over its branch
    std::uint8_t dealt_to;            // of that branch
    bool late;                        // see Trunk::Node
    std::uint64_t traces, redundant;  // of its search, when it was last looked at
  };
  enum class Phase : std::uint8_t { grow, deal, own };

  void give_branch(Lane& lane, std::int32_t node);
  void split(Lane& lane);
  bool can_go_on(const Lane& lane) const;
  void give_path(Lane& lane);
  void deliver(Lane& lane);
  void learn_own_step(Lane& lane);
  void retire(Lane& lane);
  void estimate();
  void look_at(Lane& lane);
  void take_names(Lane& lane);
  void put_away(Lane& lane);
  void deal_below(const Lane& lane);
  void deal_out();
  std::uint64_t count_parts(std::span<const std::int32_t> with_pending, std::uint32_t depth);
  std::int32_t next_node();

  Trunk trunk_;
  std::array<Lane, kLanes> lanes_{};
  unsigned current_ = 0;             // of one process alone
  std::atomic<double> finished_{0};  // part of the tree
  Phase phase_ = Phase::own;
  std::uint8_t shard_ = 1, shards_ = 1;
  Growth growth_;
  std::uint64_t grown_ = 0;  // executions
  std::uint64_t traces_of_others_ = 0, redundant_of_others_ = 0;
  std::uint64_t split_ = 0;
  std::uint64_t late_traces_ = 0;
  ArenaVector<std::uint64_t> late_;
  bool repeats_ = false;     // Systematic::repeats
  bool names_all_ = true;    // traces
  std::uint64_t again_ = 0;  // of the traces: those that were seen before
  Names seen_;               // if it names all
  Outbox kept_;              // while the tree is dealt out: what is wanted of its nodes, by their numbers
};

}  // namespace racecourse::schedule
