#include <racecourse/checkers/schedule/fnv.h>
#include <racecourse/checkers/schedule/trunk.h>

#include <algorithm>

namespace racecourse::schedule {
namespace {

// Of steps as every process sees them: without addresses.
std::uint64_t name_below(std::uint64_t parent, const Step& step, std::span<const Answer> answers) {
  std::uint64_t name = parent;
  add_to_digest(name, step.thread);
  for (const Answer& answer : answers) add_to_digest(name, answer.value + 1);
  return name;
}

}  // namespace

std::int32_t Trunk::add(std::int32_t parent, Branch* own, std::uint32_t depth, const Step& step, const Footprint& made,
                        std::span<const Answer> answers) {
  if (unused_.empty()) {
    unused_.push_back(static_cast<std::int32_t>(nodes_.size()));
    nodes_.emplace_back();
  }
  const std::int32_t i = unused_.back();
  unused_.pop_back();
  Node* const free = &node(i);
  *free = Node{};
  free->parent = parent;
  free->depth = depth;
  free->step = step;
  free->made = make_branch(arena_, step.thread, made, answers);
  free->used = true;
  if (named_) free->name = parent < 0 ? kFirstDigest : name_below(node(parent).name, step, answers);
  free->late = late_;
  if (own != nullptr) {
    free->origin = own->origin;
    own->node = i;
  }
  ++used_;
  return i;
}

std::int32_t Trunk::above(std::int32_t i, std::uint32_t depth) {
  while (node(i).depth > depth) i = node(i).parent;
  return i;
}

void Trunk::put_to_sleep(std::int32_t i, Branch* branch, std::uint32_t origin) {
  branch->origin = origin;
  Branch** end = &node(i).asleep;
  while (*end != nullptr) end = &(*end)->next;
  *end = branch;
}

// The node at which the sequence leaves what is explored; kNoNode: it does not; kNotKnown: it leads into a branch that
// was not run yet.
std::int32_t Trunk::lead(std::int32_t i, std::span<Planned> sequence) {
  Branch* branch = node(i).asleep;
  while (branch != nullptr) {
    int place;
    const bool leads =
        may_come_first(branch->thread, branch->footprint(), sequence, place) && (place >= 0 || !branch->loose);
    if (!leads) {
      branch = branch->next;
      continue;
    }
    if (branch->node == kNoNode) return kNoNode;
    if (branch->node == kNotKnown) return kNotKnown;
    if (place >= 0) {
      Planned& step = sequence[static_cast<std::size_t>(place)];
      if (!std::ranges::equal(branch->answer_list(), step.answers)) {
        branch = branch->next;
        continue;
      }
      step.taken = true;
      if (std::ranges::all_of(sequence, &Planned::taken)) return kNoNode;
    }
    i = branch->node;
    branch = node(i).asleep;
  }
  return i;
}

bool Trunk::covers(std::int32_t i, std::span<Planned> sequence) {
  if (node(i).name != 0) return has_initial(node(i).asleep, sequence) || has_initial(node(i).pending, sequence);
  const std::int32_t at = lead(i, sequence);
  const bool covers = at == kNoNode || (at >= 0 && leads_to(node(at).pending, sequence));
  for (Planned& planned : sequence) planned.taken = false;
  return covers;
}

void Trunk::insert(std::int32_t i, std::span<Planned> sequence) {
  if (node(i).name != 0) {
    if (covers(i, sequence)) return;
    if (node(i).pending == nullptr) add_pending(i);
    return insert_initial(arena_, node(i).pending, sequence);
  }
  const std::int32_t at = lead(i, sequence);
  if (at < 0) return;
  if (node(at).pending == nullptr) add_pending(at);
  schedule::insert(arena_, node(at).pending, sequence);
}

std::int32_t Trunk::with_pending(bool deepest) {
  return with_pending(deepest, [](const Node&) { return true; });
}

std::int32_t Trunk::with_dealt() {
  return with_pending(false, [](const Node& node) { return node.name != 0 && node.pending->dealt_to != 0; });
}

template <class Is>
std::int32_t Trunk::with_pending(bool deepest, const Is& is) {
  tidy_pending();
  std::int32_t best = -1;
  for (const std::int32_t i : with_pending_) {
    bool known = is(node(i));
    for (const Branch* branch = node(i).asleep; branch != nullptr; branch = branch->next) known &= branch->exact;
    if (!known) continue;
    if (best < 0 || (deepest ? node(i).depth > node(best).depth : node(i).depth < node(best).depth)) best = i;
  }
  return best;
}

void Trunk::tidy_pending() {
  std::erase_if(with_pending_, [&](std::int32_t i) { return !node(i).used || node(i).pending == nullptr; });
  std::ranges::sort(with_pending_);
  with_pending_.erase(std::unique(with_pending_.begin(), with_pending_.end()), with_pending_.end());
}

std::vector<std::int32_t> Trunk::all_with_pending() {
  tidy_pending();
  std::vector<std::int32_t> all(with_pending_.begin(), with_pending_.end());
  std::ranges::stable_sort(all, {}, [&](std::int32_t i) { return node(i).depth; });
  return all;
}

std::uint64_t Trunk::count_pending() {
  tidy_pending();
  std::uint64_t count = 0;
  for (const std::int32_t i : with_pending_)
    for (const Branch* branch = node(i).pending; branch != nullptr; branch = branch->next) ++count;
  return count;
}

void Trunk::drop_pending(std::int32_t i) {
  for (const Branch* branch = node(i).pending; branch != nullptr; branch = branch->next)
    if (branch->origin != 0) --live_of_origin_[branch->origin];
  free_list(node(i).pending);
}

Branch* Trunk::begin_pending(std::int32_t i) {
  Branch* branch = node(i).pending;
  node(i).pending = branch->next;
  branch->next = nullptr;
  free_list(branch->child);
  branch->node = kNotKnown;
  put_to_sleep(i, branch, branch->origin != 0 ? branch->origin : new_origin());
  ++node(i).live;
  return branch;
}

std::uint32_t Trunk::new_origin() {
  live_of_origin_.push_back(1);
  return static_cast<std::uint32_t>(live_of_origin_.size()) - 1;
}

void Trunk::finish(std::int32_t i, std::uint32_t origin) {
  --live_of_origin_[origin];
  --node(i).live;
  ++node(i).finished;
}

bool Trunk::is_needed(Node& node) const {
  if (node.live > 0 || node.pending != nullptr || live_of_origin_[node.waits_for] > 0) return true;
  for (const Branch* branch = node.asleep; branch != nullptr; branch = branch->next) {
    node.waits_for = branch->origin;
    if (live_of_origin_[node.waits_for] > 0) return true;
  }
  return false;
}

void Trunk::sweep() {
  for (bool any = true; any;) {
    any = false;
    for (std::size_t i = 0; i < nodes_.size(); i++) {
      Node& node = nodes_[i];
      if (!node.used || is_needed(node)) continue;
      any = true;
      const std::int32_t parent = node.parent;
      const std::uint32_t origin = node.origin;
      drop(node);
      unused_.push_back(static_cast<std::int32_t>(i));
      if (parent < 0) continue;
      for (Branch* branch = this->node(parent).asleep; branch != nullptr; branch = branch->next)
        if (branch->node == static_cast<std::int32_t>(i)) branch->node = kNoNode;
      finish(parent, origin);
    }
  }
  left_by_sweep_ = used_;
}

void Trunk::free_list(Branch*& first) {
  while (Branch* branch = first) {
    first = branch->next;
    free_branch(arena_, branch);
  }
}

void Trunk::drop(Node& node) {
  free_list(node.asleep);
  free_list(node.pending);
  free_branch(arena_, node.made);
  node.used = false;
  --used_;
}

void Trunk::clear() {
  for (Node& node : nodes_)
    if (node.used) drop(node);
  nodes_.clear();
  unused_.clear();
  with_pending_.clear();
  left_by_sweep_ = 0;
  live_of_origin_.assign(1, 0);
  begin_nodes(false, false);
}

}  // namespace racecourse::schedule
