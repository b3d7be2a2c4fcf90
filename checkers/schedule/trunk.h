// The part of a search tree that is nobody's own: the nodes above the subtrees that processes explore at the same time.
//
// Optimal dynamic partial-order reduction is not made for that. A subtree adds sequences to its ancestors, which lead
// into branches to its right. When these are explored, all that leads into them is there, and so an execution in which
// the thread of a branch to the left still sleeps need not be gone on with: what it would have led to is planned if it
// is needed. So when branches are explored at the same time, these must remain open to sequences that come late.
//
// A branch is planned with a sequence that wakes all who sleep at its beginning. Only in the states on this path, of
// which there are few, can it matter whether something to the left goes on; behind it nobody sleeps, and all is
// explored whatever else comes. So this is what happens:
//  - who takes over a branch runs down its path, and gives the states on it to the trunk;
//  - what it wants of these states, or of those above, is told to the trunk: as in a wakeup tree, it is led from branch
//    to branch, also into such as are explored, until it comes to one behind which all is explored (then it is dropped)
//    or to where there is none (then it is planned);
//  - states on a path stay until all that goes on to the left of it has come to its end.
// So whoever explores what, and when, each trace is explored once, as by a search by one alone.
//
// Legal states: the branches of a node are taken over from left to right, and each only when it is known what those do
// that were taken over before (Branch::exact), for their threads sleep in it.
#pragma once

#include <racecourse/checkers/schedule/wakeup_tree.h>

#include <cstdint>
#include <span>
#include <vector>

namespace racecourse::schedule {

class Trunk {
 public:
  struct Node {
    std::int32_t parent;   // -1: none
    std::uint32_t origin;  // who explores what is below it
    std::uint32_t depth;   // steps before it
    Step step;             // the last one of these; of the first node none
    Branch* made;          // what that step did
    Branch* asleep;        // what sleeps there, then its own branches that were taken over, from left to right
    Branch* pending;       // its own branches that were not
    std::uint32_t live;    // how many of its branches go on
    std::uint32_t finished;
    std::uint32_t waits_for;  // an origin to the left that went on when it was last looked for one; 0: none is known
    std::uint64_t name;       // by which all shards know it (forest.h); 0: it is of this one alone
    bool shared;              // and other shards explore below it, too
    bool late;                // behind a branch of such a one that was not dealt out
    bool used;
  };

  explicit Trunk(Arena* arena)
      : arena_(*arena),
        nodes_(InArena<Node>(arena)),
        unused_(InArena<std::int32_t>(arena)),
        with_pending_(InArena<std::int32_t>(arena)),
        live_of_origin_(1, 0, InArena<std::uint32_t>(arena)) {}

  // What nodes are that are added from now on.
  void begin_nodes(bool named, bool late) {
    named_ = named;
    late_ = late;
  }
  // A node below `parent`, reached by `step`. `own`: the branch of the parent that leads there; null: there is none.
  std::int32_t add(std::int32_t parent, Branch* own, std::uint32_t depth, const Step& step, const Footprint& made,
                   std::span<const Answer> answers);
  Node& node(std::int32_t i) { return nodes_[static_cast<std::size_t>(i)]; }
  // The node with `depth` steps before it on the way to node i.
  std::int32_t above(std::int32_t i, std::uint32_t depth);
  // Branches for the lists of a node: the trunk's own.
  Arena& arena() { return arena_; }
  void put_to_sleep(std::int32_t i, Branch* branch, std::uint32_t origin);

  // Whether what `sequence` leads to from the node is or will be explored anyway.
  bool covers(std::int32_t i, std::span<Planned> sequence);
  // Sees to it that it will be.
  void insert(std::int32_t i, std::span<Planned> sequence);

  // A node from which a branch can be taken over: the one with the fewest steps before it, or the one with the most;
  // -1: there is none.
  std::int32_t with_pending(bool deepest);
  // The same, with the fewest steps, of nodes with names whose leftmost pending branch is dealt to somebody.
  std::int32_t with_dealt();
  // All of them, those with the fewest steps first.
  std::vector<std::int32_t> all_with_pending();
  std::uint64_t count_pending();
  // They are left to somebody else.
  void drop_pending(std::int32_t i);
  void add_pending(std::int32_t i) { with_pending_.push_back(i); }
  // The leftmost pending branch is taken over: it sleeps from now on.
  Branch* begin_pending(std::int32_t i);
  // A branch of the node that was taken over has come to its end.
  void finish(std::int32_t i, std::uint32_t origin);
  // Nodes that nobody needs any more go. They do no harm but that they take time and room.
  void sweep();
  bool is_to_sweep() const { return used_ > 2 * left_by_sweep_ + 64; }

  // Those who explore: several may share a number, where one branch has several answers.
  std::uint32_t new_origin();
  void join_origin(std::uint32_t origin) { ++live_of_origin_[origin]; }

  bool empty() const { return used_ == 0; }
  void clear();
  std::span<const Node> nodes() const { return nodes_; }

 private:
  std::int32_t lead(std::int32_t i, std::span<Planned> sequence);
  void tidy_pending();
  template <class Is>
  std::int32_t with_pending(bool deepest, const Is& is);
  bool is_needed(Node& node) const;
  void free_list(Branch*& first);
  void drop(Node& node);

  Arena& arena_;
  ArenaVector<Node> nodes_;
  ArenaVector<std::int32_t> unused_;
  ArenaVector<std::int32_t> with_pending_;  // all that have pending branches, and perhaps some others
  std::uint32_t left_by_sweep_ = 0;
  ArenaVector<std::uint32_t> live_of_origin_;
  std::uint32_t used_ = 0;
  bool named_ = false, late_ = false;
};

}  // namespace racecourse::schedule
