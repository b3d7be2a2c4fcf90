// Whose turn an execution is, where several strategies share a search.
//
// Each has a share of the executions: at least half of it is its own, whatever happens, so that no strategy starves and
// what PCT promises holds. Up to half of all go to those in whose executions of the batch before new reads-from pairs
// came up (RFF, ASPLOS 2024, takes these for new behaviour), in proportion to how often that was: the more there were
// of them, the more executions.
#pragma once

#include <racecourse/checkers/schedule/experience.h>

#include <array>
#include <cstdint>

namespace racecourse::schedule {

class Turns {
 public:
  // Shares before anything is known; 0: there is no such strategy.
  explicit Turns(const std::array<std::uint8_t, kMaxTurns>& shares) : own_(shares) { share(TurnScores{}); }

  // Shares anew when the search has reached another boundary.
  void learn(const Experience& experience) {
    if (experience.boundaries == boundaries_) return;
    boundaries_ = experience.boundaries;
    share(experience.known_turns);
  }

  // A function of the number and the shares, and spread evenly: the multiples of the golden ratio are.
  std::uint32_t of(std::uint64_t execution) const {
    const auto at = static_cast<std::uint32_t>(execution * 0x9E3779B97F4A7C15u >> 32);
    std::uint32_t turn = 0;
    while (at > up_to_[turn]) ++turn;
    return turn;
  }
  // Of all executions.
  double share_of(std::uint32_t turn) const;

 private:
  void share(const TurnScores& scores);

  std::array<std::uint8_t, kMaxTurns> own_;
  std::uint32_t boundaries_ = 0;
  std::array<std::uint32_t, kMaxTurns> up_to_{};  // of 2^32 - 1
};

}  // namespace racecourse::schedule
