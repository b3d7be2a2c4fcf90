// A line on standard error while a search takes long and a person is watching.
#pragma once

#include <cstdint>
#include <string>

namespace racecourse::control {

// Shown when standard error is a terminal, or RACECOURSE_PROGRESS=1, from the third second on.
class Progress {
 public:
  explicit Progress(std::string name);
  ~Progress();  // removes the line from a terminal
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `what` such as "exploring: 1200 of 10000 executions".
  void show(const std::string& what);

 private:
  const std::string name_;
  const double start_;
  double next_;
  bool terminal_;
  bool enabled_;
  bool shown_ = false;
};

}  // namespace racecourse::control
