// "Test it": the student hands in a test. It is tried on code that is right, for which it must be green, and on hidden
// mutants, each of which it should catch.
//
//   NAME/test.cpp      the student's: void test(), and where somebody waits and must sleep also void sleeps()
//   NAME/run_test.cpp  what makes a program of it
// Both functions are searched as the checks are (checks.h); sleeps() must end with everybody asleep. A test catches
// code if the search finds anything in one of them.
#pragma once

#include <racecourse/scenarios/lab/exercise.h>
#include <racecourse/scenarios/lab/running.h>
#include <racecourse/scenarios/lab/scan.h>

#include <string>
#include <vector>

namespace racecourse::lab {

inline constexpr const char* kTestFile = "test.cpp";
inline constexpr const char* kRunTestFile = "run_test.cpp";
inline constexpr int kTestPoints = 4;

// What the student begins with: a test that is green, and catches little.
std::string test_starter_text(const Exercise& exercise);
// One that catches every mutant.
std::string test_reference_text(const Exercise& exercise);
std::string run_test_text(const Exercise& exercise);

// Whether anything was written: more than what was handed out.
bool has_test(const Exercise& exercise, const std::string& text);

inline constexpr const char* kNotAsleep = "not-asleep";  // the kind of what sleeps() is found out with
// The first function in which something is found, or the last one. `program`: built of run_test.cpp.
Outcome run_test(const std::string& program, const Exercise& exercise, const Job& job,
                 const std::vector<std::string>& how = {});

// What came of a test on right code and on the mutants. The mutants' names are for the proof of the exercise: they tell
// the faults, and no student hears them.
struct Tested {
  std::string problem;   // not empty: it tests nothing, and this says why
  std::string flags;     // the kind of what it finds in right code, if that is the problem
  std::string searched;  // of the right code
  std::vector<std::string> caught, missed;
  std::vector<Pattern> patterns;

  int points() const;        // the share of the mutants that is caught, of kTestPoints, rounded down
  std::string text() const;  // for whom handed it in
  std::vector<std::string> misconceptions() const;
};

}  // namespace racecourse::lab
