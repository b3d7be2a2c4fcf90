#include <racecourse/checkers/control/predictions.h>
#include <racecourse/checkers/control/replayer.h>
#include <racecourse/checkers/report/trace_view.h>
#include <racecourse/checkers/schedule/rendezvous.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

namespace racecourse::control {
namespace {

constexpr unsigned kMostLooks = 16;          // traced replays of one search
constexpr unsigned kMostOfOneCircle = 3;     // of them: what was ordered in one execution may not be in another
constexpr std::uint64_t kOfUncertain = 100;  // directed executions

const detect::LockCycle* first_certain(const std::vector<detect::LockCycle>& cycles) {
  return !cycles.empty() && cycles[0].certain ? &cycles[0] : nullptr;
}

report::RawFinding finding_of(const detect::LockCycle& cycle, std::span<const report::Event> events) {
  const detect::LockWait& first = cycle.waits[0];
  const report::Event& event = events[first.wanted_at];
  report::RawFinding finding{};
  finding.kind = static_cast<std::uint8_t>(Kind::lock_order);
  finding.thread = first.thread;
  finding.other = cycle.waits[1].thread;
  finding.tick = event.tick;
  finding.address = first.wants;
  finding.pc = event.pc;
  finding.stack = event.stack;
  for (const detect::LockWait& wait : cycle.waits) finding.place += events[wait.wanted_at].pc * 2 + 1;
  std::snprintf(finding.message, sizeof finding.message,
                "T%u may wait for a mutex that T%u holds, while T%u waits for what T%u holds", first.thread,
                cycle.waits[1].thread, cycle.waits.back().thread, first.thread);
  return finding;
}

}  // namespace

bool predicts(const Options& options, const Goal& goal) {
  return options.strategy != "exhaustive" && !goal.passes_over(Kind::deadlock);
}

Predictions::Predictions(const Batch::Task& task, const Options& options, const Goal& goal)
    : task_(task), options_(options), goal_(goal), wanted_(predicts(options, goal)) {}

std::optional<Found> Predictions::follow(const detect::LockCycles& cycles) {
  for (std::uint32_t i = 0; wanted_ && i < cycles.count; i++) {
    unsigned& times = looked_at_[cycles.seen[i].signature];
    if (looks_ == kMostLooks || times == kMostOfOneCircle) continue;
    looks_++;
    times++;
    if (auto found = follow(cycles.seen[i].execution)) return found;
  }
  return std::nullopt;
}

std::optional<Found> Predictions::follow(std::uint64_t execution) {
  Batch again(task_, execution, execution + 1, 1);
  again.run(1);
  if (again.found() != nullptr || !again.failure().empty() || again.stopped()) return std::nullopt;
  Found passed;
  passed.execution = execution;
  passed.schedule = take_schedule(workspace().block);
  const runtime::SharedBlock& block = workspace().block;
  passed.schedule_complete = block.segment_count <= runtime::kMaxSegments && block.pick_count <= runtime::kMaxPicks;
  if (!passed.schedule_complete) return std::nullopt;
  if (replay_once(task_.body, options_, passed.schedule, true).end != WorkerEnd::returned) return std::nullopt;
  const report::Trace trace = report::trace_of(block);
  if (trace.truncated) return std::nullopt;
  const std::vector<detect::LockCycle> cycles = detect::predict_deadlocks(trace.events);
  const detect::LockCycle* const certain = first_certain(cycles);
  if (certain != nullptr && !unconfirmed_ && !goal_.passes_over(Kind::lock_order)) {
    passed.findings.push_back(finding_of(*certain, trace.events));
    unconfirmed_ = passed;
  }
  for (const detect::LockCycle& cycle : cycles) {
    if (auto found = direct(cycle, execution)) return found;
  }
  return std::nullopt;
}

std::optional<Found> Predictions::direct(const detect::LockCycle& cycle, std::uint64_t execution) {
  Goal goal = goal_;
  goal.judged = KindSet({Kind::deadlock, Kind::partial_deadlock});
  Batch::Task task{task_.body, goal, task_.excuses, task_.config, {}, false, {}};
  task.config.make_strategy = [&cycle]() -> std::unique_ptr<schedule::Strategy> {
    std::vector<schedule::Rendezvous::Member> members;
    for (const detect::LockWait& wait : cycle.waits) members.push_back({wait.thread, wait.holds, wait.wants, wait.nth});
    return std::make_unique<schedule::Rendezvous>(std::move(members));
  };
  task.config.learnt.origin = 0;
  const std::uint64_t executions = cycle.certain ? kDirectedExecutions : kOfUncertain;
  Batch batch(task, 0, executions, executions);
  batch.run(1);
  if (batch.found() == nullptr) {
    if (!cycle.certain) in_vain_ += batch.completed();
    return std::nullopt;
  }
  Found found = take_found(batch.found()->block, goal);
  found.directed = found.execution + 1;
  found.execution = execution;
  return found;
}

void add_prediction(runtime::SharedBlock& block) {
  const report::Trace trace = report::trace_of(block);
  if (trace.truncated || block.finding_count >= runtime::kMaxFindings) return;
  const std::vector<detect::LockCycle> cycles = detect::predict_deadlocks(trace.events);
  if (const detect::LockCycle* const certain = first_certain(cycles))
    block.findings[block.finding_count++] = finding_of(*certain, trace.events);
}

}  // namespace racecourse::control
