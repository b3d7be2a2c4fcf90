// One body under one schedule, as a step of a property.
#pragma once

#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/schedule/schedule.h>

#include <cstdint>
#include <functional>
#include <optional>

namespace racecourse::property {

// Runs `body` once, under `schedule`, in a worker process. The verdict is `failed` if anything was found.
Verdict holds_under(const std::function<void()>& body, const schedule::Schedule& schedule, Options options = {});

// The same inside a RapidCheck property: the case fails with the finding's message unless the body holds. To look for
// a consequence of a data race instead of the race itself, switch `options.race_check` off.
void require_holds(const std::function<void()>& body, const schedule::Schedule& schedule, Options options = {});

// What the last call that failed found. RapidCheck shrinks from failure to failure, so after a property was falsified
// this belongs to its smallest counterexample.
struct Failure {
  Finding finding;
  schedule::Schedule schedule;
};
const std::optional<Failure>& last_failure();
void forget_last_failure();

// How many schedules this process has run so far.
std::uint64_t schedules_tried();

}  // namespace racecourse::property
