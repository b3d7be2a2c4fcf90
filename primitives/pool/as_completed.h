// Futures in the order in which they are resolved.
//
//   for (Future<int>& future : as_completed(futures)) use(future.result());
#pragma once

#include <racecourse/primitives/pool/future.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace racecourse::pool {

template <class T>
class AsCompleted {
 public:
  explicit AsCompleted(const std::vector<Future<T>>& futures) : left_(futures.size()) {
    // The callbacks own the list, not this object: it may die before the last task ends.
    for (const Future<T>& future : futures) {
      future.on_done([arrived = arrived_](const Future<T>& done) { arrived->push(done); });
    }
  }

  // Waits for the next one; empty after the last. A second loop over one object goes on where the first stopped.
  std::optional<Future<T>> next() {
    if (left_ == 0) return std::nullopt;
    left_--;
    return arrived_->pop();
  }

  class Iterator {
   public:
    using value_type = Future<T>;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;

    explicit Iterator(AsCompleted& all) : all_(&all), current_(all.next()) {}
    Future<T>& operator*() { return *current_; }
    Iterator& operator++() {
      current_ = all_->next();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return !current_; }

   private:
    AsCompleted* all_;
    std::optional<Future<T>> current_;
  };

  Iterator begin() { return Iterator(*this); }
  std::default_sentinel_t end() const { return {}; }

 private:
  class Arrivals {
   public:
    void push(const Future<T>& future) {
      {
        std::lock_guard guard(mutex_);
        futures_.push_back(future);
      }
      changed_.notify_one();
    }

    Future<T> pop() {
      std::unique_lock guard(mutex_);
      changed_.wait(guard, [this] { return !futures_.empty(); });
      Future<T> first = std::move(futures_.front());
      futures_.pop_front();
      return first;
    }

   private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Future<T>> futures_;  // guarded by mutex_
  };

  std::shared_ptr<Arrivals> arrived_ = std::make_shared<Arrivals>();
  std::size_t left_;
};

template <class T>
AsCompleted<T> as_completed(const std::vector<Future<T>>& futures) {
  return AsCompleted<T>(futures);
}

}  // namespace racecourse::pool
