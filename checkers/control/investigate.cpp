#include <racecourse/checkers/control/command_line.h>
#include <racecourse/checkers/control/confirm.h>
#include <racecourse/checkers/control/excuses.h>
#include <racecourse/checkers/control/interrupt.h>
#include <racecourse/checkers/control/investigate.h>
#include <racecourse/checkers/control/process.h>
#include <racecourse/checkers/control/rendering.h>
#include <racecourse/checkers/control/replayer.h>
#include <racecourse/checkers/control/search_loop.h>
#include <racecourse/checkers/control/shrink.h>
#include <racecourse/checkers/control/tree_part.h>
#include <racecourse/checkers/control/verdict_text.h>
#include <racecourse/checkers/forbidden.h>
#include <racecourse/checkers/hooks.h>
#include <racecourse/checkers/options.h>
#include <racecourse/checkers/report/fingerprint.h>
#include <racecourse/checkers/report/side_by_side.h>
#include <racecourse/checkers/runtime/execution.h>
#include <racecourse/checkers/runtime/own_heap.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <racecourse/checkers/schedule/schedule.h>
#include <racecourse/checkers/schedule/strategy.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace racecourse::control {
namespace {

constexpr int kThreadsAtFirst = 4;

// Marks that a call is in progress. A worker inherits the mark, so a body that explores in its turn is seen too.
class OneCall {
 public:
  OneCall() {
    if (in_progress_) {
      throw std::logic_error(
          "racecourse: explore() was called inside the body of another explore(); call it once, outside.");
    }
    in_progress_ = true;
  }
  ~OneCall() { in_progress_ = false; }
  OneCall(const OneCall&) = delete;
  OneCall& operator=(const OneCall&) = delete;

 private:
  static inline bool in_progress_ = false;
};

// One call with everything that is known about it.
struct Call {
  const std::function<void()>& body;
  const Options& base;  // what the program asks for by itself
  Options options;      // what is in force
  Goal goal;
  Excuses& excuses;
  std::string test;
  unsigned number;
  bool whole_trace;

