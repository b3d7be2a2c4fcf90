// The search: batches of executions in worker processes until a finding, or until the budget is spent.
#pragma once

#include <racecourse/checkers/control/excuses.h>
#include <racecourse/checkers/control/goal.h>
#include <racecourse/checkers/control/systematic_search.h>
#include <racecourse/checkers/control/workspace.h>
#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/schedule/missed.h>
#include <racecourse/checkers/schedule/schedule.h>
#include <racecourse/checkers/schedule/strategy.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace racecourse::control {

// An execution with a finding, as the worker left it.
struct Found {
  std::uint64_t execution = 0;  // from 0
  std::uint64_t directed = 0;   // not 0: that execution only predicted it, and this many directed ones led there
  std::vector<report::RawFinding> findings;
  std::vector<report::RawFinding> excused;  // those that are suppressed
  std::uint32_t lead = 0;                   // index of the finding to shrink, confirm and show
  schedule::Schedule schedule;
  bool schedule_complete = true;  // false: it had more switches than can be kept
  std::uint64_t ticks = 0;

  const report::RawFinding& leading() const { return findings[lead]; }
  Kind kind() const { return static_cast<Kind>(leading().kind); }
};

// Copies the execution that the block describes. It must hold a finding.
Found take_found(const runtime::SharedBlock& block, const Goal& goal);
// The schedule in the block.
schedule::Schedule take_schedule(const runtime::SharedBlock& block);

// How many different traces the executions were (schedule/distinct.h).
struct Traces {
  std::uint64_t looked_at = 0;  // executions since the search knew what counts as a step
  std::uint64_t distinct = 0;   // among them
  bool full = false;            // there were more
  double next_is_new = 1;       // probability
};

struct SearchResult {
  std::optional<Found> found;
  std::uint64_t executions = 0;
  schedule::Learnt learnt;  // most threads and points of an execution
  schedule::PctExecutions pct_executions{};
  Traces traces;
  bool one_thread = false;           // the first execution had one thread and no choice: all others would be the same
  std::optional<Coverage> coverage;  // of a systematic search
  std::optional<Found> predicted;    // nothing was found, but a deadlock is certain (predictions.h)
  std::uint64_t directed = 0;        // executions that were directed in vain into deadlocks that are not
  std::string failure;               // not empty: no search was possible, and why
  std::map<std::string, std::uint64_t> outcomes;
  std::map<Kind, std::uint64_t> tolerated;  // executions with an allowed finding, by kind
  UsedSuppressions suppressed;
};

// Which executions of a search are run: [first, last). Batches are counted from `origin`, where the search began.
struct Part {
  std::uint64_t origin, first, last;
};
// All that the options ask for: those of their shard.
Part part_of(const Options& options);

SearchResult run_search(const std::function<void()>& body, const Options& options, const Goal& goal, const Part& part,
                        Excuses& excuses);

}  // namespace racecourse::control
