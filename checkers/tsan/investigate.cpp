// The tsan link's search: the body again and again, on real threads.
#include <racecourse/checkers/control/command_line.h>
#include <racecourse/checkers/control/interrupt.h>
#include <racecourse/checkers/control/investigate.h>
#include <racecourse/checkers/control/process.h>
#include <racecourse/checkers/control/progress.h>
#include <racecourse/checkers/forbidden.h>
#include <racecourse/checkers/hooks.h>
#include <racecourse/checkers/options.h>
#include <racecourse/checkers/suppression.h>
#include <racecourse/checkers/tsan/canary.h>
#include <racecourse/checkers/tsan/child.h>
#include <racecourse/checkers/tsan/findings.h>
#include <racecourse/checkers/tsan/positions.h>
#include <racecourse/checkers/tsan/runner.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

namespace racecourse::control {
namespace {

using tsan::RunResult;
using tsan::Seen;

// A hang that is allowed costs its deadline each time it is met. After the first, runs that hang are given up sooner:
// what is looked for is something else.
constexpr double kImpatience = 0.2;
constexpr double kShortestDeadline = 1;  // seconds: a report takes its time too

// How often runs showed what is allowed and not looked for.
using Tally = std::map<Kind, std::uint64_t>;

double impatient(double deadline) { return std::min(deadline, std::max(kShortestDeadline, deadline * kImpatience)); }

void forget_outcomes() {
  tsan::RunBlock& block = tsan::run_block();
  block.outcome_count = 0;
}

std::map<std::string, std::uint64_t> counted_outcomes() {
  std::map<std::string, std::uint64_t> outcomes;
  const tsan::RunBlock& block = tsan::run_block();
  for (std::uint32_t i = 0; i < block.outcome_count; i++) outcomes[block.outcomes[i].text] += block.outcomes[i].count;
  return outcomes;
}

bool ends_search(const RunResult& result, const Goal& goal) {
  return std::any_of(result.seen.begin(), result.seen.end(), [&](const Seen& s) { return !goal.passes_over(s.kind); });
}

std::string text_of_nothing_found(const Verdict& verdict, const Options& options, const Tally& tally) {
  std::string text = "not found: " + std::to_string(verdict.executions) + " runs on real threads (seed " +
                     std::to_string(options.seed) + ")";
  for (const auto& [kind, count] : tally) {
    text += ", " + std::string(to_string(kind)) + " in " + std::to_string(count) + " of them";
  }
  return text + "; this is no proof";
}

Verdict unreliable(Verdict verdict, const std::string& problem) {
  verdict.state = State::unreliable;
  verdict.text = "unreliable: " + problem;
  return verdict;
}

void drop_suppressed(RunResult& result, const Suppressions& suppressions, UsedSuppressions& used) {
  std::erase_if(result.seen, [&](const Seen& seen) {
    std::vector<SuppressionFrame> frames;
    frames.push_back({"", seen.file});
    for (const tsan::StackFrame& frame : seen.frames) frames.push_back({frame.function, frame.file});
    const auto index = suppressions.match(seen.kind, frames);
    if (index) used.insert(*index);
    return index.has_value();
  });
}

struct Search {
  const std::function<void()>& body;
  const Options& options;
  const Goal& goal;
  const tsan::Told& told;
  const Suppressions& suppressions;

  Verdict run(UsedSuppressions& used) const;

 private:
  Verdict judged(Verdict verdict, const RunResult& result) const;
};

Verdict Search::judged(Verdict verdict, const RunResult& result) const {
  verdict.finding = tsan::make_finding(result, goal, told, verdict.executions);
  verdict.state = State::failed;
  verdict.text = std::string("failed: ") + to_string(verdict.finding->kind) + " in run " +
                 std::to_string(verdict.executions) + " of " + std::to_string(options.repetitions) +
                 " on real threads (seed " + std::to_string(options.seed) + ")";
  return verdict;
}

Verdict Search::run(UsedSuppressions& used) const {
  Verdict verdict;
  verdict.seed = options.seed;
  const double start = now();
  const auto stop = [&] {
    verdict.seconds = now() - start;
    verdict.outcomes = counted_outcomes();
  };
  if (tsan::other_threads() > 0) {
    return unreliable(
        std::move(verdict),
        "another thread of this program is running, and ThreadSanitizer sees nothing in a process that is "
        "forked beside it; call explore() while there is one thread");
  }
  forget_outcomes();
  tsan::Runner runner(body, options.seed);
  Progress progress(options.name);
  Tally tally;
  double deadline = options.deadline_seconds;
  while (verdict.executions < options.repetitions && (options.seconds <= 0 || now() - start < options.seconds)) {
    RunResult result = runner.run(++verdict.executions, deadline);
    drop_suppressed(result, suppressions, used);
    stop();
    if (interrupted() != 0) break;
    if (!result.problem.empty()) return unreliable(std::move(verdict), result.problem);
    if (ends_search(result, goal)) return judged(std::move(verdict), result);
    for (const Seen& seen : result.seen) {
      tally[seen.kind]++;
      if (seen.kind == Kind::hang) deadline = impatient(options.deadline_seconds);
    }
    progress.show("on real threads: run " + std::to_string(verdict.executions) + " of " +
                  std::to_string(options.repetitions));
  }
  if (interrupted() != 0) {
    verdict.executions--;  // the last one was broken off
  } else if (const std::string& reason = tsan::reason_for_silence(); !reason.empty()) {
    return unreliable(std::move(verdict), reason);
  }
  verdict.text = text_of_nothing_found(verdict, options, tally);
  return verdict;
}

}  // namespace

Investigation investigate(const std::function<void()>& body, const Options& options, const Goal& goal) {
  if (tsan::in_body()) {
    throw std::logic_error(
        "racecourse: explore() was called inside the body of another explore(); call it once, outside.");
  }
  const std::string test = current_test();
  next_call_number();
  EffectiveOptions effective = options_from_environment(options);
  Options& in_force = effective.options;
  if (!in_force.token.empty()) {
    throw std::invalid_argument(
        "racecourse: a token replays a schedule of the explore link; this program runs on real threads, under "
        "ThreadSanitizer.");
  }
  if (in_force.name.empty()) in_force.name = test.empty() ? program_name() : test;
  const tsan::Told told{in_force.name, in_force.repetitions, in_force.seed,
                        tsan::command_again(in_force, options, test)};
  const ForbiddenOutcomes forbidden(in_force.forbidden);
  Goal judged = goal;
  if (!in_force.judge.empty()) judged.judged = KindSet(in_force.judge);
  const InterruptWatch watch;
  Investigation investigation;
  investigation.name = in_force.name;
  investigation.json = effective.json;
  const Suppressions suppressions(in_force.suppressions);
  suppressions.watch();
  UsedSuppressions used;
  investigation.verdict = Search{body, in_force, judged, told, suppressions}.run(used);
  investigation.verdict.text += text_of_suppressed(suppressions, used);
  suppressions.note_used(used);
  investigation.interrupted = interrupted() != 0;
  return investigation;
}

}  // namespace racecourse::control
