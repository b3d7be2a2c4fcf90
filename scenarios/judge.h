// Whether a verdict is the one that was declared.
#pragma once

#include <racecourse/scenarios/catalogue.h>

#include <string>

namespace racecourse::catalogue {

struct Judgement {
  bool as_declared = false;
  std::string reason;  // one clause when it is not: "found data-race, but declared assertion"
};

// `unreliable` is never as declared, whatever the expectation: a checker that contradicts itself says nothing.
Judgement judge(const Expectation& expectation, const Verdict& verdict);

// The expectation in a few words: "data-race", "nothing", "cannot see it", "may find hang", "false alarm: data-race",
// "all executions", "at most 2 preemptions", "not run".
std::string describe(const Expectation& expectation);

}  // namespace racecourse::catalogue
