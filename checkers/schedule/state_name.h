// 128 bits for a state that a search has reached: of what happened before what, without addresses, so that every
// process gives it the same name.
#pragma once

#include <racecourse/checkers/schedule/arena.h>

#include <cstdint>
#include <functional>
#include <unordered_map>

namespace racecourse::schedule {

struct StateName {
  std::uint64_t low = 0, high = 0;
  friend bool operator==(const StateName&, const StateName&) = default;

  // In whatever order.
  void add(const StateName& other) { low += other.low, high += other.high; }
  // In this order.
  void mix(std::uint64_t value) {
    low = scrambled(low ^ value) + 0x9E3779B97F4A7C15u;
    high = scrambled(high + value * 0xD6E8FEB86659FD93u) ^ 0xA0761D6478BD642Fu;
  }
  void mix(const StateName& other) { mix(other.low), mix(other.high); }

  struct Hash {
    std::size_t operator()(const StateName& name) const { return name.low; }
  };

 private:
  // The finalizer of SplitMix64 (Steele, Lea, Flood).
  static std::uint64_t scrambled(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
  }
};

template <class T>
using ByName =
    std::unordered_map<StateName, T, StateName::Hash, std::equal_to<StateName>, InArena<std::pair<const StateName, T>>>;

}  // namespace racecourse::schedule
