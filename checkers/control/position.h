// From executions to what a person is told of a position: names, values, who waits for whom.
#pragma once

#include <racecourse/checkers/control/steered_run.h>
#include <racecourse/checkers/report/contention.h>
#include <racecourse/checkers/report/names.h>
#include <racecourse/checkers/steer.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>

namespace racecourse::control {

// What goes on from a position: by thread, the execution that takes one step more.
using Continuations = std::map<int, const SteeredRun*>;

class PositionWriter {
 public:
  // `whole` is an execution to its end: what it shows of names and of what is shared holds for all positions, so that a
  // variable keeps its name. Must be made where the body ran, or in a fork: addresses are looked up in this process.
  PositionWriter(const SteeredRun& whole, report::Symbols& symbols);

  // What an execution found, its picture no wider than a terminal.
  std::optional<Finding> finding(const SteeredRun& run, const Options& options) const;
  // `run` stopped where a decision is due, or is over. The token is left to the caller.
  Position write(const SteeredRun& run, const Continuations& next, const Options& options);

 private:
  const SteeredRun& whole_;
  report::Symbols& symbols_;
  std::set<std::uint64_t> shared_;  // addresses
};

}  // namespace racecourse::control
