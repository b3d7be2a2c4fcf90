#include <racecourse/checkers/schedule/forest.h>

#include <algorithm>
#include <numeric>

namespace racecourse::schedule {

Forest::Forest(Arena* own, const std::array<Arena*, kLanes>& of_lanes)
    : trunk_(own), late_(InArena<std::uint64_t>(own)), seen_(InArena<std::uint64_t>(own)), kept_(own) {
  for (unsigned i = 0; i < kLanes; i++) lanes_[i].search = of_lanes[i]->make<Optimal>(of_lanes[i]);
  lanes_[0].live = true;
  lanes_[0].share = 1;
}

void Forest::restart() {
  bool ends_early = false;
  for (const Lane& lane : lanes_) {
    ends_early |= lane.search->ends_early;
    repeats_ |= lane.search->repeats;
  }
  names_all_ = true;
  again_ = 0;
  seen_.clear();
  for (Lane& lane : lanes_) {
    lane.search->restart();
    lane.search->keep_names(false);
    lane.search->ends_early = ends_early;
    lane.search->repeats = repeats_;
    lane.search->keep_all_names(true);
    lane.own = nullptr;
    lane.live = lane.restarts = false;
    lane.share = 0;
    lane.has_run = false;
    lane.late = false;
    lane.traces = lane.redundant = 0;
  }
  trunk_.clear();
  set_shard(shard_, shards_, growth_);
  finished_ = 0;
  current_ = 0;
  lanes_[0].live = true;
  lanes_[0].share = 1;
}

bool Forest::diverged() const {
  return std::ranges::any_of(lanes_, [](const Lane& lane) { return lane.search->diverged(); });
}

bool Forest::exhausted() const {
  if (diverged()) return true;
  return trunk_.empty() && std::ranges::none_of(lanes_, [](const Lane& lane) { return lane.restarts || lane.live; });
}

bool Forest::can_go_on(const Lane& lane) const {
  return lane.live && !lane.search->exhausted() && !lane.search->is_back_on_path();
}

Optimal* Forest::next() {
  while (true) {
    Lane& lane = lanes_[current_];
    if (lane.live) give_path(lane);
    deliver(lane);
    if (lane.search->diverged()) return nullptr;
    if (phase_ != Phase::own && lane.has_run && can_go_on(lane)) put_away(lane);
    if (can_go_on(lane)) return lane.search;
    if (lane.live) retire(lane);
    if (const auto live = std::ranges::find(lanes_, true, &Lane::live); live != lanes_.end()) {
      current_ = static_cast<unsigned>(live - lanes_.begin());
      continue;
    }
    const std::int32_t node = next_node();
    if (node < 0) {
      trunk_.sweep();
      return nullptr;
    }
    if (trunk_.is_to_sweep() && phase_ != Phase::deal) trunk_.sweep();
    give_branch(lane, node);
  }
}

Optimal* Forest::lane(unsigned i) {
  const Lane& lane = lanes_[i];
  return can_go_on(lane) && !lane.restarts ? lane.search : nullptr;
}

// Between two executions of the lane: the trunk gets what belongs to it.
void Forest::give_path(Lane& lane) {
  look_at(lane);
  if (lane.own == nullptr) return;
  learn_own_step(lane);
  trunk_.begin_nodes(phase_ != Phase::own, lane.late);
  lane.own = lane.search->give_path(lane.own);
  if (phase_ == Phase::deal) deal_below(lane);
}

void Forest::deliver(Lane& lane) {
  if (phase_ == Phase::deal) {
    lane.search->outbox().deliver([&](std::uint32_t depth, std::span<Planned> sequence) {
      const auto node = static_cast<std::uint32_t>(trunk_.above(lane.search->trunk_node(), depth));
      if (lane.dealt_to == shard_) kept_.add(node, sequence);
    });
    return;
  }
  lane.search->outbox().deliver([&](std::uint32_t depth, std::span<Planned> sequence) {
    trunk_.insert(trunk_.above(lane.search->trunk_node(), depth), sequence);
  });
}

void Forest::give_branch(Lane& lane, std::int32_t node) {
  const Trunk::Node& from = trunk_.node(node);
  const bool is_late = phase_ == Phase::own && from.shared && from.pending->dealt_to == 0;
  lane.late = is_late || from.late;
  lane.dealt_to = from.pending->dealt_to;
  lane.has_run = false;
  lane.search->be_eager(phase_ == Phase::grow);
  lane.search->keep_names(lane.late);
  lane.search->take_over(trunk_, node);
  lane.own = trunk_.begin_pending(node);
  lane.live = true;
}

void Forest::take_names(Lane& lane) {
  constexpr std::uint64_t kMany = 1024;
  for (const std::uint64_t name : lane.search->names()) {
    if (names_all_ && !seen_.insert(name).second) ++again_;
    if (lane.late && late_.size() < kMostLate) late_.push_back(name);
  }
  lane.search->names().clear();
  if (lane.search->repeats && !repeats_) {
    repeats_ = true;
    for (Lane& each : lanes_) each.search->repeats = true;
  }
  if (repeats_ || !names_all_ || seen_.size() < kMany) return;
  names_all_ = false;
  seen_.clear();
  for (Lane& each : lanes_) each.search->keep_all_names(false);
}

void Forest::split(Lane& lane) {
  trunk_.begin_nodes(false, lane.late);
  lane.own = lane.search->give(trunk_, lane.own);
}

// Once its branch was run, it is known what it does.
void Forest::learn_own_step(Lane& lane) {
  if (lane.own->exact || !lane.search->knows_root_step()) return;
  Branch* seen = make_branch(trunk_.arena(), lane.own->thread, lane.search->root_step(), lane.own->answer_list());
  seen->origin = lane.own->origin;
  seen->node = lane.own->node;
  Branch** at = &trunk_.node(lane.search->trunk_node()).asleep;
  while (*at != lane.own) at = &(*at)->next;
  *at = seen;
  seen->next = lane.own->next;
  free_branch(trunk_.arena(), lane.own);
  lane.own = seen;
}

// It has come to its end.
void Forest::retire(Lane& lane) {
  lane.live = false;
  if (lane.own == nullptr) return;  // its branch goes on in the trunk, or it had the whole tree
  const std::int32_t node = lane.search->trunk_node();
  trunk_.finish(node, lane.own->origin);
  if (!lane.search->knows_root_step()) {  // it was impossible
    unlink(trunk_.node(node).asleep, lane.own);
    free_branch(trunk_.arena(), lane.own);
  }
  lane.own = nullptr;
}

void Forest::settle() {
  if (std::ranges::any_of(lanes_, &Lane::restarts)) return restart();
  // What leads into a path needs to find it there.
  for (Lane& lane : lanes_)
    if (lane.live) give_path(lane);
  for (Lane& lane : lanes_)
    if (lane.live) deliver(lane);
  for (Lane& lane : lanes_)
    if (lane.live && !can_go_on(lane)) retire(lane);
  if (phase_ != Phase::deal) trunk_.sweep();
  estimate();
}

bool Forest::deal() {
  settle();
  for (Lane& lane : lanes_) {
    while (!lane.live) {
      const std::int32_t node = trunk_.with_pending(false);
      const auto giver = std::ranges::min_element(
          lanes_, {}, [](const Lane& one) { return one.live ? one.search->first_to_give() : Optimal::kNone; });
      const std::uint32_t depth = giver->live ? giver->search->first_to_give() : Optimal::kNone;
      if (node >= 0 && trunk_.node(node).depth <= depth) {
        give_branch(lane, node);
      } else if (depth != Optimal::kNone) {
        split(*giver);
      } else {
        break;
      }
    }
  }
  estimate();
  const bool enough = std::ranges::count(lanes_, true, &Lane::live) > 1;
  return enough;
}

std::uint64_t Forest::traces() const {
  const std::uint64_t all =
      std::accumulate(lanes_.begin(), lanes_.end(), std::uint64_t{0},
                      [](std::uint64_t sum, const Lane& lane) { return sum + lane.search->traces(); });
  return all - again_;
}

std::uint64_t Forest::redundant() const {
  return std::accumulate(lanes_.begin(), lanes_.end(), again_,
                         [](std::uint64_t sum, const Lane& lane) { return sum + lane.search->redundant(); });
}

// Each branch of a node is taken to be as large as the others.
void Forest::estimate() {
  constexpr std::size_t kMost = 2000;
  const auto nodes = trunk_.nodes();
  if (nodes.size() > kMost) return;
  const auto branches = [&](const Trunk::Node& node) {
    std::uint32_t count = node.live + node.finished;
    for (const Branch* branch = node.pending; branch != nullptr; branch = branch->next) ++count;
    return static_cast<double>(std::max(count, 1u));
  };
  const auto share_of_a_branch = [&](std::int32_t i) {
    double share = 1;
    for (; i >= 0; i = nodes[static_cast<std::size_t>(i)].parent) share /= branches(nodes[static_cast<std::size_t>(i)]);
    return share;
  };
  double finished = 0;
  for (std::size_t i = 0; i < nodes.size(); i++)
    if (nodes[i].used) finished += nodes[i].finished * share_of_a_branch(static_cast<std::int32_t>(i));
  finished_ = finished;
  for (Lane& lane : lanes_) lane.share = lane.live ? share_of_a_branch(lane.search->trunk_node()) : 0;
}

double Forest::part_explored() const {
  double part = finished_;
  for (const Lane& lane : lanes_) part += lane.share * lane.search->part_explored();
  return std::min(part, 1.0);
}

}  // namespace racecourse::schedule
