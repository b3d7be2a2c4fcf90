// The memory between this process and its workers: the runtime's block, and a few words of our own.
#pragma once

#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/runtime/shared_block.h>
#include <racecourse/checkers/schedule/profile.h>

#include <atomic>
#include <cstdint>

namespace racecourse::control {

struct Workspace {
  std::atomic<std::uint32_t> work_returned;  // the worker's work came back; only its _exit was left
  std::uint64_t tolerated[kKindCount];       // executions with a finding that the search passed over, by kind
  runtime::SharedBlock block;
  schedule::Experience experience;  // of the search, whatever becomes of its workers: clear() leaves it alone
};

// The one workspace of the process, mapped at the first call. Throws std::runtime_error if the system has no room.
Workspace& workspace();

// Forgets the last worker's results and gives back the memory that they took.
void clear(Workspace& space);

// Adds a finding that the runtime did not live to record. Its place is the kind and `detail`.
void add_finding(runtime::SharedBlock& block, Kind kind, std::uint64_t detail, const char* message);

// Findings in the block, never more than it has room for.
std::uint32_t finding_count(const runtime::SharedBlock& block);

}  // namespace racecourse::control
