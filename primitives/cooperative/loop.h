// The loop: a queue of tasks that are ready, the sleepers, and what other threads report.
#pragma once

#include <racecourse/primitives/cooperative/task.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace racecourse::cooperative {

using Clock = std::chrono::steady_clock;

enum class Time {
  real,     // run() waits for the next sleeper
  skipped,  // when only sleepers are left, the clock jumps to the first: for tests and simulations
};

// What is known of a spawned task.
struct Spawn {
  explicit Spawn(Task made) : task(std::move(made)) {}
  Task task;
  bool done = false;
  bool joined = false;
  std::exception_ptr error;
  std::vector<Handle> joining;
};

class Spawned {
 public:
  explicit Spawned(std::shared_ptr<Spawn> spawn) : spawn_(std::move(spawn)) {}
  bool done() const { return spawn_->done; }

  class Join {
   public:
    explicit Join(std::shared_ptr<Spawn> spawn) : spawn_(std::move(spawn)) {}
    bool await_ready() const { return spawn_->done; }
    void await_suspend(Handle waiting) { spawn_->joining.push_back(waiting); }
    void await_resume() {
      spawn_->joined = true;
      if (spawn_->error) std::rethrow_exception(spawn_->error);
    }

   private:
    std::shared_ptr<Spawn> spawn_;
  };
  Join join() const { return Join(spawn_); }

 private:
  std::shared_ptr<Spawn> spawn_;
};

