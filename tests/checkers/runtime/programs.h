// Small programs for tests of the runtime: each leans on state that a careless runtime would let differ between two
// executions or two processes.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace racecourse::programs {

struct Program {
  std::string name;
  std::function<void()> body;
};
const std::vector<Program>& all();

}  // namespace racecourse::programs
