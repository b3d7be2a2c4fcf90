// Which events a short picture shows.
#pragma once

#include <racecourse/checkers/report/contention.h>
#include <racecourse/checkers/report/trace_view.h>

#include <cstdint>
#include <vector>

namespace racecourse::report {

// Indices of the events that matter, in order: accesses to what threads share, steps on the findings' own objects, the
// findings, what stuck threads do last. What runs before a second thread exists is left out, and so is everything that
// only one thread ever touches.
std::vector<std::uint32_t> select_events(const Trace& trace, const Contention& contention);

// One row to be: an event, or `repeat` rounds of a group of events.
struct Step {
  std::uint32_t event = 0;   // of the first round
  std::uint32_t last = 0;    // the same event of the last round
  std::uint32_t repeat = 1;  // rounds
  std::uint32_t group = 1;   // events in a round
  bool ends_group = true;    // last row of its round
};

// Folds rounds (a loop with a constant body), and stretches in which threads only wait: whatever the order in which
// they look again at what has not changed, each thing looked at becomes one step.
std::vector<Step> fold(const Trace& trace, const std::vector<std::uint32_t>& events);

// Steps left out in front of a kept one.
struct Gap {
  std::uint32_t steps = 0;
  std::vector<std::uint16_t> threads;
};
struct Shortened {
  std::vector<Step> steps;
  std::vector<Gap> gaps;  // gaps[i] lies in front of steps[i]; one more for the end
};

// Keeps at most about `most` steps: the ones nearest to the switches and to the findings.
Shortened shorten_steps(const Trace& trace, const std::vector<Step>& steps, std::size_t most);

}  // namespace racecourse::report
