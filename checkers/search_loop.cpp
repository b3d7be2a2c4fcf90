#include <racecourse/checkers/batch.h>
#include <racecourse/checkers/grouped.h>
#include <racecourse/checkers/interrupt.h>
#include <racecourse/checkers/options.h>
#include <racecourse/checkers/predictions.h>
#include <racecourse/checkers/process.h>
#include <racecourse/checkers/processors.h>
#include <racecourse/checkers/progress.h>
#include <racecourse/checkers/runtime/execution.h>
#include <racecourse/checkers/schedule/distinct.h>
#include <racecourse/checkers/search_loop.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace racecourse::control {
namespace {

using runtime::SharedBlock;

// Batches end at fixed execution numbers. What a batch teaches (threads, points) is used from the next one on, so what
// execution n does depends on its number and the seed alone, never on how fast the machine is or which worker died.
// The first batch is a single execution, which teaches most of what there is to learn; the next ones are short, because
// what reads from what can be seen only once it is known what races. Late ones grow, for there is little left to learn,
// and each costs a start of all workers.
std::uint64_t batch_end(std::uint64_t execution) {
  constexpr std::uint64_t kEnds[] = {1, 3, 8, 64, 512, 4096, 32768, 98304, 163840, 294912, 557056};
  constexpr std::uint64_t kLater = 1u << 19;
  for (const std::uint64_t end : kEnds) {
    if (execution < end) return end;
  }
  const std::uint64_t base = std::end(kEnds)[-1];
  return base + ((execution - base) / kLater + 1) * kLater;
}

// Batches with fewer executions are not shared between workers.
constexpr std::uint64_t kFewestShared = 512;

// At a batch's boundary, and only there, what was measured becomes what is known.
struct Learning {
  schedule::Learnt known;
  std::uint32_t threads = 0;
  std::uint32_t points = 0;
  bool new_races = false;
  schedule::DistinctTraces traces;

  explicit Learning(schedule::Experience& experience) {
    known.experience = &experience;
    experience.forget();
  }
  void measure(const Tally& tally) {
    threads = std::max(threads, tally.max_threads);
    points = std::max(points, tally.max_points);
    if (tally.any_raced) new_races |= runtime::learn_races(tally.raced);
    known.experience->learn(tally.notes);
    for (const std::uint64_t digest : tally.notes.digests()) traces.add(digest);
  }
  void reach_boundary() {
    if (threads > 0) known.threads = threads;
    if (points > 0) known.points = points;
    known.experience->reach_boundary();
    // What raced is a step from now on, so that no trace is the same as one before.
    if (std::exchange(new_races, false)) traces = {};
  }
};

void count(const Tally& tally, SearchResult& result) {
  for (std::size_t depth = 0; depth < result.pct_executions.size(); depth++)
    result.pct_executions[depth] += tally.pct_executions[depth];
  for (std::uint32_t i = 0; i < tally.outcome_count; i++) {
    result.outcomes[tally.outcomes[i].text] += tally.outcomes[i].count;
  }
  for (int kind = 0; kind < kKindCount; kind++) {
    if (tally.tolerated[kind] > 0) result.tolerated[static_cast<Kind>(kind)] += tally.tolerated[kind];
  }
  for (std::size_t i = 0; i < std::size(tally.suppressed); i++) {
    if (tally.suppressed[i]) result.suppressed.insert(i);
  }
}

// How many workers a batch is worth, unless a number was asked for: starting one costs some milliseconds.
class Staff {
 public:
  explicit Staff(const Options& options)
      : asked_(options.workers > 0),
        most_(options.workers > 0 ? static_cast<unsigned>(options.workers)
                                  : std::min(usable_processors(), kMaxWorkers)) {}

  unsigned for_batch(std::uint64_t first, std::uint64_t last) const {
    constexpr double kWorthIt = 0.01;  // seconds for one worker alone
    const std::uint64_t size = last - first;
    if (size < kFewestShared) return 1;
    return asked_ || seconds_each_ * static_cast<double>(size) >= kWorthIt ? most_ : 1;
  }
  // Small batches are run by one worker. The first one is a single execution: its time is what starting one takes.
  void took(std::uint64_t executions, double seconds) {
    if (first_ < 0) first_ = seconds;
    if (executions > 1 && executions < kFewestShared) {
      seconds_each_ = std::max(0.0, seconds - first_) / static_cast<double>(executions);
    }
  }

