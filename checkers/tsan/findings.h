// From what one run showed to a finding for a person.
#pragma once

#include <racecourse/checkers/control/goal.h>
#include <racecourse/checkers/explore.h>
#include <racecourse/checkers/tsan/runner.h>

#include <cstdint>
#include <string>

namespace racecourse::tsan {

// What a report says beside the findings.
struct Told {
  std::string name;
  std::uint64_t repetitions = 0;
  std::uint64_t seed = 0;
  std::string command_again;
};

// What to paste into a shell to run the test again in this link with the same seed. `base` is what the program asks
// for by itself.
std::string command_again(const Options& options, const Options& base, const std::string& test);

// The result must have seen something. The leading finding is one that ends the search, and among those the gravest.
Finding make_finding(const RunResult& result, const control::Goal& goal, const Told& told, std::uint64_t run);

}  // namespace racecourse::tsan
