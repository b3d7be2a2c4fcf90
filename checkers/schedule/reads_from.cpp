#include <racecourse/checkers/schedule/reads_from.h>

#include <algorithm>

namespace racecourse::schedule {

namespace {

std::uint32_t hash(std::uint64_t key) { return static_cast<std::uint32_t>((key * 0x9E3779B97F4A7C15u) >> 40); }

}  // namespace

bool ReadsFromTable::knows(const ReadsFrom& pair) const {
  const Entry& slot = slots_[hash(pair.key()) % kSlots];
  return slot.key != 0 && slot.key <= pair.key();
}

void ReadsFromTable::add(const Entry& entry) {
  Entry& slot = slots_[hash(entry.key) % kSlots];
  if (slot.key == entry.key) {
    slot.object = std::min(slot.object, entry.object);
    slot.executions += entry.executions;
  } else if (slot.key == 0 || entry.key < slot.key) {
    slot = entry;
    slot.order = added_++;
  }
}

void ReadsFromSet::add(const ReadsFrom& pair) {
  if (count_ == kMost) return;
  std::uint32_t slot = hash(pair.key()) % kSlots;
  for (; slots_[slot].generation == generation_; slot = (slot + 1) % kSlots)
    if (slots_[slot].key == pair.key()) return;
  slots_[slot] = {pair.key(), generation_};
  pairs_[count_++] = pair;
}

}  // namespace racecourse::schedule
