// Numbers for the objects of effects (footprint.h), and which effect a pending operation will have at the least.
//
// Memory goes by granules of eight bytes. A lock is the granule of its address, as a whole. Those who sleep on a
// condition variable or a futex are an object beside it, and time and the list of threads are one each.
#pragma once

#include <racecourse/checkers/schedule/footprint.h>
#include <racecourse/checkers/schedule/pending.h>

#include <algorithm>
#include <cstdint>

namespace racecourse::schedule {

inline constexpr std::uint64_t kSleepers = std::uint64_t{1} << 62;

// Timeouts move the clock on, in any order; who reads it sees which of them fired before.
inline constexpr Effect kClock{std::uint64_t{1} << 63, 1, Touch::add};
inline constexpr Effect kThreads{(std::uint64_t{1} << 63) + 1, 1, Touch::write};

template <class Visit>
void for_each_granule(std::uint64_t address, std::uint64_t size, Visit visit) {
  for (const std::uint64_t end = address + size; address < end;) {
    const std::uint64_t part = std::min(8 - (address & 7), end - address);
    visit(address >> 3, static_cast<std::uint8_t>(((1u << part) - 1) << (address & 7)));
    address += part;
  }
}

inline Effect whole(const void* object, Touch touch, std::uint8_t needs = 0, std::uint8_t open = kToAll) {
  return {reinterpret_cast<std::uint64_t>(object) >> 3, 0xff, touch, needs, open};
}
// A try that failed: perhaps it was readers who had the lock.
inline Effect found_closed(const void* lock) { return whole(lock, Touch::check, 0, kToReaders); }
inline Effect sleepers_at(const void* object, Touch touch) {
  return {kSleepers | reinterpret_cast<std::uint64_t>(object) >> 2, 0xff, touch};
}

}  // namespace racecourse::schedule
