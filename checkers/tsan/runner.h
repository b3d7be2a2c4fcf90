// Runs the body once in a process of its own, watches it, and says what was seen.
#pragma once

#include <racecourse/checkers/tsan/report_text.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace racecourse::tsan {

struct RunResult {
  std::vector<Seen> seen;  // empty: the body ran to its end and nothing was reported
  // This run says nothing of the program: ThreadSanitizer failed, or the process could not be made. One sentence.
  std::string problem;
  std::string output;  // what the run wrote to standard output and standard error
};

class Runner {
 public:
  Runner(const std::function<void()>& body, std::uint64_t seed);  // the body must outlive it
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  // `run` counts from 1. After `deadline_seconds` the run is a hang.
  RunResult run(std::uint64_t run, double deadline_seconds);

 private:
  const std::function<void()>& body_;
  const std::uint64_t seed_;
  const int report_;  // memory files, emptied before each run
  const int output_;
};

}  // namespace racecourse::tsan
