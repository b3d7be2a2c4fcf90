// The library's own: a std::stop_source asks, its tokens are asked. Worth its price (a shared, counted state on the
// heap) where the flag must outlive the asker, or where a std::stop_callback has to interrupt a wait.
#pragma once

#include <racecourse/primitives/stop_flag/stop_flag.h>

#include <stop_token>

namespace racecourse::stop_flag {

class StopToken {
 public:
  // S2: the standard lets request_stop() synchronise with every stop_requested() that then returns true.
  void request() { source_.request_stop(); }

  bool requested() const { return source_.stop_requested(); }

  // What a std::jthread hands to its function, and what std::condition_variable_any::wait() takes.
  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
};

}  // namespace racecourse::stop_flag
