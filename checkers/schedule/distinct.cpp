#include <racecourse/checkers/schedule/distinct.h>

#include <utility>

namespace racecourse::schedule {

// Where it is, or is to be.
std::uint64_t& DistinctTraces::slot_of(std::uint64_t digest) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = digest >> 24 & mask;
  while (slots_[slot] != 0 && (slots_[slot] & ~kAgain) != digest) slot = (slot + 1) & mask;
  return slots_[slot];
}

void DistinctTraces::grow() {
  const std::vector<std::uint64_t> before = std::exchange(slots_, {});
  slots_.resize(before.empty() ? 64 : 2 * before.size());
  for (const std::uint64_t digest : before)
    if (digest != 0) slot_of(digest & ~kAgain) = digest;
}

void DistinctTraces::add(std::uint64_t digest) {
  ++looked_at_;
  digest &= ~kAgain;
  if (digest == 0) digest = 2;
  if (count_ * 4 >= slots_.size() * 3 && !is_full()) grow();
  std::uint64_t& slot = slot_of(digest);
  if (slot == 0) {
    if (is_full()) return;
    slot = digest;
    ++count_;
  } else if ((slot & kAgain) == 0) {
    slot |= kAgain;
    ++again_;
  }
}

double DistinctTraces::next_is_new() const {
  if (looked_at_ == 0) return 1;
  return static_cast<double>(count_ - again_) / static_cast<double>(looked_at_);
}

}  // namespace racecourse::schedule
