// Broken: members are made in the order of their declaration, so the thread looks at a flag that is not there yet (a
// data race with its construction), and takes whatever lay in that memory for an answer (against S3).
#pragma once

#include <racecourse/primitives/stop_flag/stop_flag.h>

#include <functional>
#include <thread>

namespace racecourse::stop_flag {

template <StopFlag Flag>
class FlagDeclaredAfterThread {
 public:
  explicit FlagDeclaredAfterThread(std::function<void()> step, std::function<void()> finish = {})
      : thread_([this, step, finish] {
          while (!flag_.requested()) step();
          if (finish) finish();
        }) {}

  ~FlagDeclaredAfterThread() { stop(); }

  void stop() {
    flag_.request();
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::thread thread_;
  Flag flag_;  // BUG: declared last
};

}  // namespace racecourse::stop_flag
