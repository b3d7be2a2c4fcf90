// Broken: the call is made where its task runs, in the thread of all tasks. Nobody else runs until it returns (against
// C2); and if it waits for what another task is to do, it never does.
#pragma once

#include <racecourse/primitives/cooperative/loop.h>

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace racecourse::cooperative {

template <class Call>
class BlockingCallBlocksAll {
 public:
  using Result = std::invoke_result_t<Call&>;
  static constexpr bool kHasResult = !std::is_void_v<Result>;

  BlockingCallBlocksAll(Loop& loop, Call call) : loop_(loop), call_(std::move(call)) {}

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
    work();  // BUG: blocks the loop
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
