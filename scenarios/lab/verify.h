// The meta-check: each exercise is what it says.
//  - its starter fails, and first in the check that it declares; its reference passes every check; each mutant fails
//  - its checks' bodies are there (a check without one would have no verdict, which is a failure)
//  - it has three hints and all other texts, in every language that translates it
//  - the student's tree holds no line of the solution, no hint, no explanation and no name of a fault
#pragma once

#include <racecourse/scenarios/lab/bench.h>

#include <string>
#include <vector>

namespace racecourse::lab {

// One clause for each thing that is wrong; needs no compiler.
std::vector<std::string> faults_of_texts(const Exercise& exercise);
// The same by building and running: the starter, the reference and the mutants.
std::vector<std::string> faults_of_code(const Exercise& exercise, Bench& bench);

}  // namespace racecourse::lab
