#include <racecourse/checkers/control/command_line.h>
#include <racecourse/checkers/control/position.h>
#include <racecourse/checkers/control/search_loop.h>
#include <racecourse/checkers/control/steered_run.h>
#include <racecourse/checkers/control/way.h>
#include <racecourse/checkers/detect/race.h>
#include <racecourse/checkers/forbidden.h>
#include <racecourse/checkers/options.h>
#include <racecourse/checkers/report/fingerprint.h>
#include <racecourse/checkers/report/symbolize.h>
#include <racecourse/checkers/runtime/execution.h>
#include <racecourse/checkers/runtime/own_heap.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <racecourse/checkers/steer.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

namespace racecourse {
namespace {

using control::SteeredRun;
using schedule::Decision;
using schedule::Steered;

constexpr int kThreadsAtFirst = 4;

// Executions that look for memory that races, whose plain accesses become steps. A hang ends the look: each costs the
// watchdog's seconds.
constexpr std::uint64_t kLooks = 200;

control::Goal only_hangs() {
  control::Goal goal{Kind::hang, {}};
  for (int kind = 0; kind < kKindCount; kind++) {
    if (static_cast<Kind>(kind) != Kind::hang) goal.allowed.add(static_cast<Kind>(kind));
  }
  return goal;
}

Options settled(const Options& options) {
  Options effective = options_from_environment(options).options;
  effective.token.clear();
  effective.strategy = "default";
  effective.workers = 1;
  if (effective.name.empty()) effective.name = control::program_name();
  return effective;
}

std::vector<Decision> decisions_of(std::span<const Turn> turns) {
  std::vector<Decision> decisions;
  for (const Turn& turn : turns) {
    // No thread has the greatest number, so one that does not exist is refused like one that cannot go on.
    const bool exists = turn.thread >= 0 && turn.thread < static_cast<int>(runtime::kMaxThreads);
    decisions.push_back({static_cast<std::uint16_t>(exists ? turn.thread : 0xffff), turn.answer});
  }
  return decisions;
}

std::string problem_of(const SteeredRun& run, std::span<const Turn> turns) {
  if (!run.failure.empty()) return run.failure;
  if (run.outlook.taken >= turns.size()) return "";
  const int thread = turns[run.outlook.taken].thread;
  const std::string who = "T" + std::to_string(thread);
  if (!run.outlook.unfit) return "the execution is over after " + std::to_string(run.outlook.taken) + " turns";
  const bool exists = thread >= 0 && static_cast<std::size_t>(thread) < run.threads.size();
  if (!exists) return "there is no " + who;
  const bool ended = run.threads[static_cast<std::size_t>(thread)].state == report::ThreadState::ended;
  return who + (ended ? " has ended" : " waits, and cannot go on");
}

}  // namespace

class Steering::Table {
 public:
  Table(std::function<void()> body, const Options& options)
      : options_(settled(options)), forbidden_(options_.forbidden), body_(std::move(body)), runner_(body_, options_) {
    runtime::begin_search(kThreadsAtFirst);
    control::Excuses excuses("");
    const control::SearchResult looked = run_search(body_, options_, only_hangs(), {0, 0, kLooks}, excuses);
    if (!looked.failure.empty()) throw std::runtime_error("racecourse: " + looked.failure);
    detect::recall_races(runtime::rt.raced_map);
    whole_ = runner_.run({}, Steered::After::run_on);
    if (!whole_.failure.empty()) throw std::runtime_error("racecourse: " + whole_.failure);
    writer_.emplace(whole_, *symbols_);
  }

  Position after(std::span<const Turn> turns) {
    const std::vector<Decision> decisions = decisions_of(turns);
    const SteeredRun& run = run_after(decisions);
    control::Continuations next;
    if (run.outlook.stopped) {
      // Where a turn did not fit, the others did.
      std::vector<Decision> longer(decisions.begin(), decisions.begin() + run.outlook.taken);
      longer.emplace_back();
      for (std::uint32_t i = 0; i < run.outlook.option_count; i++) {
        longer.back() = {run.outlook.options[i], 0};
        next[run.outlook.options[i]] = &run_after(longer);
      }
    }
    return told(run, next, turns);
  }

