// Runs the racecourse command as a user does.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

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

// Processes whose parent is this one.
inline std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    std::ifstream file(entry.path() / "stat");
    std::string text;
    int of = 0;
    if (name.find_first_not_of("0123456789") != std::string::npos || !std::getline(file, text)) continue;
    std::sscanf(text.c_str() + text.rfind(')'), ") %*c %d", &of);
    if (of == parent) children.push_back(std::stoi(name));
  }
  return children;
}

// The same, ended by a signal when one of the programs that it launched has a child of its own: a worker.
inline Ended interrupted_command(const std::vector<const char*>& arguments, int signal) {
  Ended ended;
  int ends[2];
  if (pipe(ends) != 0) return ended;
  const pid_t process = fork();
  if (process == 0) {
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    std::vector<char*> argv{const_cast<char*>(RACECOURSE_PROGRAM)};
    for (const char* argument : arguments) argv.push_back(const_cast<char*>(argument));
    argv.push_back(nullptr);
    execv(argv[0], argv.data());
    _exit(127);
  }
  close(ends[1]);
  std::vector<pid_t> launched, workers;
  while (workers.empty() && waitpid(process, nullptr, WNOHANG) == 0) {
    launched = children_of(process);
    for (const pid_t each : launched) {
      const std::vector<pid_t> its = children_of(each);
      workers.insert(workers.end(), its.begin(), its.end());
    }
    usleep(10'000);
  }
  kill(process, signal);
  char buffer[4096];
  for (ssize_t count; (count = read(ends[0], buffer, sizeof buffer)) > 0;)
    ended.output.append(buffer, static_cast<std::size_t>(count));
  close(ends[0]);
  int status = 0;
  waitpid(process, &status, 0);
  if (WIFEXITED(status)) ended.exit_code = WEXITSTATUS(status);
  for (const pid_t each : launched)
    if (kill(each, 0) == 0) ended.output += "\nSTILL THERE: a program";
  return ended;
}

}  // namespace racecourse::test
