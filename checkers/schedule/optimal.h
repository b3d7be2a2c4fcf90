// Every trace once: optimal dynamic partial-order reduction, after Abdulla, Aronis, Jonsson, Sagonas, "Optimal Dynamic
// Partial Order Reduction", POPL 2014 (and "Source Sets", J. ACM 64(4), 2017, for operations that wait).
//
// An execution is run to its end. For each pair of steps that could have come the other way round, what is needed to
// see that is put into the wakeup tree of the state before the pair, unless something that was explored from there
// shows it. Then the search goes back to the deepest state whose tree is not empty.
//
// Deviations: a pair is considered once, after the first execution that shows it. A step may ask questions (whom does a
// notify wake): each answer is a branch of its own. What a step that failed to write would do elsewhere is not known;
// it is taken to write. This, and timeouts, may lead to executions that are given up half way: they are counted.
#pragma once

#include <racecourse/checkers/schedule/systematic.h>
#include <racecourse/checkers/schedule/wakeup_tree.h>

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

 private:
  // A thread all of whose continuations from here were explored, until something that it depends on happens.
  struct Sleeper {
    std::uint16_t thread;
    std::uint32_t first_effect, effect_count;
    std::uint64_t reads, writes;
  };
  // The state before step i is node i.
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
  void add_sleeper(Node& node, std::uint32_t step);
  bool next_answers(Node& node, std::uint32_t step);
  void go_back();
  void drop_first(Node& node);
  void estimate();

  ArenaVector<Node> nodes_;
  ArenaVector<Sleeper> sleepers_;  // of all nodes, in their order
  ArenaVector<Effect> sleeper_effects_;
  ArenaVector<Reversible> pairs_;
  ArenaVector<Planned> sequence_;
  ArenaVector<Effect> last_effects_;
  bool is_new_ = false;  // the last node was not there before this execution
  bool given_up_ = false;
  bool exhausted_ = false;
};

}  // namespace racecourse::schedule
