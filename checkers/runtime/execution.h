// Running executions in the current process, which must be a forked worker. The controller (explore.cpp) forks the
// workers and reads the shared block.
#pragma once

#include <racecourse/checkers/detect/lock_nesting.h>
#include <racecourse/checkers/runtime/shared_block.h>
#include <racecourse/checkers/runtime/spurious.h>
#include <racecourse/checkers/schedule/notes.h>
#include <racecourse/checkers/schedule/schedule.h>
#include <racecourse/checkers/schedule/strategy.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <span>

namespace racecourse::runtime {

// A bit for every granule (hashed) that raced, see detect/race.h.
using RacedMap = std::array<std::uint64_t, 1024>;

struct BatchConfig {
  schedule::Settings strategy;
  std::function<std::unique_ptr<schedule::Strategy>()> make_strategy;  // if set, called in the worker instead
  std::uint64_t seed = 1;
  std::uint64_t first = 0;  // execution numbers [first, last)
  std::uint64_t last = 0;
  schedule::Learnt learnt;
  std::uint64_t max_steps = 20'000;
  Spurious spurious = Spurious::never;
  bool race_check = true;
  bool stop_at_race = false;
  double watchdog_seconds = 2;
  double until = 0;  // CLOCK_MONOTONIC seconds after which no further execution starts; 0: never
  // The batch ends at the first execution with a finding for which this returns true. A pure function of the block:
  // state that it kept on the caller's stack would be reset with the rest before the next execution.
  std::function<bool(const SharedBlock&)> stop_at;
  // If set, asked before stop_at: it takes findings out of the block that are known to count for nothing. `trace_again`
  // runs the execution once more, into the same block and with a trace. As pure as stop_at.
  std::function<void(SharedBlock&, const std::function<void()>& trace_again)> excuse;
  // If set, says which suppressions were needed for races at places that are excused (detect/excuse.h).
  bool* suppressed = nullptr;
  // If set, asked on the worker's stack after [first, last), and what it fills in was run: whether there is more to
  // run, and what. As pure as stop_at.
  std::function<bool(std::uint64_t& first, std::uint64_t& last)> next;
  // If set, it may fall while the batch runs: executions with greater numbers are not run.
  const std::atomic<std::uint64_t>* last_wanted = nullptr;
  // If set, in shared memory: takes the races of this batch, which learn_races() makes known to the next one. Otherwise
  // they are known to the next worker.
  RacedMap* raced = nullptr;
  // If set, takes down what the executions that are looked at (distinct.h) showed.
  schedule::Notes* notes = nullptr;
  // Whether they are also asked in which order threads take locks; and if set, who takes that down.
  bool predicts = false;
  detect::LockCycles* lock_cycles = nullptr;
};

// In the parent, at the start of every search, before the first fork: maps stacks, makes thread-local storage for
// `threads` threads (more are made in the worker when needed; pass what was learnt) and forgets which memory raced.
void begin_search(int threads);

// In the parent: the workers of the next batch know of these races. Returns whether any was new.
bool learn_races(const RacedMap& raced);

// Runs `work` on the worker's own stack. Everything above the caller on the program's stack is part of the state that
// is reset before each execution, so a loop over replays must run in here, with its variables in here or on the heap.
void on_worker_stack(const std::function<void()>& work);

// A worker's life: takes the snapshot, runs the executions, and returns after the last, or after the first whose
// findings satisfy stop_at. Must be called in a forked child that then leaves by _exit. A body that crashes or calls
// exit ends the process from inside (kWorkerEndedByBody), after the finding was recorded in `shared`.
void run_batch(const std::function<void()>& body, const BatchConfig& config, SharedBlock& shared);

struct ReplayConfig {
  std::uint64_t max_steps = 20'000;
  bool race_check = true;
  bool stop_at_race = false;
  double watchdog_seconds = 2;
  bool trace = false;           // record events, frames and threads
  bool heap_by_thread = false;  // as in systematic searches, see heap.h
};
// Runs one schedule, in a forked child; afterwards `shared` describes the execution, with its exact schedule in
// `segments` and `picks`. Several may follow each other in one child, inside on_worker_stack().
void run_replay(const std::function<void()>& body, const schedule::Schedule& schedule, const ReplayConfig& config,
                SharedBlock& shared);

// The same with a strategy of the caller's, traced whatever `config` says, and without learning: what is a scheduling
// point is what earlier batches taught, however often it is called.
void run_steered(const std::function<void()>& body, schedule::Strategy& strategy, const ReplayConfig& config,
                 SharedBlock& shared);

// Completes the shared block of the execution in progress, for a process that is about to end inside it.
void finish_execution();

// Exit codes of a worker that ended from inside.
inline constexpr int kWorkerDone = 0;
inline constexpr int kWorkerEndedByBody = 90;  // the finding is in the shared block
inline constexpr int kWorkerRefused = 91;      // cannot work here; a message is on standard error

}  // namespace racecourse::runtime
