// The meta-check: each exercise is what it says.
//  - its starter fails, and first in the check that it declares; its reference passes every check; each mutant fails
//  - its reference test is green for the reference and catches each mutant; the test that is handed out does not
//  - the schedule that the search finds breaks the starter (break_it.h); what is asked about it is declared
//  (judge_it.h)
//  - its checks' bodies are there (a check without one would have no verdict, which is a failure)
//  - it has three hints and all other texts, in every language that translates it
//  - the student's tree holds no line of the solution, no hint, no explanation and no name of a fault
#pragma once

#include <racecourse/scenarios/catalogue.h>
#include <racecourse/scenarios/lab/bench.h>

#include <string>
#include <vector>

namespace racecourse::lab {

struct Proof {
  std::vector<std::string> faults;  // one clause for each thing that is wrong
  std::vector<std::string> caught;  // one clause for each mutant: what catches it
};

// Needs no compiler.
std::vector<std::string> faults_of_texts(const Exercise& exercise);
// By building and running: the starter, the reference and the mutants. `entries`: the catalogue.
Proof prove_code(const Exercise& exercise, Bench& bench, const std::vector<catalogue::Entry>& entries);

}  // namespace racecourse::lab
