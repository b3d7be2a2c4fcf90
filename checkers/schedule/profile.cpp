#include <racecourse/checkers/schedule/profile.h>

#include <algorithm>

namespace racecourse::schedule {

const Profile::Entry* Profile::find(ThreadName thread, std::uint64_t object) const {
  for (std::uint32_t slot = slot_of(thread, object); slots_[slot] != 0; slot = (slot + 1) % kSlots) {
    const Entry& entry = entries_[slots_[slot] - 1u];
    if (entry.thread == thread && entry.object == object) return &entry;
  }
  return nullptr;
}

std::uint32_t Profile::expected(ThreadName thread, std::uint64_t object) const {
  const Entry* entry = find(thread, object);
  const Entry* all = find(kBodyName, object);
  if (entry == nullptr || all == nullptr || entry->family == 0) return 0;
  return std::max(1u, (entry->family + all->executions / 2) / std::max(1u, all->executions));
}

void Profile::add(ThreadName thread, std::uint64_t object, int change, bool by_itself) {
  Entry* counted = entry(thread, object);
  if (counted == nullptr) return;
  if (counted->latest != executions_) {
    counted->latest = executions_;
    ++counted->executions;
  }
  counted->family += static_cast<std::uint32_t>(change);
  if (by_itself) counted->own += static_cast<std::uint32_t>(change);
}

Profile::Entry* Profile::entry(ThreadName thread, std::uint64_t object) {
  std::uint32_t slot = slot_of(thread, object);
  for (; slots_[slot] != 0; slot = (slot + 1) % kSlots) {
    Entry& entry = entries_[slots_[slot] - 1u];
    if (entry.thread == thread && entry.object == object) return &entry;
  }
  if (count_ == kEntries) return nullptr;
  entries_[count_] = {object, thread, 0, 0, 0, 0};
  slots_[slot] = static_cast<std::uint16_t>(++count_);
  return &entries_[count_ - 1];
}

}  // namespace racecourse::schedule
