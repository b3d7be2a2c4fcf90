// A chunk: a part of a batch, with fixed execution numbers, that one worker runs; and the record of what it showed.
//
// What depends on who runs what must not show in a verdict. So a batch is cut into chunks by execution numbers alone,
// each chunk is counted by itself, and when all is done (or something is found) the records are added up: all of them,
// or those up to the finding.
#pragma once

#include <racecourse/checkers/detect/lock_nesting.h>
#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/runtime/execution.h>
#include <racecourse/checkers/runtime/shared_block.h>
#include <racecourse/checkers/suppression.h>

#include <cstdint>

namespace racecourse::control {

// What executions showed. Plain data, all zero at first.
struct Tally {
  std::uint64_t tolerated[kKindCount];                 // executions with a finding that the search passed over, by kind
  bool suppressed[Suppressions::kMost];                // which suppressions were used
  std::uint64_t pct_executions[schedule::kMaxDepths];  // by Strategy::pct_depth()
  std::uint32_t max_threads, max_points, max_picks;
  std::uint32_t outcome_count;
  runtime::OutcomeCount outcomes[runtime::kMaxOutcomes];
  bool named;  // see SharedBlock
  bool any_raced;
  runtime::RacedMap raced;  // what raced in them
  schedule::Notes notes;    // of those that were looked at
  detect::LockCycles lock_cycles;
};

// In memory that workers share; changed by one process at a time, the one that runs the chunk or, after its death, the
// parent.
struct Chunk {
  std::uint64_t first, end;
  std::uint64_t next;       // the first that is still to be run
  std::uint64_t killed_at;  // a worker was killed in the execution before this one; 0: none was
  bool died;                // in some execution, by the body's fault
  Tally tally;

  bool done() const { return next == end; }
};

// What a worker counts beside the runtime's block.
struct Counted {
  std::uint64_t tolerated[kKindCount];
  bool suppressed[Suppressions::kMost];
  runtime::RacedMap raced;
  schedule::Notes notes;
  detect::LockCycles lock_cycles;
};

// Adds what a worker has counted since the last call, and takes it from where it was counted.
void collect(runtime::SharedBlock& block, Counted& counted, Tally& tally);
// Forgets all. Cheap where there was little.
void clear(Tally& tally);

// How many executions a chunk of a batch of `size` has: enough for the end not to be waited for, and not so few that
// the bookkeeping shows. A batch that is too small to be shared is one chunk.
std::uint64_t chunk_size(std::uint64_t size);

}  // namespace racecourse::control
