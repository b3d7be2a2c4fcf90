#include <racecourse/scenarios/judge.h>

#include <algorithm>
#include <utility>

namespace racecourse::catalogue {
namespace {

using Says = Expectation::Says;

Judgement right() { return {true, ""}; }
Judgement wrong(std::string reason) { return {false, std::move(reason)}; }

std::vector<Kind> kinds_of(const Finding& finding) {
  std::vector<Kind> kinds{finding.kind};
  kinds.insert(kinds.end(), finding.also.begin(), finding.also.end());
  return kinds;
}

bool holds(const std::vector<Kind>& kinds, Kind kind) { return std::ranges::find(kinds, kind) != kinds.end(); }

// The required kind is there and every other one is allowed: a crash beside the expected race is news.
Judgement judge_finding(const Expectation& expectation, const Finding& finding) {
  const std::vector<Kind> found = kinds_of(finding);
  for (const Kind kind : found) {
    if (kind != expectation.kind && !holds(expectation.allowed, kind)) {
      return wrong(std::string("found ") + to_string(kind) + ", but declared " + describe(expectation));
    }
  }
  // A use of memory beside its free is a race as well, and has the name of the worse of both.
  const bool is_both = expectation.kind == Kind::data_race && finding.kind == Kind::use_after_free;
  // Where a catch is only probable, an allowed kind alone is as good.
  if (expectation.says != Says::may_find && !is_both && !holds(found, expectation.kind)) {
    return wrong(std::string("found only ") + to_string(finding.kind) + ", but declared " + describe(expectation));
  }
  return right();
}

}  // namespace

Judgement judge(const Expectation& expectation, const Verdict& verdict) {
  if (verdict.state == State::unreliable) {
    return wrong("unreliable: " + (verdict.text.empty() ? std::string("no reason was given") : verdict.text));
  }
  const bool failed = verdict.state == State::failed;
  if (failed && !verdict.finding) return wrong("failed without a finding");
  switch (expectation.says) {
    case Says::finding:
    case Says::false_alarm:
      if (!failed) return wrong("found nothing, but declared " + describe(expectation));
      return judge_finding(expectation, *verdict.finding);
    case Says::may_find:
      return failed ? judge_finding(expectation, *verdict.finding) : right();
    case Says::nothing:
    case Says::cannot_see:
      if (!failed) return right();
      return wrong(std::string("found ") + to_string(verdict.finding->kind) + ", but declared " +
                   describe(expectation));
    case Says::proved:
      if (verdict.state == State::proved) return right();
      return wrong(failed ? std::string("found ") + to_string(verdict.finding->kind) + ", but a proof was declared"
                          : "a proof was declared, but " + verdict.text);
    case Says::not_run:
      return wrong("ran, but is declared not to");
  }
  return wrong("the declaration says something unknown");
}

std::string describe(const Expectation& expectation) {
  switch (expectation.says) {
    case Says::finding:
      return to_string(expectation.kind);
    case Says::nothing:
      return "nothing";
    case Says::cannot_see:
      return "cannot see it";
    case Says::may_find:
      return std::string("may find ") + to_string(expectation.kind);
    case Says::false_alarm:
      return std::string("false alarm: ") + to_string(expectation.kind);
    case Says::not_run:
      return "not run";
    case Says::proved:
      return expectation.preemptions < 0 ? "all executions"
                                         : "at most " + std::to_string(expectation.preemptions) +
                                               (expectation.preemptions == 1 ? " preemption" : " preemptions");
  }
  return "unknown";
}

}  // namespace racecourse::catalogue
