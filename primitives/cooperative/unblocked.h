// A blocking call made cooperative: it blocks a thread of its own, its task waits, and all other tasks run on. This is
// what gevent's monkey patch does to the calls of Python's library, here for one call, and to be seen where it is made.
#pragma once

#include <racecourse/primitives/cooperative/loop.h>

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace racecourse::cooperative {

template <class Call>
class Unblocked {
 public:
  using Result = std::invoke_result_t<Call&>;
  static constexpr bool kHasResult = !std::is_void_v<Result>;

  Unblocked(Loop& loop, Call call) : loop_(loop), call_(std::move(call)) {}

  bool await_ready() const { return false; }
  void await_suspend(Handle waiting) {
    auto work = [this, waiting] {
      try {
        if constexpr (kHasResult) {
          result_ = call_();
        } else {
          call_();
        }
      } catch (...) {
        error_ = std::current_exception();
      }
      loop_.post(waiting);  // from here on the task may run, and this object may be gone
    };
    loop_.run_outside(work);
  }
  Result await_resume() {
    if (error_) std::rethrow_exception(error_);
    if constexpr (kHasResult) return std::move(*result_);
  }

 private:
  Loop& loop_;
  Call call_;
  std::optional<std::conditional_t<kHasResult, Result, bool>> result_;
  std::exception_ptr error_;
};

}  // namespace racecourse::cooperative
