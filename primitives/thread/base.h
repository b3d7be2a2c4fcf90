// What all handles have in common. Not to be used as it is: see joining.h for the reason.
#pragma once

#include <racecourse/primitives/lock/lock.h>
#include <racecourse/primitives/thread/roster.h>
#include <racecourse/primitives/thread/thread.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace racecourse::thread {

class Thread {
 public:
  explicit Thread(const Options& options = {}) : state_(std::make_shared<State>(Roster::instance().named(options))) {}
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;
  virtual ~Thread() = default;

  void start() {
    if (std::exchange(started_, true)) throw std::logic_error("a thread can be started only once");
    const std::shared_ptr<State> state = state_;
    // The thread waits for this lock first, so that start() is done with the handle before run() may be the end of it.
    std::lock_guard starting(state->mutex);
    // Known and alive from here on, not from some later moment at which the thread gets to run.
    const Roster::Place place = Roster::instance().add(state->info);
    state->alive = true;
    try {
      thread_ = std::thread([this, state, place] {
        state->wait_for_start();
        this_thread = &state->info;
        run();
        // Nothing below uses `this` (T3).
        Roster::instance().remove(place);
        state->end();
      });
    } catch (...) {  // the system has no more threads
      Roster::instance().remove(place);
      state->alive = false;
      started_ = false;
      throw;
    }
  }

  void join() {
    if (is_current()) throw std::system_error(std::make_error_code(std::errc::resource_deadlock_would_occur), "join");
    thread_.join();  // throws if there is nothing to join
  }

  template <class Rep, class Period>
  bool join_for(std::chrono::duration<Rep, Period> timeout) {
    if (is_current()) throw std::system_error(std::make_error_code(std::errc::resource_deadlock_would_occur), "join");
    if (joinable() && !state_->ends_before(lock::deadline_after(timeout))) return false;
    thread_.join();  // it has a few instructions left
    return true;
  }

  bool joinable() const { return thread_.joinable(); }
  bool is_alive() const { return state_->is_alive(); }
  // Lets it go: for those who know that it uses nothing that dies before it, the handle included.
  void detach() { thread_.detach(); }
  const std::string& name() const { return state_->info.name; }
  bool daemon() const { return state_->info.daemon; }

 protected:
  bool is_current() const { return thread_.get_id() == std::this_thread::get_id(); }

 private:
  virtual void run() = 0;

  // Shared with the thread, which may outlive the handle.
  struct State {
    explicit State(Info who) : info(std::move(who)) {}

    void wait_for_start() { std::lock_guard started(mutex); }
    void end() {
      std::lock_guard guard(mutex);
      alive = false;
      ended.notify_all();
    }
    bool is_alive() {
      std::lock_guard guard(mutex);
      return alive;
    }
    bool ends_before(lock::Deadline deadline) {
      std::unique_lock guard(mutex);
      return ended.wait_until(guard, deadline, [this] { return !alive; });
    }

    const Info info;
    std::mutex mutex;
    std::condition_variable ended;
    bool alive = false;  // guarded by mutex
  };

  const std::shared_ptr<State> state_;
  std::thread thread_;
  bool started_ = false;
};

// Any callable is a class with a run() of its own.
template <class F>
class Calling : public Thread {
 public:
  Calling(const Options& options, F function) : Thread(options), function_(std::move(function)) {}

 private:
  void run() override { function_(); }

  F function_;
};

}  // namespace racecourse::thread
