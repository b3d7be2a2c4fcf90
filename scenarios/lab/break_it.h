// "Break it": the student hands in a schedule under which the code that was handed out shows its bug.
//
// The schedule is made in `racecourse lab play` and kept in NAME/schedule.txt: the turns of steer.h ("1 2:1 1x3"), or
// the token of a schedule; from # to the end of a line is a remark. Turns must lead to the bug by themselves, since the
// rule by which a token goes on (schedule.h) may come upon it by accident. What runs is the kit's code, not the
// student's.
#pragma once

#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/steer.h>
#include <racecourse/scenarios/lab/exercise.h>
#include <racecourse/scenarios/lab/running.h>

#include <optional>
#include <string>
#include <vector>

namespace racecourse::lab {

inline constexpr const char* kScheduleFile = "schedule.txt";
inline constexpr int kBreakPoints = 2;

// What is to be reached: the check that the starter is declared to fail first, and with what.
struct Goal {
  std::string check;
  Kind kind = Kind::assertion;
};
Goal goal_of(const Exercise& exercise);

// False where any order shows the bug, so that there is nothing to look for: a data race is one in every schedule.
bool can_be_broken(const Exercise& exercise);

struct Schedule {
  std::vector<Turn> turns;
  std::string token;  // not empty: this instead

  bool is_empty() const { return turns.empty() && token.empty(); }
};
// Throws command::BadRequest with a clause about what cannot be read.
Schedule schedule_from(const std::string& text);

struct Broken {
  bool shown = false;  // the schedule shows the bug
  std::string text;    // a sentence
  Outcome outcome;
};
// `program`: the checks, built with the starter. `text`: what was handed in.
Broken break_it(const std::string& program, const Exercise& exercise, const std::string& text, const Job& job);

}  // namespace racecourse::lab
