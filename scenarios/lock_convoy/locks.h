// A lock that serves in the order of arrival, three times. Shared by what the checkers run and by what is measured.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>

namespace racecourse::lock_convoy {

// Each draws a number and sleeps until it is called. Between a release and the next section a certain thread has to
// wake up, however many others are awake.
class InTurn {
 public:
  void lock() {
    const unsigned mine = next_.fetch_add(1, std::memory_order_relaxed);  // relaxed: has only to be unique
    // acquire: sees what the last holder wrote; pairs with the release in unlock().
    for (unsigned now; (now = serving_.load(std::memory_order_acquire)) != mine;) serving_.wait(now);
  }
  void unlock() {
    serving_.fetch_add(1, std::memory_order_release);  // BUG: to a sleeper
    serving_.notify_all();                             // only one of them may go on, but which one is not known
  }

 private:
  std::atomic<unsigned> next_{0}, serving_{0};
};

// The same with a place to sleep for each, so that nobody is woken in vain.
class HandedOver {
 public:
  void lock() {
    std::unique_lock guard(mutex_);
    if (!held_) {
      held_ = true;
      return;
    }
    Sleeper me;
    sleepers_.push_back(&me);
    me.called.wait(guard, [&] { return me.has_it; });
  }
  void unlock() {
    const std::lock_guard guard(mutex_);
    if (sleepers_.empty()) {
      held_ = false;
      return;
    }
    sleepers_.front()->has_it = true;  // BUG: still to a sleeper
    sleepers_.front()->called.notify_one();
    sleepers_.pop_front();
  }

 private:
  struct Sleeper {
    std::condition_variable called;
    bool has_it = false;
  };
  std::mutex mutex_;
  bool held_ = false;              // guarded by mutex_
  std::deque<Sleeper*> sleepers_;  // guarded by mutex_
};

// Threads that step through a section of `Lock`, `batch` steps in each.
template <class Lock, int batch>
class Counter {
 public:
  int step() {
    const std::lock_guard guard(lock_);
    for (int i = 0; i < batch; i++) total_ = total_ + 1;
    return batch;
  }
  long total() const { return total_; }

 private:
  Lock lock_;
  long total_ = 0;  // guarded by lock_
};

}  // namespace racecourse::lock_convoy
