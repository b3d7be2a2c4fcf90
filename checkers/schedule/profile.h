// Which thread touches which object how often: what a search measures of a program in order to search it better.
//
// Threads are named by who started them and as which of its threads, which is the same in every schedule; numbers are
// not. Objects are named by their addresses: stable for globals and for what is allocated before threads run; what the
// program allocates later may change places between schedules, and is then counted as another object.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace racecourse::schedule {

using ThreadName = std::uint32_t;
inline constexpr ThreadName kBodyName = 1;
// Of the `ordinal`-th thread that `parent` starts.
inline ThreadName child_name(ThreadName parent, std::uint32_t ordinal) {
  std::uint64_t mixed = (std::uint64_t{parent} << 32 | ordinal) * 0x9E3779B97F4A7C15u;
  mixed = (mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9u;
  return static_cast<ThreadName>(mixed >> 32);
}

// Plain data without pointers, all zero at first: it lies in memory that processes share. Sums over the executions that
// were measured; adding up is all that happens to them, so their order does not matter.
class Profile {
 public:
  struct Entry {
    std::uint64_t object;
    ThreadName thread;
    std::uint32_t own;         // accesses by the thread,
    std::uint32_t family;      // and by it and all that it started, directly or not
    std::uint32_t executions;  // in which there were any
    std::uint32_t latest;      // of them: its number among those measured
  };

  static constexpr std::uint32_t kEntries = 4096;

  std::uint32_t executions() const { return executions_; }
  std::span<const Entry> entries() const { return {entries_.data(), count_}; }
  // The mean of the accesses by the thread and its descendants, at least 1 if there were any, over the executions that
  // touched the object at all: plain memory is not looked at before it is known to race.
  std::uint32_t expected(ThreadName thread, std::uint64_t object) const;
  const Entry* find(ThreadName thread, std::uint64_t object) const;

  void begin_execution() { ++executions_; }
  // Adds one access, or takes one back (-1), for the thread itself or for one that it started.
  void add(ThreadName thread, std::uint64_t object, int change, bool by_itself);

 private:
  // Null: there is no room, and it is not counted.
  Entry* entry(ThreadName thread, std::uint64_t object);
  static constexpr std::uint32_t kSlots = 2 * kEntries;

  static std::uint32_t slot_of(ThreadName thread, std::uint64_t object) {
    return static_cast<std::uint32_t>(((object * 0x9E3779B97F4A7C15u ^ thread) * 0xBF58476D1CE4E5B9u) >> 40) % kSlots;
  }

  std::uint32_t executions_;
  std::uint32_t count_;
  std::array<Entry, kEntries> entries_;
  std::array<std::uint16_t, kSlots> slots_;  // index of an entry + 1, with linear probing
};

}  // namespace racecourse::schedule
