// What becomes of one task, and the handle to it.
#pragma once

#include <racecourse/primitives/lock/lock.h>
#include <racecourse/primitives/pool/pool.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace racecourse::pool {

template <class T>
class Future;

// Shared by the task and all handles. pending -> running -> done, or pending -> done by cancel(); nothing else (F1).
template <class T>
class Resolution : public std::enable_shared_from_this<Resolution<T>> {
 public:
  static_assert(!std::is_reference_v<T>, "a task returns a value or a pointer: its result outlives its frame");
  using Value = std::conditional_t<std::is_void_v<T>, std::monostate, T>;
  using Callback = std::function<void(const Future<T>&)>;

  // Claims the task for one worker. False if it was cancelled: then it must not run (F3).
  bool start() {
    std::lock_guard guard(mutex_);
    if (phase_ != Phase::pending) return false;
    phase_ = Phase::running;
    return true;
  }

  bool cancel() {
    std::unique_lock guard(mutex_);
    if (phase_ != Phase::pending) return false;
    cancelled_ = true;
    resolve(std::move(guard), std::nullopt, std::make_exception_ptr(Cancelled()));
    return true;
  }

  void set_value(Value value) { resolve(std::unique_lock(mutex_), std::move(value), nullptr); }
  void set_exception(std::exception_ptr error) { resolve(std::unique_lock(mutex_), std::nullopt, std::move(error)); }

  bool done() const {
    std::lock_guard guard(mutex_);
    return phase_ == Phase::done;
  }

  void wait() const {
    std::unique_lock guard(mutex_);
    resolved_.wait(guard, [this] { return phase_ == Phase::done; });
  }

  template <class Rep, class Period>
  bool wait_for(std::chrono::duration<Rep, Period> timeout) const {
    const lock::Deadline deadline = lock::deadline_after(timeout);
    std::unique_lock guard(mutex_);
    return resolved_.wait_until(guard, deadline, [this] { return phase_ == Phase::done; });
  }

  void on_done(Callback callback) {
    {
      std::lock_guard guard(mutex_);
      if (phase_ != Phase::done) {
        callbacks_.push_back(std::move(callback));
        return;
      }
    }
    call(callback);
  }

  // After wait(): from then on nobody changes these three, so they are read without the lock (F4).
  Value& value() { return *value_; }
  const std::exception_ptr& error() const { return error_; }
  bool cancelled() const { return cancelled_; }

 private:
  enum class Phase { pending, running, done };

  void resolve(std::unique_lock<std::mutex> guard, std::optional<Value> value, std::exception_ptr error) {
    if (phase_ == Phase::done) throw std::logic_error("a future is resolved once");
    value_ = std::move(value);
    error_ = std::move(error);
    phase_ = Phase::done;
    const std::vector<Callback> callbacks = std::exchange(callbacks_, {});
    guard.unlock();  // a callback may ask this future, or submit
    resolved_.notify_all();
    for (const Callback& callback : callbacks) call(callback);
  }

  void call(const Callback& callback) noexcept { callback(Future<T>(this->shared_from_this())); }

  mutable std::mutex mutex_;
  mutable std::condition_variable resolved_;
  Phase phase_ = Phase::pending;     // guarded by mutex_
  std::vector<Callback> callbacks_;  // guarded by mutex_; empty once done
  bool cancelled_ = false;           // this and the next two: guarded by mutex_ until done, constant afterwards
  std::optional<Value> value_;
  std::exception_ptr error_;
};

template <class T>
class Future {
 public:
  using Value = typename Resolution<T>::Value;

  explicit Future(std::shared_ptr<Resolution<T>> resolution) : resolution_(std::move(resolution)) {}

  // The value stays in the future, and may be asked again; the reference holds as long as any copy of the future.
  std::add_lvalue_reference_t<std::add_const_t<T>> result() const& {
    wait_for_value();
    if constexpr (!std::is_void_v<T>) return resolution_->value();
  }
  // For results that can only be moved: pool.submit(f).result(), or std::move(future).result().
  T result() && {
    wait_for_value();
    if constexpr (!std::is_void_v<T>) return std::move(resolution_->value());
  }

  std::exception_ptr exception() const {
    wait();
    if (resolution_->cancelled()) throw Cancelled();
    return resolution_->error();
  }
  // The same, with Cancelled for one exception among others.
  std::exception_ptr error_or_cancelled() const {
    wait();
    return resolution_->error();
  }

  void wait() const { resolution_->wait(); }
  template <class Rep, class Period>
  bool wait_for(std::chrono::duration<Rep, Period> timeout) const {
    return resolution_->wait_for(timeout);
  }
  bool done() const { return resolution_->done(); }
  bool cancel() { return resolution_->cancel(); }
  void on_done(typename Resolution<T>::Callback callback) const { resolution_->on_done(std::move(callback)); }

 private:
  void wait_for_value() const {
    wait();
    if (resolution_->error()) std::rethrow_exception(resolution_->error());
  }

  std::shared_ptr<Resolution<T>> resolution_;
};

}  // namespace racecourse::pool