class Loop {
 public:
  explicit Loop(Time time = Time::real) : time_(time) {}
  ~Loop() {
    for (Helper& helper : helpers_) helper.thread.join();
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  Spawned spawn(Task task) {
    auto spawn = std::make_shared<Spawn>(std::move(task));
    Task::promise_type& promise = spawn->task.handle().promise();
    promise.loop = this;
    promise.spawn = spawn.get();
    spawned_.push_back(spawn);
    ready(spawn->task.handle());
    return Spawned(std::move(spawn));
  }

  void run() {
    std::vector<std::shared_ptr<Spawn>> failed;
    while (!spawned_.empty()) {
      look_around();
      if (ready_.empty()) {
        wait_for_something();
        continue;
      }
      // One turn for each that is ready now; who becomes ready meanwhile queues behind (C2).
      for (std::size_t turns = ready_.size(); turns > 0; turns--) {
        const Handle next = ready_.front();
        ready_.pop_front();
        next.resume();  // C1: comes back when the task waits or ends
        if (ended_) bury(failed);
      }
    }
    for (const auto& spawn : failed) {
      if (!spawn->joined) std::rethrow_exception(spawn->error);
    }
  }

  class Yield {
   public:
    explicit Yield(Loop& loop) : loop_(loop) {}
    bool await_ready() const { return false; }
    void await_suspend(Handle waiting) { loop_.ready(waiting); }
    void await_resume() const {}

   private:
    Loop& loop_;
  };
  Yield yield() { return Yield(*this); }

  class Sleep {
   public:
    Sleep(Loop& loop, Clock::time_point until) : loop_(loop), until_(until) {}
    bool await_ready() const { return false; }
    void await_suspend(Handle waiting) { loop_.sleepers_.emplace(until_, waiting); }
    void await_resume() const {}

   private:
    Loop& loop_;
    Clock::time_point until_;
  };
  template <class Rep, class Period>
  Sleep sleep_for(std::chrono::duration<Rep, Period> time) {
    // For "practically for ever", the end of time, as lock.h does it; but from the time as of this turn.
    const std::chrono::duration<double> left = Clock::time_point::max() - now_ - std::chrono::hours(1);
    if (std::chrono::duration<double>(time) >= left) return Sleep(*this, Clock::time_point::max());
    return Sleep(*this, now_ + std::chrono::ceil<Clock::duration>(time));
  }

  Clock::time_point now() const { return now_; }

  // The task runs when its turn comes. For whatever has suspended it, and only once (C4).
  void ready(Handle task) { ready_.push_back(task); }

  // The same from any thread.
  void post(Handle task) {
    {
      std::lock_guard guard(mutex_);
      posted_.push_back(task);
    }
    arrived_.notify_one();
  }

  // Runs `work` in a thread of its own, which ends before the loop does. To wake a task it calls post().
  template <class Work>
  void run_outside(Work work) {
    {
      std::lock_guard guard(mutex_);
      outside_++;
    }
    Helper& helper = helpers_.emplace_back();
    try {
      helper.thread = std::thread([this, &helper, work = std::move(work)]() mutable {
        work();
        std::lock_guard guard(mutex_);
        helper.ended = true;
        outside_--;
        arrived_.notify_one();
      });
    } catch (...) {
      helpers_.pop_back();
      std::lock_guard guard(mutex_);
      outside_--;
      throw;
    }
  }

 private:
  friend Task::AtEnd;

  void look_around() {
    if (time_ == Time::real) now_ = Clock::now();
    {
      std::lock_guard guard(mutex_);
      for (const Handle task : posted_) ready(task);
      posted_.clear();
      helpers_.remove_if([](Helper& helper) {
        if (helper.ended) helper.thread.join();
        return helper.ended;
      });
    }
    // C3: the map keeps equal times in the order in which they came.
    while (!sleepers_.empty() && sleepers_.begin()->first <= now_) {
      ready(sleepers_.begin()->second);
      sleepers_.erase(sleepers_.begin());
    }
  }

  void wait_for_something() {
    std::unique_lock guard(mutex_);
    if (!sleepers_.empty()) {
      const Clock::time_point next = sleepers_.begin()->first;
      if (time_ == Time::skipped) {
        now_ = next;
      } else {
        arrived_.wait_until(guard, next, [this] { return !posted_.empty(); });
      }
      return;
    }
    arrived_.wait(guard, [this] { return !posted_.empty() || outside_ == 0; });
    if (!posted_.empty()) return;
    guard.unlock();
    // Their frames go now, while all that they refer to is still there.
    for (const auto& spawn : std::exchange(spawned_, {})) spawn->task.destroy();
    ready_.clear();
    throw std::logic_error("the tasks that are left wait for each other");
  }

  // A spawned task has ended: its frame goes, and those that join it are ready.
  void bury(std::vector<std::shared_ptr<Spawn>>& failed) {
    Spawn* const ended = std::exchange(ended_, nullptr);
    ended->done = true;
    ended->error = ended->task.handle().promise().error;
    for (const Handle task : std::exchange(ended->joining, {})) ready(task);
    const auto place =
        std::find_if(spawned_.begin(), spawned_.end(), [&](const auto& spawn) { return spawn.get() == ended; });
    const std::shared_ptr<Spawn> keep = *place;
    spawned_.erase(place);
    keep->task.destroy();
    if (keep->error) failed.push_back(keep);
  }

  struct Helper {
    std::thread thread;
    bool ended = false;  // guarded by mutex_
  };

  const Time time_;
  // These belong to the loop's thread.
  Clock::time_point now_ = Clock::now();
  std::deque<Handle> ready_;
  std::multimap<Clock::time_point, Handle> sleepers_;
  std::list<std::shared_ptr<Spawn>> spawned_;  // those that have not ended
  Spawn* ended_ = nullptr;                     // the one that has just ended
  std::list<Helper> helpers_;
  // These are shared with the helpers.
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Handle> posted_;  // guarded by mutex_
  int outside_ = 0;            // helpers whose work goes on; guarded by mutex_
};

inline void Task::await_suspend(TaskHandle awaiting) {
  handle_.promise().loop = awaiting.promise().loop;
  handle_.promise().awaited_by = awaiting;
  handle_.promise().loop->ready(handle_);
}

inline void Task::AtEnd::await_suspend(TaskHandle ended) const noexcept {
  const promise_type& promise = ended.promise();
  if (promise.awaited_by) {
    promise.loop->ready(promise.awaited_by);
  } else {
    promise.loop->ended_ = promise.spawn;  // not destroyed here: this function still runs in its frame
  }
}

}  // namespace racecourse::cooperative
