// A coroutine that hands out values one by one, whenever it is asked. It gives way to its caller and to nobody else.
//
//   Generator<int> squares(int n) { for (int i = 0; i < n; i++) co_yield i * i; }
//   for (int square : squares(3)) ...
#pragma once

#include <racecourse/primitives/cooperative/cooperative.h>

#include <coroutine>
#include <cstddef>
#include <exception>
#include <iterator>
#include <optional>
#include <utility>

namespace racecourse::cooperative {

template <class T>
class Generator {
 public:
  struct promise_type {
    std::optional<T> value;
    std::exception_ptr error;

    Generator get_return_object() { return Generator(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_always final_suspend() const noexcept { return {}; }
    std::suspend_always yield_value(T handed) {
      value = std::move(handed);
      return {};
    }
    void return_void() const {}
    void unhandled_exception() { error = std::current_exception(); }
    void await_transform() = delete;  // a generator waits for nobody
  };

  Generator(Generator&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Generator& operator=(Generator other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Generator() {
    if (handle_) handle_.destroy();
  }

  // Runs on to the next co_yield. Empty after the end, as often as it is asked; throws what the generator threw, once.
  std::optional<T> next() {
    if (handle_.done()) return std::nullopt;
    handle_.promise().value.reset();
    handle_.resume();
    if (std::exception_ptr error = std::exchange(handle_.promise().error, nullptr)) std::rethrow_exception(error);
    return std::move(handle_.promise().value);
  }

  class Iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;

    explicit Iterator(Generator& all) : all_(&all), current_(all.next()) {}
    T& operator*() { return *current_; }
    Iterator& operator++() {
      current_ = all_->next();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return !current_; }

   private:
    Generator* all_;
    std::optional<T> current_;
  };
  Iterator begin() { return Iterator(*this); }
  std::default_sentinel_t end() const { return {}; }

 private:
  explicit Generator(std::coroutine_handle<promise_type> handle) : handle_(handle) {}

  std::coroutine_handle<promise_type> handle_;
};

}  // namespace racecourse::cooperative
