#include <racecourse/checkers/process.h>
#include <racecourse/checkers/progress.h>
#include <racecourse/checkers/runtime/execution.h>
#include <racecourse/checkers/search_loop.h>
#include <racecourse/checkers/worker.h>

#include <algorithm>
#include <limits>

namespace racecourse::control {
namespace {

using runtime::SharedBlock;

// Batches end at fixed execution numbers. What a batch teaches (threads, points) is used from the next one on, so what
// execution n does depends on its number and the seed alone, never on how fast the machine is or which worker died.
// The first batch is a single execution: most of what there is to learn.
std::uint64_t batch_end(std::uint64_t execution) {
  constexpr std::uint64_t kFirstEnds[] = {1, 8, 64, 512, 4096, 32768};
  constexpr std::uint64_t kLater = 65536;
  for (const std::uint64_t end : kFirstEnds) {
    if (execution < end) return end;
  }
  const std::uint64_t base = std::end(kFirstEnds)[-1];
  return base + ((execution - base) / kLater + 1) * kLater;
}

// At a batch's boundary, and only there, what was measured becomes what is known.
struct Learning {
  schedule::Learnt known;
  std::uint32_t threads = 0;
  std::uint32_t points = 0;

  explicit Learning(schedule::Experience& experience) {
    known.experience = &experience;
    if (experience.measured.executions() > 0) experience.measured = {};
    if (experience.known.executions() > 0) experience.known = {};
  }
  void measure(const SharedBlock& block) {
    threads = std::max(threads, block.max_threads);
    points = std::max(points, block.max_points);
  }
  void reach_boundary() {
    if (threads > 0) known.threads = threads;
    if (points > 0) known.points = points;
    schedule::Experience& experience = *known.experience;
    if (experience.measured.executions() > experience.known.executions()) experience.known = experience.measured;
  }
};

void collect(const Workspace& space, SearchResult& result) {
  const SharedBlock& block = space.block;
  const std::uint32_t outcomes = std::min(block.outcome_count, runtime::kMaxOutcomes);
  for (std::uint32_t i = 0; i < outcomes; i++) result.outcomes[block.outcomes[i].text] += block.outcomes[i].count;
  for (int kind = 0; kind < kKindCount; kind++) {
    if (space.tolerated[kind] > 0) result.tolerated[static_cast<Kind>(kind)] += space.tolerated[kind];
  }
}

// Counts the execution once for each kind that it showed. Touches shared memory only: it runs in the worker.
void tolerate(Workspace& space, const SharedBlock& block) {
  KindSet counted;
  for (std::uint32_t i = 0; i < finding_count(block); i++) {
    const Kind kind = static_cast<Kind>(block.findings[i].kind);
    if (!counted.has(kind)) space.tolerated[static_cast<int>(kind)]++;
    counted.add(kind);
  }
}

}  // namespace

schedule::Schedule take_schedule(const SharedBlock& block) {
  schedule::Schedule schedule;
  const std::uint32_t segments = std::min(block.segment_count, runtime::kMaxSegments);
  schedule.segments.assign(block.segments, block.segments + segments);
  const std::uint32_t picks = std::min(block.pick_count, runtime::kMaxPicks);
  schedule.picks.assign(block.picks, block.picks + picks);
  return schedule;
}

Found take_found(const SharedBlock& block, const Goal& goal) {
  Found found;
  found.execution = block.execution.load();
  found.findings.assign(block.findings, block.findings + finding_count(block));
  found.lead = goal.lead(found.findings.data(), static_cast<std::uint32_t>(found.findings.size()));
  found.schedule = take_schedule(block);
  found.schedule_complete = block.segment_count <= runtime::kMaxSegments && block.pick_count <= runtime::kMaxPicks;
  found.ticks = block.ticks;
  return found;
}

SearchResult run_search(const std::function<void()>& body, const Options& options, const Goal& goal,
                        std::uint64_t first) {
  Workspace& space = workspace();
  SearchResult result;
  Learning learning(space.experience);
  Progress progress(options.name);
  const std::uint64_t limit = options.executions > 0 ? options.executions : std::numeric_limits<std::uint64_t>::max();
  const double deadline = options.seconds > 0 ? now() + options.seconds : 0;

  const SystematicSearch systematic(options);
  std::uint32_t threads = 0;

  runtime::BatchConfig config;
  config.first = first;
  config.strategy = {options.strategy, options.switch_probability, options.depth, systematic.get()};
  config.seed = options.seed;
  config.max_steps = options.max_steps;
  config.race_check = options.race_check;
  config.stop_at_race = options.stop_at_race;
  config.watchdog_seconds = options.watchdog_seconds;
  config.until = deadline;
  config.stop_at = [&goal, &space](const SharedBlock& block) {
    if (goal.ends_with(block)) return true;
    tolerate(space, block);
    return false;
  };

  WorkerSettings settings;
  settings.watchdog_seconds = options.watchdog_seconds;
  settings.meanwhile = [&] {
    const std::uint64_t done = config.first + space.block.completed.load();
    progress.show("explored " + std::to_string(done) +
                  (options.executions > 0 ? " of " + std::to_string(options.executions) : "") + " executions");
  };

  while (config.first < limit) {
    const std::uint64_t boundary = batch_end(config.first);
    config.last = std::min(boundary, limit);
    config.learnt = learning.known;
    const WorkerResult worker = run_worker(space, settings, [&] { runtime::run_batch(body, config, space.block); });
    if (worker.end == WorkerEnd::failed) {
      result.failure = worker.message;
      return result;
    }
    const SharedBlock& block = space.block;
    const bool died = worker.end == WorkerEnd::died;
    const bool ends = goal.ends_with(block);
    systematic.worker_ended();
    systematic.judge_loops();
    threads = std::max(threads, block.max_threads);
    if (systematic.get() != nullptr) result.coverage = systematic.coverage(threads);
    // An allowed finding took the worker with it before it could count it: go on behind it.
    if (died && !ends) tolerate(space, block);
    learning.measure(block);
    result.learnt = {learning.threads, learning.points};
    collect(space, result);
    if (ends) {
      result.found = take_found(block, goal);
      result.executions = result.found->execution + 1;
      return result;
    }
    config.first = died ? block.execution.load() + 1 : config.first + block.completed.load();
    result.executions = config.first;
    if (!died && config.first < config.last) return result;  // out of time, or all was searched
    if (systematic.full() || (deadline > 0 && now() >= deadline)) return result;
    if (config.first == 1 && !died && block.max_threads <= 1 && block.max_points == 0 && block.max_picks == 0) {
      result.one_thread = true;
      return result;
    }
    if (config.first == boundary) learning.reach_boundary();
  }
  return result;
}

}  // namespace racecourse::control
