#include <racecourse/checkers/control/batch.h>
#include <racecourse/checkers/control/interrupt.h>
#include <racecourse/checkers/control/predictions.h>
#include <racecourse/checkers/control/process.h>
#include <racecourse/checkers/control/processors.h>
#include <racecourse/checkers/control/progress.h>
#include <racecourse/checkers/control/search_loop.h>
#include <racecourse/checkers/control/verdict_text.h>
#include <racecourse/checkers/options.h>
#include <racecourse/checkers/runtime/execution.h>
#include <racecourse/checkers/schedule/distinct.h>

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
    if (size < kFewestShared || alone_) return 1;
    return asked_ || seconds_each_ * static_cast<double>(size) >= kWorthIt ? most_ : 1;
  }
  // Executions that change files or the like are not to meet: each would find what another one does.
  void leave_alone() { alone_ = true; }
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
  bool alone_ = false;
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
  // A tree is not dealt out by numbers: each shard may run as many executions as the search of the whole.
  if (options.strategy == "exhaustive")
    return {0, 0, options.executions > 0 ? options.executions : std::numeric_limits<std::uint64_t>::max()};
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

// Where a batch ends, and its chunks.
struct Extent {
  std::uint64_t last;
  std::uint64_t chunk;
  bool is_shared;
};

Extent next_batch(std::uint64_t first, const Part& part, SystematicSearch& systematic) {
  if (systematic.exists()) {
    const auto round = systematic.begin_round(first - part.first, part.last - first);
    return {first + round.executions, round.chunk, round.shared};
  }
  const std::uint64_t boundary = part.origin + batch_end(first - part.origin);
  return {std::min(boundary, part.last), chunk_size(boundary - first), true};
}

// Nothing if a systematic search was lost, but not in the last attempt; or if it `shares` in vain: then it no longer
// does.
std::optional<SearchResult> try_search(const std::function<void()>& body, const Options& options, const Goal& goal,
                                       const Part& part, Excuses& excuses, bool is_last_attempt, bool& shares) {
  SearchResult result;
  schedule::Experience& experience = shared_memory().experience;
  Learning learning(experience);
  learning.known.origin = part.origin;
  Progress progress(options.name);
  Staff staff(options);
  const double deadline = options.seconds > 0 ? now() + options.seconds : 0;
  SystematicSearch systematic(options, shares);
  std::uint32_t threads = 0;

  Batch::Task task{body, goal, excuses, {}, {}, is_last_attempt, systematic.exists() ? &systematic : nullptr};
  task.config.strategy = {options.strategy, options.switch_probability, options.depth, systematic.get()};
  task.config.seed = options.seed;
  task.config.max_steps = options.max_steps;
  const bool is_systematic = systematic.get() != nullptr;
  if (options.spurious.value_or(!is_systematic))
    task.config.spurious = is_systematic ? runtime::Spurious::systematic : runtime::Spurious::at_random;
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
    state.seen = systematic.exists() ? systematic.seen() : seen_so_far(result.traces);
    if (systematic.exists()) state.part = systematic.part_explored();
    progress.show(state);
  };

  for (std::uint64_t first = part.first; first < part.last;) {
    const auto [last, chunk, is_shared] = next_batch(first, part, systematic);
    task.config.learnt = learning.known;
    const double start = now();
    Batch batch(task, first, last, chunk);
    current = &batch;
    batch.run(is_shared ? staff.for_batch(first, last) : 1);
    staff.took(last - first, now() - start);
    if (batch.lost() && interrupted() == 0) return std::nullopt;
    if (!batch.failure().empty()) {
      result.failure = batch.failure();
      return result;
    }
    const std::uint64_t before = result.executions;
    std::uint64_t before_chunk = 0, first_of_chunk = 0;  // of the last one that counts
    bool one_thread = first == part.origin && last == first + 1;
    detect::LockCycles cycles{};
    batch.for_each_chunk([&](const Chunk& chunk) {
      const Tally& tally = chunk.tally;
      one_thread &= !chunk.died && tally.max_threads <= 1 && tally.max_points == 0 && tally.max_picks == 0;
      threads = std::max(threads, tally.max_threads);
      if (tally.named) staff.leave_alone();
      learning.measure(tally);
      count(tally, result);
      cycles.merge(tally.lock_cycles);
      before_chunk = result.executions;
      first_of_chunk = chunk.first;
      result.executions += chunk.next - chunk.first;
    });
    result.learnt = {learning.threads, learning.points};
    const schedule::DistinctTraces& traces = learning.traces;
    result.traces = {traces.looked_at(), traces.count(), traces.is_full(), traces.next_is_new()};
    if (systematic.exists()) {
      systematic.end_round(result.executions, result.executions - before);
      result.coverage = systematic.coverage(threads);
    }
    if (const Workspace* found = batch.found()) {
      Found candidate = take_found(found->block, goal);
      // Its chunk is the last one that counts. Those before it may have ended early, without having used all numbers.
      if (systematic.exists()) candidate.execution = part.first + before_chunk + (candidate.execution - first_of_chunk);
      const std::uint64_t next = candidate.execution + 1;
      if (!excuses.excuse(body, options, goal, candidate, result.suppressed)) {
        result.executions = next - part.origin;
        result.found = std::move(candidate);
        return result;
      }
      // As if it had shown nothing. But other workers of a round that they share were stopped in the middle of theirs.
      if (systematic.exists() && is_shared) {
        shares = false;
        return std::nullopt;
      }
      first = next;
      if (!systematic.exists() && first == last) learning.reach_boundary();
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
    if (systematic.shares_in_vain()) {
      shares = false;
      return std::nullopt;
    }
    if (batch.stopped() || interrupted() != 0 || systematic.full() || (deadline > 0 && now() >= deadline))
      return result;
    if (one_thread) {
      result.one_thread = true;
      return result;
    }
    if (systematic.exists() && systematic.exhausted()) return result;
    first = systematic.exists() ? part.first + result.executions : last;
    learning.reach_boundary();
  }
  return result;
}

}  // namespace

SearchResult run_search(const std::function<void()>& body, const Options& options, const Goal& goal, const Part& part,
                        Excuses& excuses) {
  bool shares = true;
  for (bool is_last_attempt = false;;) {
    const bool shared = shares;
    if (auto result = try_search(body, options, goal, part, excuses, is_last_attempt, shares))
      return *std::move(result);
    is_last_attempt |= shares == shared;
  }
}

}  // namespace racecourse::control