  std::string command(const std::string& token) const { return replay_command(options, base, token, test, number); }
};

schedule::Schedule checked_token(const std::string& token) {
  schedule::Schedule schedule = schedule::from_token(token);
  for (const schedule::Segment& segment : schedule.segments) {
    if (segment.thread < runtime::kMaxThreads) continue;
    throw schedule::BadToken("bad token: it names thread " + std::to_string(segment.thread) +
                             ", and there can be only " + std::to_string(runtime::kMaxThreads) + ".");
  }
  return schedule;
}

Verdict replay_token(const Call& call) {
  Verdict verdict;
  verdict.seed = call.options.seed;
  const schedule::Schedule schedule = checked_token(call.options.token);
  const double start = now();
  report::Context context;
  context.name = call.options.name;
  context.token = call.options.token;
  context.replay_command = call.command(call.options.token);
  context.whole_trace = call.whole_trace;
  Rendered rendered = replay_and_render(call.body, call.options, schedule, context, call.goal.required, call.excuses);
  verdict.seconds = now() - start;
  verdict.executions = 1;
  if (!rendered.failure.empty()) {
    verdict.state = State::unreliable;
    verdict.text = "unreliable: " + rendered.failure;
  } else if (!rendered.differs.empty()) {
    verdict.text = text_of_another_program(rendered.differs);
  } else if (rendered.finding) {
    verdict.state = State::failed;
    verdict.text = std::string("failed: ") + to_string(rendered.finding->kind) + " in the replay of a token";
    if (rendered.deviated) verdict.text += ", which fits this program only in part";
    verdict.finding = std::move(rendered.finding);
  } else {
    verdict.text = text_of_unfit_token(schedule, rendered.recorded, rendered.deviated);
  }
  verdict.text += text_of_suppressed(call.excuses.suppressions(), rendered.suppressed);
  return verdict;
}

// A finding that no replay has made into a report.
Finding unconfirmed(const Call& call, const Found& found, const std::string& token) {
  const report::RawFinding& raw = found.leading();
  Finding finding;
  finding.kind = found.kind();
  finding.message = raw.message;
  finding.file = raw.file;
  finding.line = raw.line;
  finding.execution = found.execution + 1 + found.directed;
  finding.token = token;
  finding.replay_command = call.command(token);
  for (const report::RawFinding& other : found.findings) {
    const Kind kind = static_cast<Kind>(other.kind);
    const bool known = std::find(finding.also.begin(), finding.also.end(), kind) != finding.also.end();
    if (kind != finding.kind && !known) finding.also.push_back(kind);
  }
  finding.report =
      std::string(to_string(finding.kind)) + ": " + finding.message + "\nreplay: " + finding.replay_command + "\n";
  return finding;
}

// Whether the block shows the finding again, with nothing beside it that the goal would have stopped at.
bool shows_again(const runtime::SharedBlock& block, const Found& found, const Goal& goal) {
  bool again = false;
  for (std::uint32_t i = 0; i < finding_count(block); i++) {
    const report::RawFinding& seen = block.findings[i];
    if (seen.kind == found.leading().kind && seen.place == found.leading().place) {
      again = true;
      continue;
    }
    const auto of_this_kind = [&](const report::RawFinding& old) { return old.kind == seen.kind; };
    const bool was_there = std::any_of(found.findings.begin(), found.findings.end(), of_this_kind) ||
                           std::any_of(found.excused.begin(), found.excused.end(), of_this_kind);
    const Kind kind = static_cast<Kind>(seen.kind);
    if (goal.required && kind != *goal.required && !goal.passes_over(kind) && !was_there) return false;
  }
  return again;
}

bool is_stopped_by_watchdog(Kind kind) { return kind == Kind::hang || kind == Kind::uncontrolled_blocking; }

Shrunk shorten(const Call& call, const Found& found) {
  // Each replay of one that has to be stopped by the watchdog costs the watchdog's seconds. A prediction is made of
  // what passed: which part of it is enough is hard to say.
  if (is_stopped_by_watchdog(found.kind()) || found.kind() == Kind::lock_order) {
    Shrunk as_it_is;
    as_it_is.schedule = found.schedule;
    return as_it_is;
  }
  Replayer replayer(call.body, call.options);
  return shrink(found.schedule, [&](const schedule::Schedule& candidate) {
    Attempt attempt;
    if (interrupted() != 0) return attempt;  // the shortest so far will do
    const WorkerResult worker = replayer.replay(candidate);
    const runtime::SharedBlock& block = workspace().block;
    attempt.ticks = block.ticks;
    if (worker.end == WorkerEnd::failed || block.segment_count > runtime::kMaxSegments) return attempt;
    attempt.same = shows_again(block, found, call.goal);
    if (attempt.same) attempt.recorded = take_schedule(block);
    return attempt;
  });
}

// Of what the schedule leads to; empty where one more replay would cost the watchdog's seconds.
std::string fingerprint_of(const Call& call, const Found& found, const schedule::Schedule& schedule) {
  if (is_stopped_by_watchdog(found.kind())) return "";
  const WorkerResult worker = replay_once(call.body, call.options, schedule, true);
  return worker.end == WorkerEnd::failed ? "" : report::fingerprint(report::trace_of(workspace().block));
}

// The replay in the fresh process beside one in this process, where they part; empty if they do not.
std::string how_replays_differ(const Call& call, const schedule::Schedule& schedule,
                               const std::vector<report::EventLine>& there) {
  if (there.empty()) return "";
  const WorkerResult worker = replay_once(call.body, call.options, schedule, true);
  if (worker.end == WorkerEnd::failed) return "";
  const std::string text = report::side_by_side(report::event_lines(report::trace_of(workspace().block)),
                                                "a replay in this process", there, "in the fresh process");
  return text.empty() ? "" : "two replays of the same schedule, where they first differ:\n" + text;
}

// A line below the ones that say what was found and where.
void tell_of_prediction(const Found& found, std::string& report) {
  if (found.directed == 0) return;
  const std::size_t end = report.find("\n\n");
  if (end == std::string::npos) return;
  report.insert(end + 1, "  predicted from the order of locks in execution " + std::to_string(found.execution + 1) +
                             ", which passed; confirmed by directed execution " + std::to_string(found.directed) +
                             "\n");
}

void judge_found(const Call& call, const Found& found, Verdict& verdict) {
  const std::string what = std::string(to_string(found.kind())) + " " + where_found(found, call.options);
  if (!found.schedule_complete) {
    verdict.state = State::unreliable;
    verdict.text = "unreliable: " + what + ", but it had more switches than can be replayed";
    verdict.finding = unconfirmed(call, found, "");
    return;
  }
  const Shrunk shrunk = shorten(call, found);
  ConfirmRequest request;
  request.test = call.test;
  request.call = call.number;
  request.token = schedule::to_token(shrunk.schedule, fingerprint_of(call, found, shrunk.schedule));
  request.execution = found.execution + 1 + found.directed;
  request.kind = found.kind();
  request.options = call.options;
  request.options.replay_command = call.command(request.token);
  request.whole_trace = call.whole_trace;
  request.excused.assign(call.excuses.places().begin(), call.excuses.places().end());
  const bool was_interrupted = interrupted() != 0;
  Confirmation confirmation = confirm(request);
  // Ctrl-C ends the fresh process too.
  if (!confirmation.confirmed && !was_interrupted && interrupted() != 0) confirmation = confirm(request);
  if (confirmation.confirmed) {
    verdict.state = State::failed;
    verdict.text = "failed: " + what + how_shortened(shrunk);
    verdict.finding = std::move(confirmation.finding);
    tell_of_prediction(found, verdict.finding->report);
  } else {
    verdict.state = State::unreliable;
    verdict.text = "unreliable: " + what + ", but " + confirmation.problem;
    verdict.finding = unconfirmed(call, found, request.token);
    verdict.finding->report += how_replays_differ(call, shrunk.schedule, confirmation.steps);
  }
}

// A race was found: what follows from it says more than the race itself, and is mostly found soon, now that the search
// switches at the accesses that raced. The first race stays the answer if nothing follows.
void look_for_consequence(const Call& call, const Part& part, SearchResult& result) {
  constexpr std::uint64_t kExecutions = 2'000;
  const Found& race = *result.found;
  if (!goes_on(race.kind()) || race.kind() == Kind::lock_order || call.goal.required || call.options.stop_at_race ||
      interrupted() != 0)
    return;
  Goal goal = call.goal;
  goal.consequence_only = true;
  const std::uint64_t first = race.execution + 1;
  SearchResult later = run_search(call.body, call.options, goal,
                                  {part.origin, first, std::min(part.last, first + kExecutions)}, call.excuses);
  if (!later.found) return;
  later.suppressed.merge(result.suppressed);
  result = std::move(later);
}

Verdict search_and_judge(const Call& call) {
  call.excuses.suppressions().watch();
  Verdict verdict;
  verdict.seed = call.options.seed;
  const double start = now();
  const Part part = part_of(call.options);
  SearchResult result = run_search(call.body, call.options, call.goal, part, call.excuses);
  if (result.found) look_for_consequence(call, part, result);
  if (!result.found && !proves(result) && result.predicted &&
      !call.excuses.excuse(call.body, call.options, call.goal, *result.predicted, result.suppressed))
    result.found = result.predicted;
  verdict.seconds = now() - start;
  if (!result.found && result.coverage) result.executions -= result.coverage->counted_elsewhere;
  verdict.executions = result.executions;
  verdict.outcomes = result.outcomes;
  if (!result.failure.empty()) {
    verdict.state = State::unreliable;
    verdict.text = "unreliable: " + result.failure;
  } else if (result.found) {
    judge_found(call, *result.found, verdict);
  } else {
    verdict.state = result.one_thread || proves(result) ? State::proved : State::not_found;
    verdict.text = text_of_nothing_found(result, call.options, verdict.seconds);
    if (exhausts_its_part(result)) verdict.tree = json_of_part(*result.coverage, assumptions(call.options));
  }
  verdict.text += text_of_suppressed(call.excuses.suppressions(), result.suppressed);
  call.excuses.suppressions().note_used(result.suppressed);
  return verdict;
}

Investigation skipped(const char* why) {
  Investigation investigation;
  investigation.skipped = true;
  investigation.verdict.text = std::string("not found: nothing was searched, since ") + why;
  return investigation;
}

}  // namespace

