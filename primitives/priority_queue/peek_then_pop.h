// Broken: the smallest item is read in one section and dropped in another. Two getters read the same item, and each
// drops one: the first is got twice, the second never (against P2). Every access is under the lock, so there is no data
// race.
#pragma once

#include <racecourse/primitives/priority_queue/heap.h>
#include <racecourse/primitives/priority_queue/priority_queue.h>

#include <condition_variable>
#include <exception>
#include <mutex>

namespace racecourse::priority_queue {

// `Items` says which item is next (fifo.h); the waiting is the same for each of them, as in Python, whose LifoQueue and
// PriorityQueue only replace how an item is kept.
//
// All wakeups are sent with the mutex held: as soon as it is free, the thread that got the last item may destroy the
// queue.
template <class T, class Items = Heap<T>>
class PeekThenPop {
 public:
  explicit PeekThenPop(std::size_t maxsize = 0) : maxsize_(maxsize) {}

  void put(T item) {
    std::unique_lock lock(mutex_);
    while (is_full()) not_full_.wait(lock);
    add(std::move(item));
  }

  bool try_put(T&& item) {
    std::lock_guard lock(mutex_);
    if (is_full()) return false;
    add(std::move(item));
    return true;
  }
  bool try_put(const T& item) { return try_put(T(item)); }

  template <class Rep, class Period>
  bool try_put_for(T&& item, std::chrono::duration<Rep, Period> timeout) {
    const Deadline deadline = deadline_after(timeout);
    std::unique_lock lock(mutex_);
    // Looks once more when time is up: a wakeup may have come with it, and is this thread's to use (Q4).
    if (!not_full_.wait_until(lock, deadline, [this] { return !is_full(); })) return false;
    add(std::move(item));
    return true;
  }
  template <class Rep, class Period>
  bool try_put_for(const T& item, std::chrono::duration<Rep, Period> timeout) {
    return try_put_for(T(item), timeout);
  }

  T get() {
    std::unique_lock lock(mutex_);
    // Again and again: between the wakeup and the mutex another getter may have come by and taken the item.
    while (items_.empty()) not_empty_.wait(lock);
    return take<T>();
  }

  std::optional<T> try_get() {
    std::unique_lock lock(mutex_);
    if (items_.empty()) return std::nullopt;
    const T smallest = items_.next();
    lock.unlock();
    lock.lock();  // BUG: two sections
    if (!items_.empty()) take<T>();
    return smallest;
  }

  template <class Rep, class Period>
  std::optional<T> try_get_for(std::chrono::duration<Rep, Period> timeout) {
    const Deadline deadline = deadline_after(timeout);
    std::unique_lock lock(mutex_);
    if (!not_empty_.wait_until(lock, deadline, [this] { return !items_.empty(); })) return std::nullopt;
    return take<std::optional<T>>();
  }

  void task_done() {
    std::lock_guard lock(mutex_);
    if (unfinished_ == 0) refuse_stray_task_done();
    if (--unfinished_ == 0) all_done_.notify_all();
  }

  void join() {
    std::unique_lock lock(mutex_);
    while (unfinished_ != 0) all_done_.wait(lock);
  }

  std::size_t qsize() const {
    std::lock_guard lock(mutex_);
    return items_.size();
  }
  bool empty() const { return qsize() == 0; }
  bool full() const { return maxsize_ != 0 && qsize() >= maxsize_; }
  std::size_t maxsize() const { return maxsize_; }

 private:
  bool is_full() const { return maxsize_ != 0 && items_.size() >= maxsize_; }

  void add(T&& item) {
    try {
      items_.put(std::move(item));
    } catch (...) {
      not_full_.notify_one();  // this thread may have used up a wakeup, but not the room (Q4)
      throw;
    }
    ++unfinished_;
    not_empty_.notify_one();
  }

  // The result is made where the caller wants it, in one move, and only then are locals destroyed: `taking` drops the
  // item at the first moment at which that cannot lose it (Q2).
  template <class Result>
  Result take() {
    const Taking taking{*this};
    return Result(std::move(items_.next()));
  }

  struct Taking {
    PeekThenPop& queue;
    int thrown_before = std::uncaught_exceptions();
    ~Taking() {
      if (std::uncaught_exceptions() > thrown_before) {
        queue.not_empty_.notify_one();  // the move threw and the item stays: for somebody who may be asleep (Q4)
        return;
      }
      queue.items_.drop_next();
      queue.not_full_.notify_one();
    }
  };

  mutable std::mutex mutex_;
  std::condition_variable not_empty_, not_full_, all_done_;
  const std::size_t maxsize_;
  Items items_;                 // guarded by mutex_
  std::size_t unfinished_ = 0;  // guarded by mutex_; put, and not yet reported as done
};

}  // namespace racecourse::priority_queue
