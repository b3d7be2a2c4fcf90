// What the end of a program is to its threads: it waits for those that are no daemons, then tells the daemons to stop,
// then waits for them as well.
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
class DaemonRegistry {
 public:
  DaemonRegistry() = default;
  DaemonRegistry(const DaemonRegistry&) = delete;
  DaemonRegistry& operator=(const DaemonRegistry&) = delete;
  ~DaemonRegistry() { shut_down(); }

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
    stop_.request_stop();
    join_all(/*daemons=*/true);  // T5
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
