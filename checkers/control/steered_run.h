// One execution under decisions, with everything that it showed.
#pragma once

#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/report/trace_view.h>
#include <racecourse/checkers/schedule/schedule.h>
#include <racecourse/checkers/schedule/steered.h>

#include <functional>
#include <string>
#include <vector>

namespace racecourse::control {

struct SteeredRun {
  std::vector<report::Event> events;
  std::vector<report::Frame> frames;
  std::vector<report::ThreadEnd> threads;
  std::vector<report::RawFinding> findings;
  bool truncated = false;
  schedule::Schedule schedule;
  schedule::Outlook outlook;
  std::string failure;  // not empty: no execution was possible, and why

  report::Trace trace() const { return {events, frames, threads, findings, truncated}; }
  bool over() const { return !outlook.stopped; }
};

// In a worker process of its own.
class SteeredRunner {
 public:
  // Keeps references to both.
  SteeredRunner(const std::function<void()>& body, const Options& options);
  ~SteeredRunner();
  SteeredRunner(const SteeredRunner&) = delete;
  SteeredRunner& operator=(const SteeredRunner&) = delete;

  SteeredRun run(const std::vector<schedule::Decision>& decisions, schedule::Steered::After after);
  // A replay of the schedule, to its end.
  SteeredRun replay(const schedule::Schedule& schedule);

 private:
  const std::function<void()>& body_;
  const Options& options_;
  schedule::Outlook* outlook_;  // shared with the worker
};

}  // namespace racecourse::control
