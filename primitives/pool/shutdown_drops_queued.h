// Broken: a worker looks first whether the pool is closed, and goes home if it is. What is still queued is neither run
// nor cancelled: those futures are never resolved (against F2).
#pragma once

#include <racecourse/primitives/pool/executor.h>
#include <racecourse/primitives/pool/pool.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace racecourse::pool {

class ShutdownDropsQueued : public Executor<ShutdownDropsQueued> {
 public:
  explicit ShutdownDropsQueued(std::size_t workers) {
    if (workers == 0) throw std::invalid_argument("a pool needs at least one worker");
    try {
      while (workers_.size() < workers) workers_.emplace_back([this] { work(); });
    } catch (...) {
      shutdown();
      throw;
    }
  }
  ~ShutdownDropsQueued() { shutdown(); }

  bool run_one() {
    std::unique_lock guard(mutex_);
    if (queue_.empty()) return false;
    const std::unique_ptr<Job> job = take_first();
    guard.unlock();
    run(*job);
    return true;
  }

  void close() {
    {
      std::lock_guard guard(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }

  void join() {
    {
      std::lock_guard guard(mutex_);
      if (!closed_) throw std::logic_error("join of a pool that was not closed");
    }
    std::lock_guard guard(joining_);
    for (std::thread& worker : workers_) {
      if (worker.joinable()) worker.join();
    }
  }

  void shutdown(Shutdown how = {}) {
    close();
    if (how.cancel_pending) cancel_pending();
    if (how.wait) join();
  }

 private:
  friend Executor<ShutdownDropsQueued>;

  void enqueue(std::unique_ptr<Job> job) {
    {
      std::lock_guard guard(mutex_);
      // F2: a worker that finds the queue empty and closed goes home, and nobody would run this one.
      if (closed_) throw std::logic_error("submit to a pool that is closed");
      queue_.push_back(std::move(job));
    }
    changed_.notify_one();
  }

  void work() {
    std::unique_lock guard(mutex_);
    for (;;) {
      changed_.wait(guard, [this] { return closed_ || !queue_.empty(); });
      if (closed_) return;  // BUG: queue not empty
      std::unique_ptr<Job> job = take_first();
      guard.unlock();
      run(*job);
      job.reset();  // not under the lock: it runs destructors of the user's
      guard.lock();
    }
  }

  static void run(Job& job) {
    if (!job.start()) return;  // F3: cancelled meanwhile
    try {
      job.run();
    } catch (...) {
      job.fail(std::current_exception());  // F1: the future carries it to whoever asks
    }
  }

  std::unique_ptr<Job> take_first() {  // F5; under mutex_
    std::unique_ptr<Job> first = std::move(queue_.front());
    queue_.pop_front();
    return first;
  }

  void cancel_pending() {
    std::deque<std::unique_ptr<Job>> dropped;
    {
      std::lock_guard guard(mutex_);
      dropped.swap(queue_);
    }
    for (const std::unique_ptr<Job>& job : dropped) job->cancel();  // F2: not run, but resolved
  }

  std::mutex mutex_;
  std::condition_variable changed_;         // the queue has grown, or the pool is closed
  std::deque<std::unique_ptr<Job>> queue_;  // guarded by mutex_
  bool closed_ = false;                     // guarded by mutex_
  std::mutex joining_;                      // guards the joining of workers_: two threads may call join()
  std::vector<std::thread> workers_;        // declared last: the threads use all that stands above
};

}  // namespace racecourse::pool
