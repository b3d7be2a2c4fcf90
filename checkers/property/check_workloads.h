// A property over programs and schedules at once, whose counterexample is also a test to paste.
#pragma once

#include <racecourse/checkers/property/check.h>
#include <racecourse/checkers/property/holds_under.h>
#include <racecourse/checkers/property/schedule_generator.h>
#include <racecourse/checkers/property/workload.h>
#include <rapidcheck.h>

#include <string>
#include <utility>

namespace racecourse::property {

// Runs `body(workload)` for random workloads, each under a random schedule. When falsified, `Falsified::test` holds the
// smallest workload as a GoogleTest, written with `text`.
template <class Operation>
Passed check_workloads(const std::string& name, const Settings& settings, rc::Gen<Workload<Operation>> workloads,
                       const TestText& text, const std::function<void(const Workload<Operation>&)>& body,
                       const Options& options = {}) {
  std::string test;
  try {
    return check(name, settings, [&](const schedule::Schedule& schedule) {
      const Workload<Operation> workload = *workloads;
      try {
        require_holds([&] { body(workload); }, schedule, options);
      } catch (...) {
        test = as_test(text, workload, schedule);
        throw;
      }
    });
  } catch (Falsified& falsified) {
    falsified.test = std::move(test);
    throw;
  }
}

}  // namespace racecourse::property
