// The memory that a worker process shares with the process that forked it: results, the exact schedule of the running
// execution (so that a crash or a kill loses nothing), and the recorded trace of a replay.
#pragma once

#include <racecourse/checkers/report/trace.h>
#include <racecourse/checkers/runtime/kernel_objects.h>
#include <racecourse/checkers/schedule/schedule.h>
#include <racecourse/checkers/schedule/strategy.h>

#include <atomic>
#include <cstdint>

namespace racecourse::runtime {

inline constexpr std::uint32_t kMaxFindings = 12;
inline constexpr std::uint32_t kMostRaces = 8;  // among them
inline constexpr std::uint32_t kMaxSegments = 1u << 20;
inline constexpr std::uint32_t kMaxPicks = 1u << 16;
inline constexpr std::uint32_t kMaxEvents = 1u << 20;
inline constexpr std::uint32_t kMaxFrames = 1u << 21;
inline constexpr std::uint32_t kMaxThreads = 250;  // alive at once; the race shadow has 8 bits for a thread
inline constexpr std::uint32_t kMaxOutcomes = 256;
inline constexpr std::uint32_t kMaxNames = 64;

struct OutcomeCount {
  char text[64];
  std::uint64_t count;
};

// Mapped shared and lazily backed; only the touched part costs memory.
struct SharedBlock {
  // Progress, for the watchdog in the parent.
  std::atomic<std::uint64_t> execution;  // number of the execution in progress, from 0
  std::atomic<std::uint64_t> completed;  // executions that ended in this batch
  std::atomic<std::uint32_t> stage;      // Stage
  std::uint64_t ticks;                   // of the last execution
  std::uint64_t total_ticks;             // of the batch

  // Learnt by the batch.
  std::uint32_t max_threads;
  std::uint32_t max_points;
  std::uint64_t pct_executions[schedule::kMaxDepths];  // by Strategy::pct_depth()
  std::uint32_t max_picks;                             // most questions asked in one execution, whatever the answers
  bool named;                                          // an execution changed what has a name in the system

  // Of the execution in progress, or the one that ended the batch.
  std::uint32_t finding_count;
  report::RawFinding findings[kMaxFindings];
  std::uint32_t segment_count;  // may exceed kMaxSegments: then the schedule was too long to keep
  std::uint32_t pick_count;     // non-zero answers kept in `picks`
  std::uint32_t deviated;       // replay: 1 when a segment could not be followed exactly

  KernelObjects kernel_objects;

  std::uint32_t outcome_count;
  OutcomeCount outcomes[kMaxOutcomes];

  // Recorded only while tracing.
  std::uint32_t event_count;  // may exceed kMaxEvents: then the first kMaxEvents were kept
  std::uint32_t frame_count;
  std::uint32_t thread_count;
  report::ThreadEnd threads[kMaxThreads];
  std::uint64_t trace_hash;  // of (thread, op, object name, value) of every tick: equal when two runs are the same

  schedule::Segment segments[kMaxSegments];  // ticks 0 in the last one: it ran until the end
  schedule::Pick picks[kMaxPicks];
  report::Event events[kMaxEvents];
  report::Frame frames[kMaxFrames];
};

enum class Stage : std::uint32_t { starting, between, executing, ended };

}  // namespace racecourse::runtime
