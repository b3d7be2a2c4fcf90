// The way from a position to what another execution showed: by threads, not by time.
//
// The other execution may have switched elsewhere, between accesses that are no steps here. What matters is who does
// which of his operations before whom: the thread that goes next is the one whose next operation comes first there.
#pragma once

#include <racecourse/checkers/control/steered_run.h>
#include <racecourse/checkers/schedule/schedule.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace racecourse::control {

class Way {
 public:
  using Run = std::function<const SteeredRun&(const std::vector<schedule::Decision>&)>;

  // Keeps references to both. `target` has a finding.
  Way(const SteeredRun& target, const std::vector<schedule::Pick>& picks);

  // The decisions that lead on from `taken` to a finding of the target's kind; empty if there are none, because a
  // thread has done something that it does not do there, or because the bug needs finer steps.
  std::vector<schedule::Decision> from(std::vector<schedule::Decision> taken, const Run& run) const;

 private:
  // Who goes next after `run`, by number; -1: it has left the way.
  int next_after(const SteeredRun& run) const;
  bool reached(const SteeredRun& run) const;

  const SteeredRun& target_;
  const std::vector<schedule::Pick>& picks_;
  std::vector<std::vector<std::uint32_t>> by_thread_;  // the target's events
};

}  // namespace racecourse::control
