// The front door, the same in every link: what investigate() found becomes a verdict, or a failed test.
#include <racecourse/checkers/control/interrupt.h>
#include <racecourse/checkers/control/investigate.h>
#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/hooks.h>
#include <racecourse/checkers/verdict_json.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace racecourse {
namespace {

using control::Goal;
using control::Investigation;
using control::KindSet;

void report_failure(const Verdict& verdict, const std::string& text) {
  const bool placed = verdict.finding && !verdict.finding->file.empty();
  if (hooks().fail != nullptr) {
    hooks().fail(placed ? verdict.finding->file.c_str() : nullptr, placed ? verdict.finding->line : -1, text);
  } else {
    std::fprintf(stderr, "%s\n", text.c_str());
  }
}

std::string with_report(std::string text, const Verdict& verdict) {
  if (verdict.finding && !verdict.finding->report.empty()) text += "\n" + verdict.finding->report;
  return text;
}

// A replay was asked for by a person, who should not take silence for a verdict.
void tell_of_fruitless_replay(const Investigation& investigation) {
  if (!investigation.replayed || investigation.verdict.state == State::failed) return;
  std::fprintf(stderr, "racecourse: %s\n", investigation.verdict.text.c_str());
}

// A person, or whoever supervises this program, wants it to end; not without what it has found.
[[noreturn]] void end_interrupted(const Investigation& investigation) {
  const Verdict& verdict = investigation.verdict;
  if (verdict.finding) std::fprintf(stderr, "%s\n", verdict.finding->report.c_str());
  std::fprintf(stderr, "racecourse: %s: interrupted; %s\n", investigation.name.c_str(), verdict.text.c_str());
  std::exit(control::kExitInterrupted);
}

// What investigate() says, told to tools as well.
Investigation investigated(const std::function<void()>& body, const Options& options, const Goal& goal) {
  Investigation investigation = control::investigate(body, options, goal);
  if (!investigation.json.empty()) append_json(investigation.json, investigation.verdict, investigation.name);
  if (investigation.interrupted) end_interrupted(investigation);
  return investigation;
}

Goal goal_of(Kind required, const std::vector<Kind>& allowed) { return {required, KindSet(allowed)}; }

bool as_expected(const Verdict& verdict, const Goal& goal) {
  if (verdict.state != State::failed || !verdict.finding) return false;
  std::vector<Kind> kinds = verdict.finding->also;
  kinds.push_back(verdict.finding->kind);
  const auto acceptable = [&](Kind kind) { return kind == *goal.required || goal.allows(kind); };
  return std::find(kinds.begin(), kinds.end(), *goal.required) != kinds.end() &&
         std::all_of(kinds.begin(), kinds.end(), acceptable);
}

std::string disappointment(const Verdict& verdict, Kind required) {
  std::string text = std::string("expected a finding of kind ") + to_string(required);
  if (verdict.state == State::failed && verdict.finding)
    text += std::string(", found ") + to_string(verdict.finding->kind);
  return text + "; " + verdict.text;
}

}  // namespace

Verdict search(const std::function<void()>& body, const Options& options) {
  return investigated(body, options, Goal{}).verdict;
}

Verdict explore(const std::function<void()>& body, const Options& options) {
  Investigation investigation = investigated(body, options, Goal{});
  Verdict& verdict = investigation.verdict;
  tell_of_fruitless_replay(investigation);
  if (verdict.state == State::failed || verdict.state == State::unreliable) {
    report_failure(verdict, with_report(verdict.text, verdict));
  }
  return std::move(verdict);
}

Verdict search_for(const std::function<void()>& body, Kind required, const std::vector<Kind>& allowed,
                   const Options& options) {
  return investigated(body, options, goal_of(required, allowed)).verdict;
}

Verdict expect_finding(const std::function<void()>& body, Kind required, const std::vector<Kind>& allowed,
                       const Options& options) {
  const Goal goal = goal_of(required, allowed);
  Investigation investigation = investigated(body, options, goal);
  Verdict& verdict = investigation.verdict;
  tell_of_fruitless_replay(investigation);
  if (investigation.replayed && verdict.finding) {
    // Replaying by hand: the report is what the person came for.
    std::fprintf(stderr, "%s\n", verdict.finding->report.c_str());
  }
  if (!investigation.skipped && !as_expected(verdict, goal)) {
    report_failure(verdict, with_report(disappointment(verdict, required), verdict));
  }
  return std::move(verdict);
}

Verdict expect_finding(const std::function<void()>& body, Kind required, const Options& options) {
  return expect_finding(body, required, {}, options);
}

}  // namespace racecourse