 private:
  const bool asked_;
  const unsigned most_;
  double first_ = -1;
  double seconds_each_ = 1;
};

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

Part part_of(const Options& options) {
  constexpr std::uint64_t kOfSeconds = 100'000'000'000;
  const Shard shard = shard_of(options);
  if (options.executions == 0) {
    const std::uint64_t first = (shard.index - 1) * kOfSeconds;
    return {first, first, shard.count == 1 ? std::numeric_limits<std::uint64_t>::max() : first + kOfSeconds};
  }
  // Without a product that may not fit.
  const auto up_to = [&](std::uint64_t parts) {
    return options.executions / shard.count * parts + options.executions % shard.count * parts / shard.count;
  };
  return {up_to(shard.index - 1), up_to(shard.index - 1), up_to(shard.index)};
}

namespace {

// Nothing if a systematic search was lost; not in the last attempt.
std::optional<SearchResult> try_search(const std::function<void()>& body, const Options& options, const Goal& goal,
                                       const Part& part, Excuses& excuses, bool is_last_attempt) {
  SearchResult result;
  schedule::Experience& experience = shared_memory().experience;
  Learning learning(experience);
  learning.known.origin = part.origin;
  Progress progress(options.name);
  Staff staff(options);
  const double deadline = options.seconds > 0 ? now() + options.seconds : 0;
  const SystematicSearch systematic(options);
  std::uint32_t threads = 0;

  Batch::Task task{body, goal, excuses, {}, {}, is_last_attempt, {}};
  task.config.strategy = {options.strategy, options.switch_probability, options.depth, systematic.get()};
  task.config.seed = options.seed;
  task.config.max_steps = options.max_steps;
  if (options.spurious)
    task.config.spurious = systematic.get() != nullptr ? runtime::Spurious::systematic : runtime::Spurious::at_random;
  task.config.race_check = options.race_check;
  task.config.stop_at_race = options.stop_at_race;
  task.config.watchdog_seconds = options.watchdog_seconds;
  task.config.until = deadline;
  task.config.predicts = predicts(options, goal);
  Predictions predictions(task, options, goal);
  const Batch* current = nullptr;
  task.meanwhile = [&] {
    Progress::State state{result.executions + current->completed(), 0, options.seconds, ""};
    if (options.executions > 0) state.of = part.last - part.origin;
    if (systematic.get() != nullptr) {
      state.seen = systematic.seen();
    } else if (result.traces.distinct > 0) {
      state.seen = ", " + grouped(result.traces.distinct) + " distinct traces";
    }
    progress.show(state);
  };
  task.worker_ended = [&] {
    systematic.worker_ended();
    systematic.judge_loops();
  };

  for (std::uint64_t first = part.first; first < part.last;) {
    const std::uint64_t boundary = part.origin + batch_end(first - part.origin);
    const std::uint64_t last = std::min(boundary, part.last);
    // One tree, and one process at a time that changes it.
    const bool alone = systematic.get() != nullptr;
    task.config.learnt = learning.known;
    const double start = now();
    Batch batch(task, first, last, alone ? boundary - first : chunk_size(boundary - first));
    current = &batch;
    batch.run(alone ? 1 : staff.for_batch(first, last));
    staff.took(last - first, now() - start);
    if (batch.lost() && interrupted() == 0) return std::nullopt;
    if (!batch.failure().empty()) {
      result.failure = batch.failure();
      return result;
    }
    bool one_thread = first == part.origin && last == first + 1;
    detect::LockCycles cycles{};
    batch.for_each_chunk([&](const Chunk& chunk) {
      const Tally& tally = chunk.tally;
      one_thread &= !chunk.died && tally.max_threads <= 1 && tally.max_points == 0 && tally.max_picks == 0;
      threads = std::max(threads, tally.max_threads);
      learning.measure(tally);
      count(tally, result);
      cycles.merge(tally.lock_cycles);
      result.executions += chunk.next - chunk.first;
    });
    result.learnt = {learning.threads, learning.points};
    const schedule::DistinctTraces& traces = learning.traces;
    result.traces = {traces.looked_at(), traces.count(), traces.is_full(), traces.next_is_new()};
    if (alone) result.coverage = systematic.coverage(threads);
    if (const Workspace* found = batch.found()) {
      Found candidate = take_found(found->block, goal);
      const std::uint64_t next = candidate.execution + 1;
      if (!excuses.excuse(body, options, goal, candidate, result.suppressed)) {
        result.executions = next - part.origin;
        result.found = std::move(candidate);
        return result;
      }
      // As if it had shown nothing.
      first = next;
      if (first == boundary) learning.reach_boundary();
      continue;
    }
    result.found = predictions.follow(cycles);
    if (result.found && excuses.excuse(body, options, goal, *result.found, result.suppressed)) result.found.reset();
    result.predicted = predictions.unconfirmed();
    result.directed = predictions.in_vain();
    if (result.found) {
      result.executions = result.found->execution + 1 - part.origin + result.found->directed;
      return result;
    }
    if (batch.stopped() || interrupted() != 0 || systematic.full() || (deadline > 0 && now() >= deadline))
      return result;
    if (one_thread) {
      result.one_thread = true;
      return result;
    }
    first = last;
    if (first == boundary) learning.reach_boundary();
  }
  return result;
}

}  // namespace

SearchResult run_search(const std::function<void()>& body, const Options& options, const Goal& goal, const Part& part,
                        Excuses& excuses) {
  if (auto result = try_search(body, options, goal, part, excuses, false)) return *std::move(result);
  return *try_search(body, options, goal, part, excuses, true);
}

}  // namespace racecourse::control
