// Broken programs on which searches are compared: bugs that some strategy hardly ever finds. Written from their
// descriptions in the literature, in plain std C++.
#pragma once

#include <racecourse/checkers/finding.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace racecourse::bench {

struct SearchProgram {
  std::string name;
  std::function<void()> body;
  Kind kind;                  // what must be found,
  std::vector<Kind> allowed;  // and what may be found on the way
  std::uint64_t max_steps = 20'000;
};
const std::vector<SearchProgram>& search_programs();

}  // namespace racecourse::bench
