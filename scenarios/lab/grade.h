// Marks for what students hand in, and the files that a course's tools read.
#pragma once

#include <racecourse/scenarios/lab/bench.h>

#include <optional>
#include <string>
#include <vector>

namespace racecourse::lab {

// What an exercise asks for; marks for one do not depend on the others.
enum class Part { mend_it, break_it, judge_it, test_it };
inline constexpr Part kParts[] = {Part::mend_it, Part::break_it, Part::judge_it, Part::test_it};
const char* to_string(Part part);  // "mend", ...

// Of the parts beside mending, which has rungs.
struct PartResult {
  Part part = Part::break_it;
  int points = 0, of = 0;
  std::string text;    // for a person
  bool shows = false;  // to whom handed it in, before the deadline
  bool extra = false;  // the points come on top of what the exercise is out of
  std::vector<std::string> hints = {}, misconceptions = {};
};

struct Graded {
  const Exercise* exercise = nullptr;
  std::optional<Judged> judged;  // unset: mending is not asked for
  std::vector<PartResult> parts;

  int points() const;  // those on top, too
  int most_points() const;
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
