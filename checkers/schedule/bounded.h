// All executions with at most so many preemptions: Musuvathi, Qadeer, "Iterative Context Bounding for Systematic
// Testing of Multithreaded Programs", PLDI 2007 (CHESS), for the bounds 0, 1, 2, ... one after the other, so that what
// is found first needs the fewest.
//
// A preemption is a switch away from a thread that is able to go on. Depth first; a state is given up if it was reached
// before by the same trace, with the same thread running and no fewer preemptions left: after Musuvathi, Qadeer,
// "Partial-Order Reduction for Context-Bounded State Exploration", MSR-TR-2007-12. A trace is known by a 128-bit digest
// of what happened before what.
//
// Deviation: a thread that turns out to wait for something closed is found out by running it, which costs no
// preemption.
//
// The tree of each bound can be dealt out to shards: bounded_shard.h.
#pragma once

#include <racecourse/checkers/schedule/bounded_shard.h>
#include <racecourse/checkers/schedule/state_name.h>
#include <racecourse/checkers/schedule/systematic.h>
#include <racecourse/checkers/schedule/trace_name.h>

#include <vector>

namespace racecourse::schedule {

class Bounded final : public Systematic {
 public:
  Bounded(Arena* arena, int preemptions);

  void begin() override;
  int choose(std::span<const std::uint16_t> able, int current, int reluctant = -1) override;
  void refuse() override;
  std::uint32_t answer(std::uint32_t n) override;
  void end() override;
  bool exhausted() const override { return exhausted_; }
  void restart() override;
  int preemptions() const override { return exhausted_ && !cut_ ? -1 : bound_; }

  // This is number `index` of `count`, from 1. Before anything is explored.
  void set_shard(std::uint64_t index, std::uint64_t count) { shard_.set(index, count); }
  const BoundedShard& shard() const { return shard_; }
  // Of the traces: the same for all shards.
  std::vector<std::uint64_t> digests() const;

 private:
  // The state before step i: who is to be tried there, the one who ran before first.
  struct Node {
    std::uint32_t first_option, option_count, option;
    std::int32_t current;
    bool current_able;
    int left;               // preemptions
    std::uint32_t choices;  // states up to it in which there was something to choose
  };

  int cost(const Node& node, std::uint32_t option) const {
    return node.current_able && options_[node.first_option + option] != node.current ? 1 : 0;
  }
  bool affordable(const Node& node) {
    if (node.option == node.option_count) return false;
    const bool affordable = cost(node, node.option) <= node.left;
    cut_ |= !affordable;
    return affordable;
  }
  bool enter_node(std::span<const std::uint16_t> able, int current);
  void close_step();
  bool next_answers();
  void go_back();
  void forget_tree();
  void next_bound();

  int most_;
  int bound_ = 0;
  bool cut_ = false;  // something was left out for want of preemptions
  ArenaVector<Node> nodes_;
  ArenaVector<std::uint16_t> options_;  // of all nodes
  ArenaVector<Answer> planned_;         // for the last node's step
  TraceName name_;                      // of all steps so far
  ByName<int> visited_;                 // with the preemptions that were left
  ByName<bool> complete_;
  BoundedShard shard_;
  bool exhausted_ = false;
  bool given_up_ = false;
};

}  // namespace racecourse::schedule
