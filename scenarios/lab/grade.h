// Marks for what students hand in, and the files that a course's tools read.
#pragma once

#include <racecourse/scenarios/lab/bench.h>

#include <string>
#include <vector>

namespace racecourse::lab {

struct Graded {
  const Exercise* exercise = nullptr;
  Judged judged;
};

struct Submission {
  std::string name;  // the last part of its path
  std::vector<Graded> exercises;
};

int points(const Submission& submission);
int most_points(const Submission& submission);

// What somebody believes who handed this in, by failing checks and by patterns; sorted, each once.
std::vector<std::string> misconceptions(const Graded& graded);

// Gradescope's results.json: one object, or for several submissions {"submissions": [...]}, each with its name. The
// checks of the contract and the first rung of threads are visible; what the others found, after the deadline.
std::string gradescope(const std::vector<Submission>& submissions);
// JUnit: a test suite a submission and exercise, a test case a check.
std::string junit(const std::vector<Submission>& submissions);
// One line a submission and exercise, then one a misconception with how many hold it.
std::string csv(const std::vector<Submission>& submissions);

// One sentence about a check, without anything that differs from run to run.
std::string sentence(const Result& result);
// What a checked exercise is searched by: "all 2 executions; 5,000 executions in order and 5,000 of a random search".
std::string searched(const Graded& graded);

}  // namespace racecourse::lab
