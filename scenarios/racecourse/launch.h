// Starting a sibling program and waiting for its answer.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace racecourse::command {

struct Launched {
  std::optional<int> exit_code;  // unset: ended by `signal`, or killed at the deadline
  int signal = 0;
  bool out_of_time = false;
  std::string answer;  // what it wrote to its result file
  std::string output;  // what it and the bodies printed, both streams
};

// Runs `program` with `arguments` and "--result-fd N". Its output is kept, not shown. It is killed at the deadline, or
// when the calling thread ends. Throws std::runtime_error if it cannot be started.
Launched launch(const std::string& program, std::vector<std::string> arguments, double deadline_seconds);

// The same for a program that is not ours, which is told of no result file: the answer is empty.
Launched launch_plainly(const std::string& program, std::vector<std::string> arguments, double deadline_seconds);

// The last line that it printed.
std::string last_line(const Launched& launched);

// What a program of ours said when it refused its arguments, which it ends with exit code 2 for.
std::string refusal(const Launched& launched);

}  // namespace racecourse::command
