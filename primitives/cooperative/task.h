// The coroutine type of a task. It begins when it is awaited or spawned, not when it is called.
#pragma once

#include <racecourse/primitives/cooperative/cooperative.h>

#include <coroutine>
#include <exception>
#include <utility>

namespace racecourse::cooperative {

class Loop;
struct Spawn;

using Handle = std::coroutine_handle<>;

// A task that awaits another is resumed through the loop's queue. Handing control over directly (symmetric transfer)
// would save a turn, but needs a tail call, which compilers make only when they optimise: without it the stack grows.
class Task {
 public:
  struct promise_type;
  using TaskHandle = std::coroutine_handle<promise_type>;

  struct AtEnd {
    bool await_ready() const noexcept { return false; }
    void await_suspend(TaskHandle ended) const noexcept;
    void await_resume() const noexcept {}
  };

  struct promise_type {
    Loop* loop = nullptr;
    Handle awaited_by;       // one of these two
    Spawn* spawn = nullptr;  // is set
    std::exception_ptr error;

    Task get_return_object() { return Task(TaskHandle::from_promise(*this)); }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    AtEnd final_suspend() const noexcept { return {}; }
    void return_void() const {}
    void unhandled_exception() { error = std::current_exception(); }
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Task() { destroy(); }

  // The frame, and with it whatever the task still holds.
  void destroy() {
    if (handle_) std::exchange(handle_, {}).destroy();
  }

  bool await_ready() const { return false; }
  void await_suspend(TaskHandle awaiting);
  void await_resume() const {
    if (handle_.promise().error) std::rethrow_exception(handle_.promise().error);
  }

  TaskHandle handle() const { return handle_; }

 private:
  explicit Task(TaskHandle handle) : handle_(handle) {}

  TaskHandle handle_;
};

}  // namespace racecourse::cooperative
