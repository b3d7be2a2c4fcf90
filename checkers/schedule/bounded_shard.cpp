#include <racecourse/checkers/schedule/bounded_shard.h>

#include <algorithm>

namespace racecourse::schedule {
namespace {

// Enough for no shard to get much more than its part.
constexpr std::uint64_t kStatesEach = 16;
// Of executions that all shards run. Then the states are dealt out, however few they are.
constexpr std::uint64_t kMostCommon = 16384;

}  // namespace

BoundedShard::BoundedShard(Arena* arena)
    : dealt_(InArena<std::pair<const StateName, std::uint64_t>>(arena)),
      seen_(InArena<std::pair<const StateName, int>>(arena)) {}

void BoundedShard::set(std::uint64_t index, std::uint64_t count) {
  index_ = index;
  count_ = count;
  common_executions_ = 0;
  begin_bound();
}

void BoundedShard::begin_bound() {
  phase_ = is_one() ? Phase::grow : Phase::own;
  choices_ = 1;
  dealt_.clear();
  seen_.clear();
  split_ = 0;
}

bool BoundedShard::explores(const StateName& state, int left, std::uint32_t choices, bool has_choice) {
  if (!is_one()) return true;
  const bool is_dealt = choices == choices_ && has_choice;
  if (phase_ == Phase::grow) {
    int& known = seen_.try_emplace(state, left).first->second;
    known = std::max(known, left);
    if (is_dealt) dealt_.try_emplace(state, dealt_.size());
    return !is_dealt;
  }
  if (is_dealt) {
    const auto known = dealt_.find(state);
    return known == dealt_.end() || known->second % count_ + 1 == index_;
  }
  if (choices <= choices_) return true;
  const auto known = seen_.find(state);
  return known == seen_.end() || known->second < left;
}

bool BoundedShard::goes_on(std::uint64_t executions) {
  if (phase_ == Phase::own) return false;
  common_executions_ += executions;
  if (dealt_.empty()) return false;
  if (dealt_.size() < kStatesEach * count_ && common_executions_ < kMostCommon) {
    choices_ += 1 + choices_ / 4;
    dealt_.clear();
    seen_.clear();
    return true;
  }
  phase_ = Phase::own;
  for (const auto& [state, number] : dealt_) split_ += state.low * (2 * number + 1);
  return true;
}

}  // namespace racecourse::schedule
