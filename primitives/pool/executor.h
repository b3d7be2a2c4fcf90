// What every pool offers, on top of its own enqueue(Job).
#pragma once

#include <racecourse/primitives/pool/future.h>

#include <exception>
#include <functional>
#include <memory>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace racecourse::pool {

// A queued task: what a worker has to know of it.
class Job {
 public:
  virtual ~Job() = default;
  virtual bool start() = 0;  // claims it; false if it was cancelled
  virtual void run() = 0;    // calls the function and resolves the future, unless the function throws
  virtual void fail(std::exception_ptr error) = 0;
  virtual void cancel() = 0;
};

template <class T, class Call>
class Task final : public Job {
 public:
  Task(Call call, std::shared_ptr<Resolution<T>> resolution)
      : call_(std::move(call)), resolution_(std::move(resolution)) {}

  bool start() override { return resolution_->start(); }
  void run() override {
    if constexpr (std::is_void_v<T>) {
      called_once();
      resolution_->set_value({});
    } else {
      resolution_->set_value(called_once());
    }
  }
  void fail(std::exception_ptr error) override { resolution_->set_exception(std::move(error)); }
  void cancel() override { resolution_->cancel(); }

 private:
  // The function and its arguments die here, before the future is resolved: who has the result need not fear that the
  // worker still holds on to what it lent the task.
  T called_once() {
    Call call = std::move(call_);
    return call();
  }

  Call call_;
  std::shared_ptr<Resolution<T>> resolution_;
};

template <class F, class... Args>
using ResultOf = std::invoke_result_t<std::decay_t<F>, std::decay_t<Args>...>;

template <class Self>
class Executor {
 public:
  // Function and arguments are copied or moved into the task, as std::thread does it: std::ref() to lend one.
  template <class F, class... Args>
  Future<ResultOf<F, Args...>> submit(F&& function, Args&&... args) {
    return submit_with<ResultOf<F, Args...>>(nullptr, std::forward<F>(function), std::forward<Args>(args)...);
  }

  // The first exception, in the order of the range, is thrown here, after all have been submitted.
  template <std::ranges::input_range Range, class F>
  auto map(F function, Range&& range) {
    using T = ResultOf<F, std::ranges::range_value_t<Range>>;
    std::vector<Future<T>> futures;
    for (auto&& each : range) futures.push_back(submit(function, std::forward<decltype(each)>(each)));
    if constexpr (std::is_void_v<T>) {
      for (const Future<T>& future : futures) future.result();
    } else {
      std::vector<T> results;
      results.reserve(futures.size());
      for (Future<T>& future : futures) results.push_back(std::move(future).result());
      return results;
    }
  }

  // Both run in the worker, after the future is resolved: who waits for the future may be faster than the callback.
  template <class F, class Done, class Fail>
  auto apply_async(F&& function, Done done, Fail fail) {
    using T = ResultOf<F>;
    auto callback = [done = std::move(done), fail = std::move(fail)](const Future<T>& future) {
      if (const std::exception_ptr error = future.error_or_cancelled()) {
        fail(error);
      } else if constexpr (std::is_void_v<T>) {
        done();
      } else {
        done(future.result());
      }
    };
    return submit_with<T>(std::move(callback), std::forward<F>(function));
  }

 private:
  // The callback is in place before a worker can see the task, so that it is always the worker that calls it.
  template <class T, class F, class... Args>
  Future<T> submit_with(typename Resolution<T>::Callback callback, F&& function, Args&&... args) {
    auto resolution = std::make_shared<Resolution<T>>();
    if (callback) resolution->on_done(std::move(callback));
    auto call = [function = std::decay_t<F>(std::forward<F>(function)),
                 arguments = std::tuple<std::decay_t<Args>...>(std::forward<Args>(args)...)]() mutable -> T {
      return std::apply(std::move(function), std::move(arguments));
    };
    static_cast<Self*>(this)->enqueue(std::make_unique<Task<T, decltype(call)>>(std::move(call), resolution));
    return Future<T>(std::move(resolution));
  }
};

}  // namespace racecourse::pool
