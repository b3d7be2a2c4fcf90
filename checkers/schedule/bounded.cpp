#include <racecourse/checkers/schedule/bounded.h>

#include <algorithm>

namespace racecourse::schedule {

Bounded::Bounded(Arena* arena, int preemptions)
    : Systematic(arena),
      most_(preemptions),
      nodes_(InArena<Node>(arena)),
      options_(InArena<std::uint16_t>(arena)),
      planned_(InArena<Answer>(arena)),
      name_(arena),
      visited_(InArena<std::pair<const StateName, int>>(arena)),
      complete_(InArena<std::pair<const StateName, bool>>(arena)),
      shard_(arena) {}

void Bounded::begin() {
  trace_.begin(nodes_.empty() ? 0 : static_cast<std::uint32_t>(nodes_.size()) - 1);
  name_.begin();
  given_up_ = false;
  in_execution_ = true;
}

void Bounded::close_step() {
  if (!trace_.is_open()) return;
  trace_.close();
  name_.add_step(trace_, trace_.done() - 1);
}

// False if the state was reached before with as much left to spend, or is left to another shard.
bool Bounded::enter_node(std::span<const std::uint16_t> able, int current) {
  Node node{};
  node.current = current;
  node.current_able = std::ranges::find(able, current) != able.end();
  node.left = bound_;
  if (!nodes_.empty()) node.left = nodes_.back().left - cost(nodes_.back(), nodes_.back().option);
  const bool has_choice = able.size() > 1 && (!node.current_able || node.left > 0);
  const std::uint32_t choices = nodes_.empty() ? 0 : nodes_.back().choices;
  node.choices = choices + has_choice;
  StateName key = name_.name();
  key.mix(name_.of_thread(current));
  if (!shard_.explores(key, node.left, choices, has_choice)) return false;
  const auto [known, is_new] = visited_.try_emplace(key, node.left);
  if (!is_new && known->second >= node.left) return false;
  known->second = node.left;
  node.first_option = static_cast<std::uint32_t>(options_.size());
  options_.insert(options_.end(), able.begin(), able.end());
  const auto first = options_.begin() + node.first_option;
  std::sort(first, options_.end());
  if (node.current_able) std::rotate(first, std::find(first, options_.end(), current), options_.end());
  if (node.current_able) std::sort(first + 1, options_.end());
  node.option_count = static_cast<std::uint32_t>(options_.size()) - node.first_option;
  nodes_.push_back(node);
  planned_.clear();
  return true;
}

int Bounded::choose(std::span<const std::uint16_t> able, int current, int) {
  close_step();
  int chosen = -1;
  if (trace_.done() < trace_.kept()) {
    chosen = trace_.step(trace_.done()).thread;
  } else if (trace_.done() < nodes_.size() || enter_node(able, current)) {
    const Node& node = nodes_.back();
    if (affordable(node)) chosen = options_[node.first_option + node.option];
  }
  if (chosen >= 0 && std::ranges::find(able, chosen) == able.end()) {
    diverged_ = true;
    chosen = -1;
  }
  if (chosen < 0) {
    given_up_ = true;
    return -1;
  }
  trace_.open(static_cast<std::uint16_t>(chosen));
  return chosen;
}

void Bounded::refuse() {
  trace_.drop();
  if (trace_.done() < trace_.kept()) {
    diverged_ = true;
    return;
  }
  Node& node = nodes_.back();
  const auto at = options_.begin() + node.first_option + node.option;
  if (*at == node.current) node.current_able = false;
  options_.erase(at);
  --node.option_count;
}

std::uint32_t Bounded::answer(std::uint32_t n) {
  const std::uint32_t asked = trace_.open_answer_count();
  std::span<const Answer> planned = planned_;
  if (trace_.done() < trace_.kept()) planned = trace_.answers(trace_.done());
  const std::uint32_t value = asked < planned.size() && planned[asked].value < n ? planned[asked].value : 0;
  trace_.answer({value, n});
  return value;
}

bool Bounded::next_answers() {
  const auto given = trace_.answers(static_cast<std::uint32_t>(nodes_.size()) - 1);
  std::size_t length = given.size();
  while (length > 0 && given[length - 1].value + 1 == given[length - 1].of) length--;
  planned_.assign(given.begin(), given.begin() + static_cast<std::ptrdiff_t>(length));
  if (length > 0) planned_.back().value++;
  return length > 0;
}

void Bounded::forget_tree() {
  cut_ = false;
  visited_.clear();
  complete_.clear();
  traces_ = redundant_ = 0;
}

// The tree of this bound was explored.
void Bounded::next_bound() {
  if (shard_.goes_on(traces_ + redundant_)) return forget_tree();
  const bool is_all_known = !shard_.is_one() || shard_.is_common();
  exhausted_ = bound_ == most_ || (!cut_ && is_all_known);
  if (exhausted_) return;
  // Where nothing was left out of the part of a shard, something may have been in others.
  bound_ = cut_ ? bound_ + 1 : most_;
  shard_.begin_bound();
  forget_tree();
}

void Bounded::go_back() {
  for (; !nodes_.empty(); nodes_.pop_back()) {
    Node& node = nodes_.back();
    options_.resize(node.first_option + node.option_count);
    const bool made = nodes_.size() <= trace_.done();
    if (made && next_answers()) return;
    planned_.clear();
    if (made) ++node.option;
    if (made && affordable(node)) return;
    options_.resize(node.first_option);
  }
  next_bound();
}

void Bounded::end() {
  in_execution_ = false;
  close_step();
  diverged_ |= trace_.diverged();
  if (diverged_) {
    exhausted_ = true;
    return;
  }
  if (!given_up_ && complete_.try_emplace(name_.name(), true).second) {
    ++traces_;
  } else {
    ++redundant_;
  }
  go_back();
  if (!is_to_estimate()) return;
  Explored explored;
  for (const Node& node : nodes_) explored.add(node.option, std::max(node.option_count, 1u));
  part_explored_ = explored.part;
}

std::vector<std::uint64_t> Bounded::digests() const {
  std::vector<std::uint64_t> digests;
  for (const auto& [trace, seen] : complete_) digests.push_back(trace.low);
  std::ranges::sort(digests);
  return digests;
}

void Bounded::restart() {
  nodes_.clear();
  options_.clear();
  planned_.clear();
  trace_.begin(0);
  bound_ = 0;
  forget_tree();
  shard_.restart();
  exhausted_ = diverged_ = false;
}

}  // namespace racecourse::schedule
