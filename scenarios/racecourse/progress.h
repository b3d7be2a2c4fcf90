// One line on standard error for work that takes longer than two seconds.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace racecourse::command {

// On a terminal the line is rewritten every second; elsewhere a new one follows every ten.
class Progress {
 public:
  explicit Progress(std::size_t total);
  ~Progress();

  void begins(const std::string& label);
  void ends(const std::string& label);
  void clear();  // before something else is printed

 private:
  void watch(const std::stop_token& stop);
  void show();

  const std::size_t total_;
  const bool terminal_;
  const std::chrono::steady_clock::time_point start_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::string> running_;  // guarded by mutex_
  std::size_t done_ = 0;              // guarded by mutex_
  bool shown_ = false;                // guarded by mutex_: a line stands on the terminal
  std::jthread watcher_;              // last: uses all of the above
};

}  // namespace racecourse::command
