// One traced replay, made into a report.
#pragma once

#include <racecourse/checkers/control/excuses.h>
#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/report/report.h>
#include <racecourse/checkers/schedule/schedule.h>

#include <functional>
#include <optional>
#include <string>

namespace racecourse::control {

struct Rendered {
  std::optional<Finding> finding;  // none: the schedule ended without one
  bool deviated = false;           // the schedule did not fit
  schedule::Schedule recorded;     // what happened
  std::string failure;             // not empty: no replay was possible
  UsedSuppressions suppressed;     // some of its findings do not count
  std::string differs;             // not empty: where it did something else than the token's fingerprint says
};

// Replays in a worker of its own and renders in this process. `lead` names the kind that the report is about, if the
// execution shows it; else the gravest.
Rendered replay_and_render(const std::function<void()>& body, const Options& options,
                           const schedule::Schedule& schedule, const report::Context& context, std::optional<Kind> lead,
                           Excuses& excuses);

}  // namespace racecourse::control
