// Makes the schedule of a finding short: fewer switches to follow for a person, the same finding at the same place.
// Among schedules with equally few switches it is the shortest run: what a thread does in vain before the finding is
// left out by letting the next one take over earlier.
//
// Delta debugging (Zeller and Hildebrandt, TSE 2002) over segments, with moves of its own: a candidate is not a subset
// of the schedule but a wish, since segments that no longer fit are skipped by the replay. What counts, and what the
// next step starts from, is the schedule that the replay recorded.
#pragma once

#include <racecourse/checkers/schedule/schedule.h>

#include <cstddef>
#include <cstdint>
#include <functional>

namespace racecourse::control {

// What the replay of a candidate showed.
struct Attempt {
  bool same = false;            // the finding came again, and nothing that is not acceptable beside it
  schedule::Schedule recorded;  // what happened
  std::uint64_t ticks = 0;      // how long it took
};

// Both are counted, never timed, so that a seed always shrinks to the same schedule.
struct ShrinkBudget {
  std::uint64_t replays = 2'000;
  std::uint64_t ticks = 20'000'000;
  std::uint64_t replays_for_length = 400;  // of the replays: at most so many when the switches are as few as they get
};

struct Shrunk {
  bool reproduced = false;       // false: the schedule did not show its finding again
  schedule::Schedule schedule;   // without the tail that the default rule repeats
  std::size_t from = 0;          // switches before
  std::size_t to = 0;            // and after
  std::uint64_t ticks_from = 0;  // length of the run before
  std::uint64_t ticks_to = 0;    // and after
  std::uint64_t replays = 0;
};

Shrunk shrink(const schedule::Schedule& start, const std::function<Attempt(const schedule::Schedule&)>& replay,
              const ShrinkBudget& budget = {});

}  // namespace racecourse::control
