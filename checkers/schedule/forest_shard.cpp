// How a tree is dealt out to shards that know nothing of each other.
#include <racecourse/checkers/schedule/fnv.h>
#include <racecourse/checkers/schedule/forest.h>

#include <algorithm>
#include <map>
#include <set>

namespace racecourse::schedule {
namespace {

void deal_to(Branch& branch, std::uint8_t shard) {
  branch.dealt_to = shard;
  for (Branch* child = branch.child; child != nullptr; child = child->next) deal_to(*child, shard);
}

void add_branch(std::uint64_t& digest, Branch& branch) {
  add_to_digest(digest, branch.thread);
  add_to_digest(digest, branch.effect_count);
  for (const Answer& answer : branch.answer_list()) add_to_digest(digest, answer.value + 1);
  for (Branch* child = branch.child; child != nullptr; child = child->next) add_branch(digest, *child);
  add_to_digest(digest, ~std::uint64_t{0});
}

}  // namespace

void Forest::set_shard(std::uint8_t index, std::uint8_t count, const Growth& growth) {
  shard_ = index;
  shards_ = count;
  growth_ = growth;
  phase_ = count > 1 ? Phase::grow : Phase::own;
  grown_ = traces_of_others_ = redundant_of_others_ = split_ = 0;
  late_traces_ = 0;
  late_.clear();
  kept_.clear();
  lanes_[0].search->be_eager(phase_ == Phase::grow);  // it has the whole tree
}

// Counts what it has run since it was looked at last. Not while it runs.
void Forest::look_at(Lane& lane) {
  const std::uint64_t traces = lane.search->traces() - lane.traces;
  const std::uint64_t redundant = lane.search->redundant() - lane.redundant;
  if (traces + redundant == 0) return;
  lane.traces += traces;
  lane.redundant += redundant;
  lane.has_run = true;
  if (phase_ == Phase::grow) grown_ += traces + redundant;
  const bool is_own = phase_ == Phase::own || shard_ == (phase_ == Phase::grow ? 1 : lane.dealt_to);
  if (!is_own) {
    traces_of_others_ += traces;
    redundant_of_others_ += redundant;
  }
  if (lane.late) late_traces_ += traces;
  take_names(lane);
}

// After one execution of its branch: what is left of it is explored later, or by another shard.
void Forest::put_away(Lane& lane) {
  if (phase_ == Phase::deal && lane.dealt_to != shard_) return lane.search->abandon();
  if (!lane.search->can_give_all()) return;
  trunk_.begin_nodes(phase_ == Phase::grow, lane.late);
  lane.search->give_all(trunk_, lane.own);
  lane.own = nullptr;
  if (phase_ == Phase::deal) deal_below(lane);
}

// What is planned off the path to where it is, by itself, is dealt to the same shard.
void Forest::deal_below(const Lane& lane) {
  for (std::int32_t i = lane.search->trunk_node(); i >= 0; i = trunk_.node(i).parent) {
    if (trunk_.node(i).name == 0) continue;
    for (Branch* branch = trunk_.node(i).pending; branch != nullptr; branch = branch->next)
      if (branch->dealt_to == 0) deal_to(*branch, lane.dealt_to);
  }
}

// Into how many parts the tree falls, if a part is a branch of one of the states with fewer steps before them, or all
// that is left below one with so many.
std::uint64_t Forest::count_parts(std::span<const std::int32_t> with_pending, std::uint32_t depth) {
  std::uint64_t count = 0;
  std::set<std::int32_t> whole;
  for (const std::int32_t i : with_pending) {
    if (trunk_.node(i).depth >= depth) {
      whole.insert(trunk_.above(i, depth));
    } else {
      for (Branch* branch = trunk_.node(i).pending; branch != nullptr; branch = branch->next) ++count;
    }
  }
  return count + whole.size();
}

// The states that are shared are as few, and as near to the first one, as will do.
void Forest::deal_out() {
  phase_ = Phase::deal;
  const std::vector<std::int32_t> all = trunk_.all_with_pending();
  std::uint32_t depth = 1;
  const std::uint32_t deepest = all.empty() ? 0 : trunk_.node(all.back()).depth;
  while (depth <= deepest && count_parts(all, depth) < growth_.branches_each * shards_) depth++;
  std::uint64_t dealt = 0;
  const auto next_shard = [&] { return static_cast<std::uint8_t>(dealt++ % shards_ + 1); };
  std::map<std::int32_t, std::uint8_t> whose;
  for (const std::int32_t i : all) {
    Trunk::Node& node = trunk_.node(i);
    add_to_digest(split_, node.name);
    for (Branch* branch = node.pending; branch != nullptr; branch = branch->next) {
      add_branch(split_, *branch);
      if (node.depth < depth) {
        deal_to(*branch, next_shard());
        continue;
      }
      const std::int32_t top = trunk_.above(i, depth);
      if (!whose.contains(top)) whose[top] = next_shard();
      deal_to(*branch, whose[top]);
    }
    if (node.depth >= depth && node.pending->dealt_to != shard_) trunk_.drop_pending(i);
    for (std::int32_t at = i; at >= 0; at = trunk_.node(at).parent)
      trunk_.node(at).shared = trunk_.node(at).depth < depth;
  }
}

// From which to take over a branch; -1: there is none.
std::int32_t Forest::next_node() {
  if (phase_ == Phase::grow) {
    const bool is_large =
        grown_ >= growth_.least_each * shards_ && trunk_.count_pending() >= growth_.branches_each * shards_;
    if (!is_large && grown_ < growth_.most && trunk_.with_pending(false) >= 0) return trunk_.with_pending(false);
    deal_out();
  }
  if (phase_ == Phase::deal) {
    if (const std::int32_t node = trunk_.with_dealt(); node >= 0) return node;
    phase_ = Phase::own;
    kept_.deliver([&](std::uint32_t node, std::span<Planned> sequence) {
      trunk_.insert(static_cast<std::int32_t>(node), sequence);
    });
  }
  return trunk_.with_pending(true);
}

}  // namespace racecourse::schedule