  Position run_on(std::span<const Turn> turns) {
    return told(runner_.run(decisions_of(turns), Steered::After::run_on), {}, turns);
  }

  std::optional<Finding> replay(const std::string& token) {
    std::optional<Finding> finding = writer_->finding(replayed(token).first, options_);
    if (finding) finding->token = token;
    return finding;
  }

  std::optional<Hint> toward(const std::string& token, std::span<const Turn> turns) {
    const auto& [target, picks] = replayed(token);
    if (!target.failure.empty() || target.findings.empty()) return std::nullopt;
    const control::Way way(target, picks);
    const std::vector<Decision> taken = decisions_of(turns);
    for (std::size_t undo = 0; undo <= taken.size(); undo++) {
      const std::vector<Decision> kept(taken.begin(), taken.end() - static_cast<std::ptrdiff_t>(undo));
      const auto rest =
          way.from(kept, [this](const auto& decisions) -> const SteeredRun& { return run_after(decisions); });
      if (rest.empty()) continue;
      return Hint{undo, {rest.front().thread, rest.front().answer}, rest.size()};
    }
    return std::nullopt;
  }

 private:
  using Target = std::pair<SteeredRun, std::vector<schedule::Pick>>;

  const Target& replayed(const std::string& token) {
    auto [entry, is_new] = targets_.try_emplace(token);
    if (!is_new) return entry->second;
    try {
      const schedule::Schedule schedule = schedule::from_token(token);
      entry->second = {runner_.replay(schedule), schedule.picks};
    } catch (...) {
      targets_.erase(entry);
      throw;
    }
    return entry->second;
  }

  // Kept, since a player goes back and forth.
  const SteeredRun& run_after(const std::vector<Decision>& decisions) {
    std::vector<std::pair<std::uint16_t, std::uint32_t>> key;
    for (const Decision& decision : decisions) key.emplace_back(decision.thread, decision.answer);
    if (const auto known = runs_.find(key); known != runs_.end()) return known->second;
    return runs_[key] = runner_.run(decisions, Steered::After::stop);
  }

  Position told(const SteeredRun& run, const control::Continuations& next, std::span<const Turn> turns) {
    Position position = writer_->write(run, next, options_);
    position.problem = problem_of(run, turns);
    const bool whole = position.over && position.finding;
    position.token = schedule::to_token(run.schedule, whole ? report::fingerprint(run.trace()) : "");
    if (position.finding) position.finding->token = position.token;
    return position;
  }

  const runtime::OwnHeap heap_;
  const Options options_;
  const ForbiddenOutcomes forbidden_;
  const std::function<void()> body_;
  control::SteeredRunner runner_;
  const std::unique_ptr<report::Symbols> symbols_ = report::process_symbols();
  SteeredRun whole_;
  std::optional<control::PositionWriter> writer_;
  std::map<std::vector<std::pair<std::uint16_t, std::uint32_t>>, SteeredRun> runs_;
  std::map<std::string, Target> targets_;
};

Steering::Steering(std::function<void()> body, const Options& options)
    : table_(std::make_unique<Table>(std::move(body), options)) {}
Steering::~Steering() = default;
Position Steering::after(std::span<const Turn> turns) { return table_->after(turns); }
Position Steering::run_on(std::span<const Turn> turns) { return table_->run_on(turns); }
std::optional<Finding> Steering::replay(const std::string& token) { return table_->replay(token); }
std::optional<Hint> Steering::toward(const std::string& token, std::span<const Turn> turns) {
  return table_->toward(token, turns);
}

}  // namespace racecourse
