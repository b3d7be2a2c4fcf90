// How a search of a part of a tree begins, and how one gives branches away.
#include <racecourse/checkers/schedule/optimal.h>

#include <algorithm>

namespace racecourse::schedule {

namespace {

void add_steps_to(Trace& trace, Trunk& trunk, std::int32_t i) {
  Trunk::Node& node = trunk.node(i);
  if (node.parent >= 0) add_steps_to(trace, trunk, node.parent);
  if (node.depth > 0) trace.add(node.step, node.made->footprint(), node.made->answer_list());
}

// Whether before a step all was open that a later one needs to be.
bool was_open(const Footprint& made, const Footprint& later) {
  return std::ranges::all_of(later.effects, [&](const Effect& wants) {
    return wants.needs == 0 || std::ranges::any_of(made.effects, [&](const Effect& effect) {
             return effect.object == wants.object && effect.open >= wants.needs;
           });
  });
}

}  // namespace

void Optimal::take_over(Trunk& trunk, std::int32_t i) {
  trunk_ = &trunk;
  at_ = i;
  Trunk::Node& from = trunk.node(i);
  root_ = from.depth;
  trace_.clear();
  add_steps_to(trace_, trunk, i);
  nodes_.clear();
  sleepers_.clear();
  sleeper_effects_.clear();
  Node root{};
  root.first = copy_branch(arena_, *from.pending);
  // Where its thread sleeps it is the same branch with other answers: those to the right of that do not sleep in it.
  for (Branch* asleep = from.asleep; asleep != nullptr && asleep->thread != root.first->thread; asleep = asleep->next) {
    const Footprint made = asleep->footprint();
    sleepers_.push_back({asleep->thread, static_cast<std::uint32_t>(sleeper_effects_.size()),
                         static_cast<std::uint32_t>(made.effects.size()), made.reads, made.writes, asleep->origin,
                         from.name != 0 || asleep->loose});
    sleeper_effects_.insert(sleeper_effects_.end(), made.effects.begin(), made.effects.end());
    ++root.sleeper_count;
  }
  nodes_.push_back(root);
  own_from_ = kNone;
  knows_root_step_ = false;
  exhausted_ = false;
}

void Optimal::tell_trunk(std::uint32_t depth) {
  const bool is_there = depth <= trunk_->node(at_).depth;
  if (!is_there || !trunk_->covers(trunk_->above(at_, depth), sequence_)) outbox_.add(depth, sequence_);
}

std::uint32_t Optimal::first_to_give() const {
  for (std::size_t i = trunk_ == nullptr ? 0 : 1; i < nodes_.size(); i++)
    if (nodes_[i].first->next != nullptr) return root_ + static_cast<std::uint32_t>(i);
  return kNone;
}

Branch* Optimal::give(Trunk& trunk, Branch* own) {
  const std::size_t last = first_to_give() - root_;
  const bool whole = trunk_ == nullptr;
  trunk_ = &trunk;
  return give_down_to(last, whole ? nullptr : own, true);
}

void Optimal::give_all(Trunk& trunk, Branch* own) {
  const bool whole = trunk_ == nullptr;
  trunk_ = &trunk;
  give_down_to(nodes_.size() - 1, whole ? nullptr : own, false);
}

void Optimal::abandon() {
  for (Node& node : nodes_)
    while (node.first != nullptr) drop_first(node);
  nodes_.clear();
  exhausted_ = true;
}

// From each state, each thread that could have gone on there, if what it did next depends on the step that was made.
void Optimal::plan_eagerly() {
  for (std::uint32_t depth = 0; depth < trace_.done(); depth++) {
    const Footprint made = trace_.footprint(depth);
    seen_.assign(1, trace_.step(depth).thread);
    for (std::uint32_t i = depth + 1; i < trace_.done(); i++) {
      const Step& step = trace_.step(i);
      if (std::ranges::find(seen_, step.thread) != seen_.end()) continue;
      seen_.push_back(step.thread);
      const Footprint then = trace_.footprint(i);
      if (step.enabled_by >= static_cast<std::int32_t>(depth) || step.or_timeout || step.unknown) continue;
      if (!dependent(made, then) || !was_open(made, then)) continue;
      sequence_.clear();
      add_reversed(i);
      plan_sequence(depth);
    }
  }
}

Branch* Optimal::give_path(Branch* own) {
  if (!knows_root_step_ && !exhausted_) return own;  // it was not run yet
  if (own->node == kNotKnown) own->node = kNoNode;
  if (nodes_.size() < 2 || own_from_ <= root_ + 1) return own;
  if (is_back_on_path()) return give_down_to(nodes_.size() - 1, own, false);
  return give_down_to(own_from_ - 1 - root_, own, true);
}

// Nodes up to number `last` become the trunk's. If it goes on, the last one's first branch stays its own.
Branch* Optimal::give_down_to(std::size_t last, Branch* own, bool goes_on) {
  Arena& arena = trunk_->arena();
  // The same branch with other answers counts as the same one to those who have it on their left.
  const auto give_other_answers = [&](Node& node, std::uint32_t step, Branch* branch, Branch**& end) {
    if (!next_answers(node, step)) return;
    Branch* other = node.first->next;
    *end = copy_branch(arena, *other);
    (*end)->origin = branch->origin;
    trunk_->join_origin(branch->origin);
    end = &(*end)->next;
    unlink(node.first->next, other);
    free_branch(arena_, other);
  };
  if (own != nullptr && last > 0) {
    Branch* first = nullptr;
    Branch** end = &first;
    give_other_answers(nodes_[0], root_, own, end);
    *end = trunk_->node(at_).pending;
    trunk_->node(at_).pending = first;
    trunk_->add_pending(at_);
  }
  for (std::size_t i = own == nullptr ? 0 : 1; i <= last; i++) {
    Node& node = nodes_[i];
    const auto depth = root_ + static_cast<std::uint32_t>(i);
    at_ = depth == 0 ? trunk_->add(-1, nullptr, 0, Step{}, {}, {})
                     : trunk_->add(at_, own, depth, trace_.step(depth - 1), trace_.footprint(depth - 1),
                                   trace_.answers(depth - 1));
    trunk_->node(at_).finished = node.explored;
    for (const Sleeper& sleeper : sleepers(node)) {
      Branch* asleep = make_branch(arena, sleeper.thread, footprint(sleeper), {});
      asleep->loose = sleeper.loose;
      trunk_->put_to_sleep(at_, asleep, sleeper.origin);
    }
    const bool keeps_first = i < last || goes_on;
    Branch** end = &trunk_->node(at_).pending;
    if (keeps_first) {
      knows_root_step_ = i + 1 < nodes_.size();
      own = knows_root_step_ ? make_branch(arena, node.first->thread, trace_.footprint(depth), trace_.answers(depth))
                             : make_branch(arena, node.first->thread, node.first->footprint(),
                                           node.first->answer_list(), node.first->exact);
      trunk_->put_to_sleep(at_, own, trunk_->new_origin());
      trunk_->node(at_).live = 1;
      // Those of the step that stays its own stay its own, too.
      if (i < last) give_other_answers(node, depth, own, end);
    }
    for (Branch*& from = keeps_first ? node.first->next : node.first; from != nullptr;) {
      *end = copy_branch(arena, *from);
      end = &(*end)->next;
      Branch* given = from;
      from = given->next;
      free_branch(arena_, given);
    }
    trunk_->add_pending(at_);
  }
  for (std::size_t i = 0; i < last; i++) drop_first(nodes_[i]);
  nodes_.erase(nodes_.begin(), nodes_.begin() + static_cast<std::ptrdiff_t>(last));
  root_ += static_cast<std::uint32_t>(last);
  own_from_ = root_ + 1;
  if (goes_on) return own;
  nodes_.clear();
  exhausted_ = true;
  return nullptr;
}

}  // namespace racecourse::schedule
