// Runs the racecourse command as a user does.
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <string>

namespace racecourse::test {

struct Ended {
  int exit_code = -1;
  std::string output;
};

inline Ended command(const std::string& arguments) {
  Ended ended;
  FILE* pipe = popen((RACECOURSE_PROGRAM " " + arguments).c_str(), "r");
  if (pipe == nullptr) return ended;
  char buffer[4096];
  for (std::size_t count; (count = fread(buffer, 1, sizeof buffer, pipe)) > 0;) ended.output.append(buffer, count);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) ended.exit_code = WEXITSTATUS(status);
  return ended;
}

}  // namespace racecourse::test
