#include <racecourse/checkers/detect/clock.h>
#include <racecourse/checkers/detect/counter.h>
#include <racecourse/checkers/detect/excuse.h>
#include <racecourse/checkers/detect/lock_nesting.h>
#include <racecourse/checkers/detect/lost_wakeup.h>
#include <racecourse/checkers/detect/race.h>
#include <racecourse/checkers/detect/spilled.h>
#include <racecourse/checkers/runtime/execution.h>
#include <racecourse/checkers/runtime/fiber.h>
#include <racecourse/checkers/runtime/heap.h>
#include <racecourse/checkers/runtime/interpose/interpose.h>
#include <racecourse/checkers/runtime/interpose/mapping.h>
#include <racecourse/checkers/runtime/interpose/own_number.h>
#include <racecourse/checkers/runtime/process_state.h>
#include <racecourse/checkers/runtime/quarantine.h>
#include <racecourse/checkers/runtime/signals.h>
#include <racecourse/checkers/runtime/tls.h>
#include <racecourse/checkers/runtime/trace.h>
#include <racecourse/checkers/schedule/distinct.h>
#include <racecourse/checkers/schedule/experience.h>
#include <racecourse/checkers/schedule/noted.h>
#include <racecourse/checkers/schedule/quarantine.h>
#include <racecourse/checkers/schedule/replay.h>
#include <sys/mman.h>
#include <sys/single_threaded.h>
#include <time.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <utility>
#include <vector>

namespace racecourse::runtime {

namespace {

constexpr std::uint64_t kTicksPerStep = 1000;  // a step limit of n allows n * this plain accesses
constexpr Epoch kEpochLimit = 0x70000000;
// One execution in so many is checked while T0 is alone, too, and whether its mutexes lie in memory that was freed.
// Replays all are.
constexpr std::uint64_t kCheckedWhole = 32;

// Asked often: through the C library, which needs no system call for it.
class Stopwatch {
 public:
  explicit Stopwatch(double until) : until_(until), clock_gettime_(RC_REAL(clock_gettime)) {}
  bool expired() const {
    timespec now;
    clock_gettime_(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9 >= until_;
  }

 private:
  double until_;
  decltype(&::clock_gettime) clock_gettime_;
};

struct Limits {
  std::uint64_t max_steps;
  bool trace;
};

// What the execution showed goes to those who learn from it.
void take_down(const schedule::Noted& noted, const schedule::Strategy& strategy, const BatchConfig& config) {
  if (!noted.digest.is_complete()) return;
  const schedule::Experience* experience = config.learnt.experience;
  config.notes->add(noted, strategy.number_of_turn(), experience != nullptr ? &experience->known_pairs : nullptr);
}

// One execution from the state of the snapshot to its end. Inline: a return after a switch is predicted wrongly.
RC_INLINE void run_one(const std::function<void()>& body, const Limits& limits) {
  SharedBlock& shared = *rt.shared;
  unmap_leftovers();
  if (RC_UNLIKELY(process_changed)) restore_process();
  snapshot_restore();
  heap_begin_execution();
  tls_restore();
  restore_locale();

  if (RC_UNLIKELY(rt.max_epoch > kEpochLimit)) {
    detect::clear_race_shadow();
    detect::restart_epochs();
    rt.max_epoch = 0;
  }
  rt.base_epoch = rt.max_epoch + 1;
  detect::reset_clocks();

  rt.ignore = 0;
  rt.fair = false;
  rt.fair_turn = 0;
  rt.tick = 0;
  rt.steps = 0;
  rt.points_due = 0;
  rt.points_left = kNotCounted;
  rt.points_parked = 0;
  rt.contended = false;
  rt.step_limit = limits.max_steps;
  rt.tick_limit = limits.max_steps * kTicksPerStep;
  rt.enabled_count = rt.timed_count = 0;
  std::fill(std::begin(rt.waiting), std::end(rt.waiting), std::uint16_t{0});
  rt.wake_pending = false;
  rt.now = kVirtualEpoch;
  rt.pick_ordinal = 0;
  rt.patience = rt.strategy->patience();
  rt.strategy = &rt.strategy->turn();
  const schedule::Strategy::Nature& nature = rt.strategy->nature();
  rt.by_ticks = nature.counts_ticks;
  rt.wants_wakeups = nature.wants_wakeups;
  rt.watched = !rt.by_ticks && nature.watches;
  rt.recording = rt.watched && nature.records;
  rt.looks_ahead = nature.looks_ahead;
  rt.alone = rt.watched ? 0 : 1;
  rt.places = rt.watched ? rt.strategy->places() : nullptr;
  rt.searching = !rt.by_ticks && !limits.trace;
  shared.finding_count = 0;
  shared.segment_count = 0;
  shared.pick_count = 0;
  shared.deviated = 0;
  heap::begin_quarantine();
  rt.tracing = limits.trace;
  rt.observed = rt.tracing || rt.recording || rt.noted != nullptr || rt.checks_all;
  // Of plain accesses, only those to memory that raced are noted.
  rt.attentive = rt.tracing || rt.recording || rt.race_remembered;
  // A replay must see what an exhaustive search saw.
  detect::check_exactly(rt.recording || heap::state.by_thread);
  rt.unjoined = 0;
  update_checking();
  if (limits.trace) begin_trace();

  Fiber& main = make_main_fiber(body, rt.fibers[0].fs_base);
  shared.stage.store(static_cast<std::uint32_t>(Stage::executing), std::memory_order_relaxed);
  rt.executing = true;
  start_first(main);
  rt.executing = false;
  rt.current = &rt.host;
  shared.stage.store(static_cast<std::uint32_t>(Stage::between), std::memory_order_relaxed);

  finish_execution();
  rt.max_epoch = detect::greatest_epoch();
  shared.max_threads = std::max(shared.max_threads, static_cast<std::uint32_t>(rt.thread_count));
  if (!rt.watched) shared.max_points = std::max(shared.max_points, static_cast<std::uint32_t>(points_passed()));
  shared.max_picks = std::max(shared.max_picks, rt.pick_ordinal + occasions.count);
  shared.total_ticks += rt.tick;
}

// What the block says of an execution, kept while another one uses it.
class Kept {
 public:
  explicit Kept(SharedBlock& block)
      : block_(block),
        counts_{block.finding_count, block.segment_count, block.pick_count, block.deviated,
                block.max_threads,   block.max_points,    block.max_picks,  block.outcome_count},
        ticks_(block.ticks),
        total_ticks_(block.total_ticks),
        findings_(block.findings, block.findings + std::min(block.finding_count, kMaxFindings)),
        outcomes_(block.outcomes, block.outcomes + std::min(block.outcome_count, kMaxOutcomes)),
        schedule_{{block.segments, block.segments + block.segment_count},
                  {block.picks, block.picks + block.pick_count}} {}
  const schedule::Schedule& schedule() const { return schedule_; }
  void put_back() const {
    block_.finding_count = counts_[0];
    block_.segment_count = counts_[1];
    block_.pick_count = counts_[2];
    block_.deviated = counts_[3];
    block_.max_threads = counts_[4];
    block_.max_points = counts_[5];
    block_.max_picks = counts_[6];
    block_.outcome_count = counts_[7];
    block_.ticks = ticks_;
    block_.total_ticks = total_ticks_;
    std::copy(findings_.begin(), findings_.end(), block_.findings);
    std::copy(outcomes_.begin(), outcomes_.end(), block_.outcomes);
    std::copy(schedule_.segments.begin(), schedule_.segments.end(), block_.segments);
    std::copy(schedule_.picks.begin(), schedule_.picks.end(), block_.picks);
  }

