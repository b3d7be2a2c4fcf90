// What is to be said of one execution of a random program, slowly and obviously: the orders of C++ [intro.races] as
// edges between all operations, the closure of them by walking, and every pair of accesses looked at.
//
// It knows only what the program logged: nothing of the runtime, its clocks or its trace.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "random_program.h"

namespace racecourse::reference {

struct Verdict {
  // For each step that races with an earlier one: the bytes (offsets) that it races on.
  std::map<int, std::set<int>> races;
  std::optional<int> first_race;  // the first such step
  // How it may have ended: "" (well), "deadlock"; "self-deadlock", "mutex-misuse": of several, the first to come to it.
  std::set<std::string> ends;
};

Verdict judge(const random_program::Program& program, const random_program::Log& log);

}  // namespace racecourse::reference
