// Running the checks of an exercise on a program that was built from somebody's file.
#pragma once

#include <racecourse/scenarios/lab/exercise.h>
#include <racecourse/scenarios/lab/process.h>

#include <cstdint>
#include <string>
#include <vector>

namespace racecourse::lab {

struct Outcome {
  bool passed = false;
  bool unreliable = false;  // the code does not do the same each time, so that nothing follows from what was found
  // Not empty: there is no verdict, and this clause says why ("it ended by itself, with exit code 0").
  std::string problem;
  std::string kind, message, token, picture, report;  // of a finding
  std::vector<std::string> also;                      // other kinds of the same execution
  std::string unfit;                                  // of given turns: why they could not all be taken
  std::string file;                                   // its name alone
  int line = 0;
  std::uint64_t execution = 0, executions = 0;
  std::string searched;  // "all 16 executions"
};

// Starts `program`, the checks of an exercise, for one of them. Only an answer that is complete and bears the nonce of
// this very run is believed. `job` holds the folder and the limits; `how`: further arguments, as in --token (checks.h).
Outcome run_check(const std::string& program, const std::string& check, Job job,
                  const std::vector<std::string>& how = {});

}  // namespace racecourse::lab
