// Deadlocks that the executions of a search predict, and the hunt for them.
//
// The worker sees that threads took their locks in orders that go round in a circle (detect/lock_nesting.h). Then one
// such execution is replayed with a trace and looked at closely (detect/lock_order.h); and for what could happen, some
// executions are directed into it (schedule/rendezvous.h). What they find is an ordinary deadlock. Otherwise, if the
// prediction is certain, it is a finding of its own, unless the search finds anything else: the schedule of the
// execution that passed shows it again.
#pragma once

#include <racecourse/checkers/control/batch.h>
#include <racecourse/checkers/control/search_loop.h>
#include <racecourse/checkers/detect/lock_nesting.h>
#include <racecourse/checkers/detect/lock_order.h>

#include <cstdint>
#include <map>
#include <optional>

namespace racecourse::control {

// Executions that are directed into one predicted deadlock, at most.
inline constexpr std::uint64_t kDirectedExecutions = 300;

class Predictions {
 public:
  // Keeps references to all. `task` is that of the search.
  Predictions(const Batch::Task& task, const Options& options, const Goal& goal);

  // After a batch without a finding: what its executions showed. Returns a deadlock that really happened.
  std::optional<Found> follow(const detect::LockCycles& cycles);

  // The first prediction that is certain and that no directed execution confirmed; its kind is lock-order.
  const std::optional<Found>& unconfirmed() const { return unconfirmed_; }
  // Executions that were directed into deadlocks that are not certain, and did not come there.
  std::uint64_t in_vain() const { return in_vain_; }

 private:
  std::optional<Found> follow(std::uint64_t execution);
  std::optional<Found> direct(const detect::LockCycle& cycle, std::uint64_t execution);

  const Batch::Task& task_;
  const Options& options_;
  const Goal& goal_;
  const bool wanted_;
  std::map<std::uint64_t, unsigned> looked_at_;  // by signature: how often
  unsigned looks_ = 0;
  std::optional<Found> unconfirmed_;
  std::uint64_t in_vain_ = 0;
};

// Whether the search is to predict deadlocks at all.
bool predicts(const Options& options, const Goal& goal);

// After a traced replay: adds the finding of kind lock-order that the execution in the block predicts, if there is one
// that is certain.
void add_prediction(runtime::SharedBlock& block);

}  // namespace racecourse::control
