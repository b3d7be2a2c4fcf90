// Which place in the program was seen to read what which other place had written: reads-from pairs, the measure of new
// behaviour of RFF (Wolff, Shi, Duck, Mathur, Roychoudhury, "Greybox Fuzzing for Concurrency Testing", ASPLOS 2024).
//
// A place is where the code is, and for the one that reads also of which object: many reads share the line inside a
// library's inline function. Locks read what the last unlock wrote.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace racecourse::schedule {

using Place = std::uint32_t;  // 0: none, as of the writer of what was there at first

struct ReadsFrom {
  Place reader;
  Place writer;
  std::uint64_t object;  // its address, of the first byte read; the same in every process only if is_fixed()

  std::uint64_t key() const { return std::uint64_t{reader} << 32 | writer; }
};

// Whether the object lies at the same address in every process: the kernel's own choices all have this bit set.
inline bool is_fixed(std::uint64_t object) { return (object & std::uint64_t{1} << 44) == 0; }

// Never 0, and the same in every process.
inline Place reader_at(Place code, std::uint64_t object) {
  std::uint64_t mixed = (is_fixed(object) ? object : 0) * 0x9E3779B97F4A7C15u + code;
  mixed = (mixed ^ (mixed >> 32)) * 0xBF58476D1CE4E5B9u;
  return static_cast<Place>(mixed >> 32) | 1;
}

// What a search knows of them. Plain data without pointers, all zero at first: it lies in memory that processes share.
// A pair has one slot, which of two that meet there the one with the smaller key gets: so what is in the table does not
// depend on who came first.
class ReadsFromTable {
 public:
  struct Entry {
    std::uint64_t key;  // 0: free
    std::uint64_t object;
    std::uint64_t executions;  // that showed it
    std::uint64_t order = 0;   // among those of the table, by when it came there: addresses differ between builds

    Place reader() const { return static_cast<Place>(key >> 32); }
    Place writer() const { return static_cast<Place>(key); }
  };
  static constexpr std::uint32_t kSlots = 2048;

  bool is_empty() const { return added_ == 0; }
  std::span<const Entry> slots() const { return slots_; }
  // Whether there is nothing to learn from the pair: it is known, or another one has its slot for good.
  bool knows(const ReadsFrom& pair) const;
  // So many more executions showed it.
  void add(const Entry& entry);

 private:
  std::uint64_t added_;
  std::array<Entry, kSlots> slots_;
};

// The pairs of one execution, each once.
class ReadsFromSet {
 public:
  void begin() {
    ++generation_;
    count_ = 0;
  }
  // Forgets those that there is no room for.
  void add(const ReadsFrom& pair);
  std::span<const ReadsFrom> pairs() const { return {pairs_.data(), count_}; }

 private:
  static constexpr std::uint32_t kMost = 512;
  static constexpr std::uint32_t kSlots = 2 * kMost;

  struct Slot {
    std::uint64_t key;
    std::uint64_t generation;
  };
  std::uint64_t generation_ = 0;
  std::uint32_t count_ = 0;
  std::array<ReadsFrom, kMost> pairs_{};
  std::array<Slot, kSlots> slots_{};
};

}  // namespace racecourse::schedule
