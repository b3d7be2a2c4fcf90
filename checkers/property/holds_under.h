// One body under one schedule, as a step of a property.
#pragma once

#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/schedule/schedule.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace racecourse::property {

// Runs `body` once, under `schedule`, in a worker process. The verdict is `failed` if anything was found, and the
// finding comes with its report.
Verdict holds_under(const std::function<void()>& body, const schedule::Schedule& schedule, Options options = {});

// The same inside a RapidCheck property: the case fails with the finding's message unless the body holds. To look for
// a consequence of a data race instead of the race itself, switch `options.race_check` off. No report is made, which
// takes a hundred times as long as the run itself; check() makes one for the smallest counterexample.
void require_holds(const std::function<void()>& body, const schedule::Schedule& schedule, const Options& options = {});

// One body under many schedules: a worker process is kept from one run to the next, which makes a run a hundred times
// as fast as a process of its own. The body must not change what it captured between two runs: each starts from what
// was captured at the first.
class Schedules {
 public:
  Schedules(std::function<void()> body, Options options = {});
  ~Schedules();
  Schedules(const Schedules&) = delete;
  Schedules& operator=(const Schedules&) = delete;

  void require_holds(const schedule::Schedule& schedule);

 private:
  struct Worker;
  std::unique_ptr<Worker> worker_;
};

// What the last of these calls that failed found. RapidCheck shrinks from failure to failure, so after a property was
// falsified this belongs to its smallest counterexample.
struct Failure {
  Finding finding;
  schedule::Schedule schedule;
};
const std::optional<Failure>& last_failure();
void forget_last_failure();

// How many schedules this process has run so far.
std::uint64_t schedules_tried();

// While one of these exists, require_holds() makes reports too.
class WithReports {
 public:
  WithReports();
  ~WithReports();
  WithReports(const WithReports&) = delete;
  WithReports& operator=(const WithReports&) = delete;
};

}  // namespace racecourse::property