 private:
  SharedBlock& block_;
  std::uint32_t counts_[8];
  std::uint64_t ticks_, total_ticks_;
  std::vector<report::RawFinding> findings_;
  std::vector<OutcomeCount> outcomes_;
  schedule::Schedule schedule_;
};

// A search keeps no record of who read what, and that decides whether a deadlock is a lost wakeup. So the same schedule
// is run once more, with a trace.
[[gnu::noinline]] void look_at_deadlock_again(const std::function<void()>& body, const Limits& limits) {
  SharedBlock& shared = *rt.shared;
  if (shared.segment_count > kMaxSegments || shared.pick_count > kMaxPicks) return;
  const Kept kept(shared);
  schedule::Replay strategy(kept.schedule());
  strategy.begin(0, 0, {});
  begin_occasions(kept.schedule());
  rt.strategy = &strategy;
  rt.noted = nullptr;
  run_one(body, {limits.max_steps, true});
  detect::judge_lost_wakeup(shared);
  const std::vector<report::RawFinding> judged(shared.findings,
                                               shared.findings + std::min(shared.finding_count, kMaxFindings));
  kept.put_back();
  for (std::uint32_t i = 0; i < std::min(shared.finding_count, kMaxFindings); ++i) {
    report::RawFinding& finding = shared.findings[i];
    const auto same = std::find_if(judged.begin(), judged.end(), [&](const report::RawFinding& other) {
      return other.place == finding.place && static_cast<Kind>(other.kind) == Kind::lost_wakeup;
    });
    if (static_cast<Kind>(finding.kind) != Kind::deadlock || same == judged.end()) continue;
    finding.kind = same->kind;
    finding.thread = same->thread;
    finding.other = same->other;
    finding.address = same->address;
  }
}

// What a worker needs once, before its first execution; on the host's stack.
void prepare_worker() {
  __libc_single_threaded = 0;  // shared_ptr and the like must use atomic operations
  detect::prepare_clocks();
  if (rt.race_check) detect::prepare_race_shadow();
  install_signal_handlers();
  std::set_terminate(terminate_handler);
  heap_snapshot();
  tls_snapshot();
  // The caller's stack from here up is part of the state that the body may change.
  snapshot_take(rt.main_stack_pointer);
}

void enter_worker(SharedBlock& shared, bool race_check, bool stop_at_race, double watchdog_seconds,
                  bool heap_by_thread) {
  rt.shared = &shared;
  rt.race_check = race_check;
  rt.stop_at_race = stop_at_race;
  rt.watchdog_seconds = watchdog_seconds;
  heap::state.by_thread = heap_by_thread;
  shared.stage.store(static_cast<std::uint32_t>(Stage::starting), std::memory_order_relaxed);
  if (!rt.prepared) prepare_worker();
  rt.prepared = true;
  rt.race_remembered = detect::recall_races(rt.raced_map);
}

}  // namespace

void finish_execution() {
  SharedBlock& shared = *rt.shared;
  close_segment(true);
  shared.ticks = rt.tick;
  if (rt.tracing) end_trace();
  rt.tracing = false;
  if (RC_UNLIKELY(shared.kernel_objects.count > 0)) shared.kernel_objects.remove(raw_syscall);
}

void begin_search(int threads) {
  note_first_process();
  prepare_fibers();
  prepare_donors(std::max(threads, 4));
  detect::prepare_counters();
  if (rt.raced_map == nullptr) {
    // Shared with the workers: what one batch learns about races serves the next.
    constexpr std::size_t kSize = detect::kSharedBits / 8;
    void* memory = mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    void* copy = mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || copy == MAP_FAILED) refuse("cannot map memory shared with worker processes");
    rt.raced_map = static_cast<std::uint8_t*>(memory);
    rt.shared_map = static_cast<std::uint8_t*>(copy);
  }
  std::memset(rt.raced_map, 0, detect::kSharedBits / 8);
}

bool learn_races(const RacedMap& raced) {
  static_assert(sizeof(RacedMap) == detect::kSharedBits / 8);
  const auto* bits = reinterpret_cast<const std::uint8_t*>(raced.data());
  bool any_new = false;
  for (std::size_t i = 0; i < sizeof raced; ++i) {
    any_new |= (bits[i] & ~rt.raced_map[i]) != 0;
    rt.raced_map[i] |= bits[i];
  }
  return any_new;
}

void on_worker_stack(const std::function<void()>& work) {
  run_on_host_stack([](void* argument) { (*static_cast<const std::function<void()>*>(argument))(); },
                    const_cast<std::function<void()>*>(&work));
}

void run_batch(const std::function<void()>& body, const BatchConfig& config, SharedBlock& shared) {
  on_worker_stack([&] {
    const bool systematic = config.strategy.search != nullptr;
    enter_worker(shared, config.race_check, config.stop_at_race, config.watchdog_seconds, systematic);
    // A strategy of the caller's may run the same schedule under another number, and expects the same.
    const bool keeps_back = !systematic && !config.make_strategy;
    heap::set_quarantine(false);
    // Where accesses race they are transitions, whether or not that is a finding.
    if (systematic) detect::prepare_race_shadow();
    const auto strategy = config.make_strategy ? config.make_strategy() : schedule::make_strategy(config.strategy);
    const auto noted = config.notes != nullptr ? std::make_unique<schedule::Noted>() : nullptr;
    const auto nesting = noted && config.predicts ? std::make_unique<detect::LockNesting>() : nullptr;
    const Limits limits{config.max_steps, false};
    const Stopwatch stopwatch(config.until);
    detect::note_excused(config.suppressed);
    // What the block says of the execution stays, and the trace is added.
    const std::function<void()> trace_again = [&] {
      const schedule::Schedule again{{shared.segments, shared.segments + std::min(shared.segment_count, kMaxSegments)},
                                     {shared.picks, shared.picks + std::min(shared.pick_count, kMaxPicks)}};
      const std::uint64_t ticks = shared.total_ticks;
      const std::uint32_t threads = shared.max_threads, points = shared.max_points, picks = shared.max_picks;
      schedule::Replay replay(again);
      replay.begin(0, 0, {});
      begin_occasions(again);
      rt.strategy = &replay;
      rt.noted = nullptr;
      detect::LockNesting* const nesting_so_far = std::exchange(detect::lock_nesting, nullptr);
      run_one(body, {config.max_steps, true});
      detect::lock_nesting = nesting_so_far;
      shared.total_ticks = ticks;
      shared.max_threads = threads;
      shared.max_points = points;
      shared.max_picks = picks;
    };
    const std::uint8_t* const known_races = rt.raced_map;
    if (config.raced != nullptr) rt.raced_map = reinterpret_cast<std::uint8_t*>(config.raced->data());
    std::uint64_t completed = 0;
    // Whether all of [first, last) was run, and more may follow.
    const auto run = [&](std::uint64_t first, std::uint64_t last) {
      for (std::uint64_t execution = first; execution < last; ++execution) {
        if (config.until != 0 && (execution & 15) == 0 && stopwatch.expired()) return false;
        if (strategy->exhausted()) return true;
        if (config.last_wanted != nullptr && execution > config.last_wanted->load(std::memory_order_relaxed))
          return false;
        shared.execution.store(execution, std::memory_order_relaxed);
        rt.checks_all = (execution - config.learnt.origin) % kCheckedWhole == 0;
        strategy->begin(execution, config.seed, config.learnt);
        ++shared.pct_executions[strategy->pct_depth()];
        rt.strategy = strategy.get();
        rt.noted = schedule::is_looked_at(execution - config.learnt.origin) ? noted.get() : nullptr;
        if (rt.noted != nullptr) rt.noted->begin();
        detect::lock_nesting = rt.noted != nullptr ? nesting.get() : nullptr;
        if (detect::lock_nesting != nullptr) detect::lock_nesting->begin();
        const bool is_first = execution == config.learnt.origin;
        begin_occasions(config.spurious, config.seed, execution, is_first);
        if (keeps_back) heap::choose_quarantine(config.seed, execution, is_first);
        run_one(body, limits);
        if (rt.noted != nullptr) take_down(*noted, *strategy, config);
        strategy->end();
        if (shared.finding_count > 0 && detect::may_be_lost_wakeup(shared)) look_at_deadlock_again(body, limits);
        shared.completed.store(++completed, std::memory_order_relaxed);
        if (shared.finding_count > 0 && config.excuse) config.excuse(shared, trace_again);
        if (shared.finding_count > 0 && config.stop_at(shared)) return false;
        if (detect::lock_nesting == nullptr) continue;
        if (const std::uint64_t circles = detect::lock_nesting->signature(); RC_UNLIKELY(circles != 0))
          config.lock_cycles->add(circles, execution);
      }
      return true;
    };
    std::uint64_t first = config.first, last = config.last;
    while (run(first, last) && config.next && config.next(first, last)) {
      // A systematic search knows of races at once; the next part must not depend on who ran this one.
      if (systematic && config.raced != nullptr) rt.race_remembered = detect::recall_races(known_races);
    }
    shared.stage.store(static_cast<std::uint32_t>(Stage::ended), std::memory_order_relaxed);
  });
}

void run_replay(const std::function<void()>& body, const schedule::Schedule& schedule, const ReplayConfig& config,
                SharedBlock& shared) {
  if (!rt.on_host_stack) {
    on_worker_stack([&] { run_replay(body, schedule, config, shared); });
    return;
  }
  enter_worker(shared, config.race_check, config.stop_at_race, config.watchdog_seconds, config.heap_by_thread);
  schedule::Replay strategy(schedule);
  rt.strategy = &strategy;
  rt.checks_all = true;
  strategy.begin(0, 0, {});
  begin_occasions(schedule);
  heap::set_quarantine(schedule::has_quarantine(schedule));
  const Limits limits{config.max_steps, config.trace};
  run_one(body, limits);
  shared.deviated = strategy.deviated();
  if (config.trace)
    detect::judge_lost_wakeup(shared);
  else if (detect::may_be_lost_wakeup(shared))
    look_at_deadlock_again(body, limits);
  shared.completed.store(1, std::memory_order_relaxed);
  shared.stage.store(static_cast<std::uint32_t>(Stage::ended), std::memory_order_relaxed);
}

void run_steered(const std::function<void()>& body, schedule::Strategy& strategy, const ReplayConfig& config,
                 SharedBlock& shared) {
  if (!rt.on_host_stack) {
    on_worker_stack([&] { run_steered(body, strategy, config, shared); });
    return;
  }
  enter_worker(shared, config.race_check, config.stop_at_race, config.watchdog_seconds, config.heap_by_thread);
  const auto forgotten = std::make_unique<RacedMap>();
  rt.raced_map = reinterpret_cast<std::uint8_t*>(forgotten->data());
  rt.strategy = &strategy;
  strategy.begin(0, 0, {});
  begin_occasions(Spurious::never, 0, 0, false);
  heap::set_quarantine(false);
  run_one(body, {config.max_steps, true});
  detect::judge_lost_wakeup(shared);
  shared.completed.store(1, std::memory_order_relaxed);
  shared.stage.store(static_cast<std::uint32_t>(Stage::ended), std::memory_order_relaxed);
}

}  // namespace racecourse::runtime
