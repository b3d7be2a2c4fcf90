#include <racecourse/checkers/runtime/heap.h>
#include <racecourse/checkers/runtime/heap_find.h>

#include <algorithm>

namespace racecourse::runtime::heap {

namespace {

constexpr std::uint32_t kUnitsPerWord = 64;

bool starts_at(std::uint32_t unit) { return state.starts[unit / kUnitsPerWord] >> (unit % kUnitsPerWord) & 1; }

// The last block whose room begins at or below `unit`, and not below `lowest`; null if there is none.
Header* last_before(std::uint32_t unit, std::uint32_t lowest) {
  std::uint32_t word = unit / kUnitsPerWord;
  std::uint64_t bits = state.starts[word] & (~std::uint64_t{0} >> (kUnitsPerWord - 1 - unit % kUnitsPerWord));
  while (bits == 0 && word > lowest / kUnitsPerWord) bits = state.starts[--word];
  if (bits == 0) return nullptr;
  return header_at(word * kUnitsPerWord + kUnitsPerWord - 1 - static_cast<std::uint32_t>(__builtin_clzll(bits)));
}

std::uint32_t lowest_unit(std::uint64_t address) {
  return unit_of(reinterpret_cast<void*>(address >= kExecutionPool ? kExecutionPool : kArena));
}

Near near_of(Header& header) {
  const auto room = reinterpret_cast<std::uint64_t>(header.payload());
  const bool freed = header.is(Mark::freed);
  return {room + (freed ? 0 : std::uint64_t{header.link} * kUnit), header.size, freed};
}

std::uint64_t distance(const Near& block, std::uint64_t address) {
  if (address < block.base) return block.base - address;
  return address < block.base + block.size ? 0 : address - (block.base + block.size) + 1;
}

}  // namespace

Header* block_around(std::uint64_t address) {
  const std::uint32_t unit = unit_of(reinterpret_cast<void*>(address));
  Header* header = last_before(unit, lowest_unit(address));
  if (header == nullptr || (!header->is(Mark::live) && !header->is(Mark::freed))) return nullptr;
  return address < reinterpret_cast<std::uint64_t>(header->payload()) + header->capacity() ? header : nullptr;
}

bool find_near(std::uint64_t address, Near& out) {
  if (!in_arena(reinterpret_cast<void*>(address)) || state.starts == nullptr) return false;
  const std::uint32_t unit = unit_of(reinterpret_cast<void*>(address));
  // In its room, and so nobody else's.
  if (Header* around = block_around(address)) {
    out = near_of(*around);
    return true;
  }
  Header* before = last_before(unit, lowest_unit(address));
  if (before != nullptr && !before->is(Mark::live) && !before->is(Mark::freed)) before = nullptr;
  Header* after = nullptr;
  for (std::uint32_t next = unit + 1; next <= unit + 2 && after == nullptr; ++next)
    if (starts_at(next)) after = header_at(next);
  if (before == nullptr && after == nullptr) return false;
  if (before == nullptr ||
      (after != nullptr && distance(near_of(*after), address) < distance(near_of(*before), address)))
    before = after;
  out = near_of(*before);
  return true;
}

}  // namespace racecourse::runtime::heap
