// A thread with its flag: repeats a step until told to stop, then runs `finish` once.
#pragma once

#include <racecourse/primitives/stop_flag/stop_flag.h>

#include <functional>
#include <thread>

namespace racecourse::stop_flag {

template <StopFlag Flag>
class Worker {
 public:
  explicit Worker(std::function<void()> step, std::function<void()> finish = {})
      : thread_([this, step, finish] {
          while (!flag_.requested()) step();
          if (finish) finish();
        }) {}

  ~Worker() { stop(); }

  void stop() {
    flag_.request();
    if (thread_.joinable()) thread_.join();
  }

 private:
  // Members are made in this order: the flag is there before the thread that looks at it (S3).
  Flag flag_;
  std::thread thread_;
};

}  // namespace racecourse::stop_flag
