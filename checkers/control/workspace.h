// The memory between this process and its workers: for each worker the runtime's block and a few words of our own, and
// what workers that run at the same time share.
#pragma once

#include <racecourse/checkers/control/chunk.h>
#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/runtime/execution.h>
#include <racecourse/checkers/runtime/shared_block.h>
#include <racecourse/checkers/schedule/experience.h>

#include <atomic>
#include <cstdint>

namespace racecourse::control {

struct Workspace {
  std::atomic<std::uint32_t> work_returned;  // the worker's work came back; only its _exit was left
  // Of the chunk that the worker runs, as far as it is not collected.
  std::uint32_t chunk;      // its number in the batch
  std::uint64_t collected;  // block.completed at the last time
  Counted counted;
  runtime::SharedBlock block;
};

// Of one batch.
struct SharedBatch {
  static constexpr std::uint32_t kMaxChunks = 512;

  std::atomic<std::uint32_t> next_chunk;   // the first that nobody has begun
  std::atomic<std::uint64_t> last_wanted;  // execution with the lowest number that has found something; all ones: none
  std::uint32_t chunk_count;
  Chunk chunks[kMaxChunks];
};

inline constexpr unsigned kMaxWorkers = 64;

struct SharedMemory {
  schedule::Experience experience;  // of the search
  SharedBatch batch;
  Workspace spaces[kMaxWorkers];
};

// The one of the process, mapped at the first call, at one size whatever is used of it. Throws std::runtime_error if
// the system has no room.
SharedMemory& shared_memory();

// The workspace of a worker; the first one is that of all who need only one.
Workspace& workspace(unsigned worker = 0);

// Forgets the last worker's results and gives back the memory that they took.
void clear(Workspace& space);

// Adds a finding that the runtime did not live to record. Its place is the kind and `detail`.
void add_finding(runtime::SharedBlock& block, Kind kind, std::uint64_t detail, const char* message);

// Findings in the block, never more than it has room for.
std::uint32_t finding_count(const runtime::SharedBlock& block);

}  // namespace racecourse::control
