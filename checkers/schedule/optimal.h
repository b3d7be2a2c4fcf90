// Every trace once: optimal dynamic partial-order reduction, after Abdulla, Aronis, Jonsson, Sagonas, "Optimal Dynamic
// Partial Order Reduction", POPL 2014 (and "Source Sets", J. ACM 64(4), 2017, for operations that wait).
//
// An execution is run to its end. For each pair of steps that could have come the other way round, what is needed to
// see that is put into the wakeup tree of the state before the pair, unless something that was explored from there
// shows it. Then the search goes back to the deepest state whose tree is not empty.
//
// A pair is considered after every execution that shows it, as in the paper: what happens to come behind its second
// step belongs to what is put into the tree, so that an execution that differs there only may need another sequence.
//
// Deviations: a step may ask questions (whom does a notify wake): each answer is a branch of its own. What a step that
// failed to write would do elsewhere is not known; it is taken to write. The order in which threads are started by
// several others is searched, too, though it is no part of a trace. This, and timeouts, may lead to executions that are
// given up half way, or show a trace again. So traces are counted by their names, until there are many and no such step
// was seen; if one is seen then, the search begins anew.
//
// It explores the whole tree, or what is below a branch of a trunk (trunk.h).
#pragma once

#include <racecourse/checkers/schedule/outbox.h>
#include <racecourse/checkers/schedule/systematic.h>
#include <racecourse/checkers/schedule/trace_name.h>
#include <racecourse/checkers/schedule/trunk.h>
#include <racecourse/checkers/schedule/wakeup_tree.h>

#include <limits>

namespace racecourse::schedule {

class Optimal final : public Systematic {
 public:
  explicit Optimal(Arena* arena);

  void begin() override;
  int choose(std::span<const std::uint16_t> able, int current, int reluctant = -1) override;
  void refuse() override;
  std::uint32_t answer(std::uint32_t n) override;
  void end() override;
  bool exhausted() const override { return exhausted_; }
  void restart() override;
  bool must_begin_anew() const override { return must_begin_anew_; }

  // ---- a part of a tree (optimal_part.cpp). Between executions only.
  // From now on it explores what is below the leftmost pending branch of a node of the trunk. What it explored is at
  // its end.
  void take_over(Trunk& trunk, std::int32_t node);
  // It was run down its path and has come to its end there: what is left belongs to the trunk.
  bool is_back_on_path() const { return nodes_.size() > 1 && depth_of_last() < own_from_; }
  // Gives the states on its path to the trunk, if it has been run. `own`: its branch in the trunk. Returns the one that
  // it goes on below; null: it is at its end.
  Branch* give_path(Branch* own);
  // Steps before the first state that has branches to give away; kNone: there is none.
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t first_to_give() const;
  // Gives them to the trunk, with all states before.
  Branch* give(Trunk& trunk, Branch* own);
  // Gives all that is left to the trunk, and is at its end. Not possible while only the branch that it took over is
  // left, with other answers.
  bool can_give_all() const { return trunk_ == nullptr || nodes_.size() > 1; }
  void give_all(Trunk& trunk, Branch* own);
  // Leaves what is left to somebody else, and is at its end.
  void abandon();
  // Whether it plans what it knows to be needed although it has not seen it next to what it depends on: more of what is
  // to be explored from a state is known early.
  // And it puts single steps only into the trees of states, as source sets do (forest.h).
  void be_eager(bool eager) { eager_ = eager; }
  // Whether it keeps the names of the traces that it sees, until they are taken; it does if executions repeat.
  void keep_names(bool keep) { keeps_names_ = keep; }
  // The same, of all searches of a tree. Without them it must begin anew when it finds that executions repeat.
  void keep_all_names(bool keep) { keeps_all_names_ = keep; }
  ArenaVector<std::uint64_t>& names() { return names_; }
  // The node of the trunk below which it explores; -1: the whole tree is its own.
  std::int32_t trunk_node() const { return at_; }
  // What the branch did of which it explores what is below, if it was seen.
  bool knows_root_step() const { return knows_root_step_; }
  Footprint root_step() const { return schedule::footprint(root_effects_); }
  // What it wants explored from states of the trunk, by the number of steps before them.
  Outbox& outbox() { return outbox_; }

 private:
  // A thread all of whose continuations from here were explored, until something that it depends on happens.
  struct Sleeper {
    std::uint16_t thread;
    std::uint32_t first_effect, effect_count;
    std::uint64_t reads, writes;
    std::uint32_t origin;  // in the trunk; 0: it is not from there
    bool loose;            // see Branch
  };
  // The state before step root_ + i is node i.
  struct Node {
    Branch* first;  // the one that is being explored, then those that still will be
    std::uint32_t first_sleeper, sleeper_count;
    std::uint32_t sleeper_effects;  // how many there were before this node
    std::uint32_t explored;         // branches
  };

  Footprint footprint(const Sleeper& sleeper) const {
    return {{sleeper_effects_.data() + sleeper.first_effect, sleeper.effect_count}, sleeper.reads, sleeper.writes};
  }
  std::span<const Sleeper> sleepers(const Node& node) const {
    return {sleepers_.data() + node.first_sleeper, node.sleeper_count};
  }
  bool sleeps(const Node& node, std::uint16_t thread) const;
  void enter_node();
  int take(Node& node, std::span<const std::uint16_t> able, int current, int reluctant);
  void plan(const Reversible& pair);
  void plan_eagerly();
  void add_reversed(std::uint32_t step);
  void plan_sequence(std::uint32_t depth);
  void tell_trunk(std::uint32_t depth);
  Branch* give_down_to(std::size_t last, Branch* own, bool goes_on);
  std::uint32_t depth_of_last() const { return root_ + static_cast<std::uint32_t>(nodes_.size()) - 1; }
  void add_sleeper(Node& node, std::uint32_t step);
  bool next_answers(Node& node, std::uint32_t step);
  void go_back();
  void drop_first(Node& node);
  void name_trace();
  void estimate();

  ArenaVector<Node> nodes_;
  ArenaVector<Sleeper> sleepers_;  // of all nodes, in their order
  ArenaVector<Effect> sleeper_effects_;
  ArenaVector<Reversible> pairs_;
  ArenaVector<Planned> sequence_;
  ArenaVector<std::uint16_t> seen_;
  ArenaVector<Effect> last_effects_;
  // Of a part of a tree: node 0 is a copy of a node of the trunk, with one of its branches only.
  Trunk* trunk_ = nullptr;
  std::int32_t at_ = -1;
  std::uint32_t root_ = 0;
  std::uint32_t own_from_ = 0;  // states with fewer steps before them are on the path or above; kNone: not known yet
  Outbox outbox_;
  ArenaVector<Effect> root_effects_;
  bool knows_root_step_ = false;
  bool is_new_ = false;  // the last node was not there before this execution
  bool given_up_ = false;
  bool eager_ = false;
  bool keeps_names_ = false, keeps_all_names_ = true;
  bool must_begin_anew_ = false;
  TraceName name_;
  ArenaVector<std::uint64_t> names_;
  bool exhausted_ = false;
};

}  // namespace racecourse::schedule
