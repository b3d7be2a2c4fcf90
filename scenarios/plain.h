// Plain repetition: what a stress test does. A body runs again and again on real threads, each time in a process of its
// own, with nothing that watches: only what ends badly is seen.
#pragma once

#include <racecourse/scenarios/json.h>
#include <racecourse/scenarios/runner.h>

namespace racecourse::catalogue {

struct PlainRuns {
  std::uint64_t runs = 0;
  std::uint64_t aborted = 0;  // a failed assertion, an uncaught exception, a forbidden outcome
  std::uint64_t crashed = 0;  // another signal, or a bad exit code
  std::uint64_t hung = 0;     // not over after the deadline of a run
  double seconds = 0;

  std::uint64_t caught() const { return aborted + crashed + hung; }
};

// Until `request.executions` (default 10,000) runs are made or `request.seconds` (default 20) are over.
PlainRuns run_plainly(const Request& request);

Json to_json(const PlainRuns& runs);
PlainRuns plain_runs_from_json(const Json& json);

}  // namespace racecourse::catalogue
