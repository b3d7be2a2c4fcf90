// What the executions of a part of a search showed that were looked at: as little of it as others learn from.
#pragma once

#include <racecourse/checkers/schedule/noted.h>
#include <racecourse/checkers/schedule/reads_from.h>
#include <racecourse/checkers/schedule/strategy.h>

#include <array>
#include <cstdint>
#include <span>

namespace racecourse::schedule {

// Of each of a strategy's turns, over the executions that were looked at.
struct TurnScores {
  struct Score {
    std::uint64_t executions;
    std::uint64_t novel;  // of them: showed a reads-from pair that was not known
  };
  std::array<Score, kMaxTurns> of;

  void merge(const TurnScores& other);
};

// Plain data without pointers, all zero at first: it lies in memory that processes share.
class Notes {
 public:
  static constexpr std::uint32_t kMost = 512;       // executions
  static constexpr std::uint32_t kMostPairs = 256;  // different ones; there is no room for more

  // An execution, by the strategy whose turn it was. `known` says what is not new; null: nothing is.
  void add(const Noted& noted, std::uint32_t turn, const ReadsFromTable* known);
  // What came after these.
  void merge(const Notes& later);
  // Cheap where there was little.
  void clear();

  std::span<const std::uint64_t> digests() const { return {digests_.data(), digest_count_}; }
  std::span<const ReadsFromTable::Entry> pairs() const { return {pairs_.data(), pair_count_}; }
  const TurnScores& turns() const { return turns_; }

 private:
  void count(const ReadsFromTable::Entry& pair);
  static constexpr std::uint32_t kSlots = 2 * kMostPairs;

  std::uint32_t digest_count_;
  std::uint32_t pair_count_;
  TurnScores turns_;
  std::array<std::uint64_t, kMost> digests_;
  std::array<ReadsFromTable::Entry, kMostPairs> pairs_;
  std::array<std::uint16_t, kSlots> slots_;  // index of a pair + 1, with linear probing
};

}  // namespace racecourse::schedule
