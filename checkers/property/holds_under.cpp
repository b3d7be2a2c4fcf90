#include <racecourse/checkers/control/replayer.h>
#include <racecourse/checkers/control/search_loop.h>
#include <racecourse/checkers/property/holds_under.h>
#include <racecourse/checkers/runtime/execution.h>
#include <racecourse/checkers/runtime/own_heap.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <rapidcheck.h>

#include <string>
#include <utility>

namespace racecourse::property {
namespace {

struct State {
  std::optional<Failure> failure;
  std::uint64_t tried = 0;
  int with_reports = 0;
};
State& state() {
  static State only;
  return only;
}

void keep(const Finding& finding, const schedule::Schedule& schedule) { state().failure = Failure{finding, schedule}; }

constexpr int kThreadsAtFirst = 4;

struct Outcome {
  std::optional<Finding> finding;
  std::string failure;  // not empty: the run was not possible, and why
};

// What the workspace says after a run.
Outcome outcome_of(const control::WorkerResult& worker, const schedule::Schedule& schedule) {
  Outcome outcome;
  const runtime::SharedBlock& block = control::workspace().block;
  if (worker.end == control::WorkerEnd::failed) {
    outcome.failure = worker.message;
  } else if (control::finding_count(block) > 0) {
    const control::Found found = control::take_found(block, control::Goal{});
    Finding finding;
    finding.kind = found.kind();
    finding.message = found.leading().message;
    finding.file = found.leading().file;
    finding.line = found.leading().line;
    finding.token = schedule::to_token(schedule);
    outcome.finding = std::move(finding);
  }
  return outcome;
}

Outcome run_with_report(const std::function<void()>& body, const schedule::Schedule& schedule, const Options& options) {
  Verdict verdict = holds_under(body, schedule, options);
  Outcome outcome;
  outcome.finding = std::move(verdict.finding);
  if (verdict.state == racecourse::State::unreliable) outcome.failure = verdict.text;
  return outcome;
}

[[noreturn]] void fail_case(const std::string& why) {
  RC_FAIL(why);
  __builtin_unreachable();
}

void judge(const Outcome& outcome) {
  if (outcome.finding) fail_case(std::string(to_string(outcome.finding->kind)) + ": " + outcome.finding->message);
  if (!outcome.failure.empty()) fail_case("unreliable: " + outcome.failure);
}

}  // namespace

Verdict holds_under(const std::function<void()>& body, const schedule::Schedule& schedule, Options options) {
  options.token = schedule::to_token(schedule);
  ++state().tried;
  Verdict verdict = search(body, options);
  if (verdict.finding) keep(*verdict.finding, schedule);
  return verdict;
}

void require_holds(const std::function<void()>& body, const schedule::Schedule& schedule, const Options& options) {
  if (state().with_reports > 0) {
    judge(run_with_report(body, schedule, options));
    return;
  }
  ++state().tried;
  Outcome outcome;
  {
    const runtime::OwnHeap own_heap;
    runtime::begin_search(kThreadsAtFirst);
    outcome = outcome_of(control::replay_once(body, options, schedule, false), schedule);
  }
  if (outcome.finding) keep(*outcome.finding, schedule);
  judge(outcome);
}

struct Schedules::Worker {
  Worker(std::function<void()> to_run, Options in_force)
      : body(std::move(to_run)), options(std::move(in_force)), replayer(body, options) {}

  const std::function<void()> body;
  const Options options;
  control::Replayer replayer;  // refers to both
};

Schedules::Schedules(std::function<void()> body, Options options) {
  const runtime::OwnHeap own_heap;
  runtime::begin_search(kThreadsAtFirst);
  worker_ = std::make_unique<Worker>(std::move(body), std::move(options));
}
Schedules::~Schedules() = default;

void Schedules::require_holds(const schedule::Schedule& schedule) {
  if (state().with_reports > 0) {
    judge(run_with_report(worker_->body, schedule, worker_->options));
    return;
  }
  ++state().tried;
  Outcome outcome;
  {
    const runtime::OwnHeap own_heap;
    outcome = outcome_of(worker_->replayer.replay(schedule), schedule);
  }
  if (outcome.finding) keep(*outcome.finding, schedule);
  judge(outcome);
}

const std::optional<Failure>& last_failure() { return state().failure; }
void forget_last_failure() { state().failure.reset(); }
std::uint64_t schedules_tried() { return state().tried; }

WithReports::WithReports() { ++state().with_reports; }
WithReports::~WithReports() { --state().with_reports; }

}  // namespace racecourse::property
