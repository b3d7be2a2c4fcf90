// Broken: the program waits for its daemons, and nobody has told them to stop. They end when the program does, and it
// ends when they do (against T4). No deadlock: they run, for ever.
#pragma once

#include <racecourse/primitives/thread/joining.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <utility>
#include <vector>

namespace racecourse::thread {

// For one thread, main. Declare it after all that its threads use.
class JoinDaemonForever {
 public:
  JoinDaemonForever() = default;
  JoinDaemonForever(const JoinDaemonForever&) = delete;
  JoinDaemonForever& operator=(const JoinDaemonForever&) = delete;
  ~JoinDaemonForever() { shut_down(); }

  // Runs function(std::stop_token). The stop is requested of daemons only; others end by themselves.
  template <class F>
  void start(const Options& options, F function) {
    if (stop_.stop_requested()) throw std::logic_error("the program is shutting down");
    const std::stop_token token = options.daemon ? stop_.get_token() : std::stop_token();
    auto work = [function = std::move(function), token]() mutable { std::invoke(function, token); };
    threads_.push_back(std::make_unique<Joining<Calling<decltype(work)>>>(options, std::move(work)));
    threads_.back()->start();
  }

  void shut_down() {
    join_all(/*daemons=*/false);  // T4
    join_all(/*daemons=*/true);   // BUG: nobody told them
  }

 private:
  void join_all(bool daemons) {
    for (const auto& thread : threads_)
      if (thread->joinable() && thread->daemon() == daemons) thread->join();
  }

  std::stop_source stop_;
  std::vector<std::unique_ptr<Thread>> threads_;
};

}  // namespace racecourse::thread
