#include <racecourse/checkers/schedule/notes.h>

#include <algorithm>

namespace racecourse::schedule {

void TurnScores::merge(const TurnScores& other) {
  for (std::size_t turn = 0; turn < of.size(); ++turn) {
    of[turn].executions += other.of[turn].executions;
    of[turn].novel += other.of[turn].novel;
  }
}

void Notes::add(const Noted& noted, std::uint32_t turn, const ReadsFromTable* known) {
  if (digest_count_ == kMost) return;
  digests_[digest_count_++] = noted.digest.value();
  bool novel = false;
  for (const ReadsFrom& pair : noted.pairs.pairs()) {
    novel |= known == nullptr || !known->knows(pair);
    count({pair.key(), pair.object, 1});
  }
  ++turns_.of[turn].executions;
  turns_.of[turn].novel += novel;
}

void Notes::count(const ReadsFromTable::Entry& pair) {
  auto slot = static_cast<std::uint32_t>((pair.key * 0x9E3779B97F4A7C15u) >> 40) % kSlots;
  for (; slots_[slot] != 0; slot = (slot + 1) % kSlots) {
    ReadsFromTable::Entry& known = pairs_[slots_[slot] - 1u];
    if (known.key != pair.key) continue;
    known.object = std::min(known.object, pair.object);
    known.executions += pair.executions;
    return;
  }
  if (pair_count_ == kMostPairs) return;
  pairs_[pair_count_] = pair;
  slots_[slot] = static_cast<std::uint16_t>(++pair_count_);
}

void Notes::merge(const Notes& later) {
  for (const std::uint64_t digest : later.digests())
    if (digest_count_ < kMost) digests_[digest_count_++] = digest;
  for (const ReadsFromTable::Entry& pair : later.pairs()) count(pair);
  turns_.merge(later.turns_);
}

void Notes::clear() {
  if (digest_count_ == 0) return;
  digest_count_ = 0;
  if (pair_count_ > 0) slots_.fill(0);
  pair_count_ = 0;
  turns_ = {};
}

}  // namespace racecourse::schedule
