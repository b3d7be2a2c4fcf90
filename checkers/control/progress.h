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

  // How far a search has come.
  struct State {
    std::uint64_t executions = 0;
    std::uint64_t of = 0;  // 0: no limit
    double seconds = 0;    // budget; 0: none
    std::string seen;      // ", 1,204 different", or nothing
    double part = 0;       // explored of what is known of a tree; 0: there is none
  };
  // "NAME: explored 12,000 of 50,000 executions, 4,000 a second, 1,204 different, 10 s left".
  void show(const State& state);
  // Anything else: "NAME: on real threads: run 12 of 200, 4 s".
  void show(const std::string& what);

 private:
  bool is_due();
  void write(const std::string& text);

  const std::string name_;
  const double start_;
  double next_;
  bool terminal_;
  bool enabled_;
  bool shown_ = false;
};

// The line without its name, `seconds` after the beginning.
std::string text_of_progress(const Progress::State& state, double seconds);

}  // namespace racecourse::control