Investigation investigate(const std::function<void()>& body, const Options& options, const Goal& goal) {
  const OneCall one_call;
  const runtime::OwnHeap own_heap;
  const std::string test = current_test();
  const unsigned number = next_call_number();

  EffectiveOptions effective = options_from_environment(options);
  const ForbiddenOutcomes forbidden(effective.options.forbidden);
  if (const ConfirmRequest* request = confirm_request()) {
    if (request->test != test || request->call != number)
      return skipped("this process confirms a finding of another call");
    runtime::begin_search(kThreadsAtFirst);
    answer_confirm_request(body);
  }

  Excuses excuses(effective.options.suppressions);
  Call call{body, options, std::move(effective.options), goal, excuses, test, number, effective.whole_trace};
  if (!call.options.judge.empty()) call.goal.judged = KindSet(call.options.judge);
  if (call.options.name.empty()) call.options.name = test.empty() ? program_name() : test;
  schedule::make_strategy({call.options.strategy, call.options.switch_probability, call.options.depth});

  if (effective.token_from_environment && effective.call != number) return skipped("the token is for another call");
  runtime::begin_search(kThreadsAtFirst);
  const InterruptWatch watch;
  Investigation investigation;
  investigation.name = call.options.name;
  investigation.json = effective.json;
  investigation.replayed = !call.options.token.empty();
  investigation.verdict = investigation.replayed ? replay_token(call) : search_and_judge(call);
  investigation.interrupted = interrupted() != 0;
  return investigation;
}

}  // namespace racecourse::control
