// A queue between tasks. Who waits is served in the order of arrival, and is handed its item or its place: when it runs
// again there is nothing left to check.
#pragma once

#include <racecourse/primitives/cooperative/loop.h>

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

namespace racecourse::cooperative {

template <class T>
class Channel {
 public:
  // Capacity 0: unbounded.
  explicit Channel(Loop& loop, std::size_t capacity = 0) : loop_(loop), capacity_(capacity) {}

  std::size_t size() const { return items_.size(); }

  class Put {
   public:
    Put(Channel& channel, T item) : channel_(channel), item_(std::move(item)) {}
    bool await_ready() { return channel_.give(item_); }
    void await_suspend(Handle waiting) {
      task_ = waiting;
      channel_.putting_.push_back(this);
    }
    void await_resume() const {}

   private:
    friend Channel;
    Channel& channel_;
    T item_;
    Handle task_;
  };
  Put put(T item) { return Put(*this, std::move(item)); }

  class Get {
   public:
    explicit Get(Channel& channel) : channel_(channel) {}
    bool await_ready() { return channel_.take(item_); }
    void await_suspend(Handle waiting) {
      task_ = waiting;
      channel_.getting_.push_back(this);
    }
    T await_resume() { return std::move(*item_); }

   private:
    friend Channel;
    Channel& channel_;
    std::optional<T> item_;
    Handle task_;
  };
  Get get() { return Get(*this); }

 private:
  bool give(T& item) {
    if (!getting_.empty()) {  // then there are no items
      Get& first = *getting_.front();
      getting_.pop_front();
      first.item_ = std::move(item);
      loop_.ready(first.task_);
      return true;
    }
    if (capacity_ > 0 && items_.size() >= capacity_) return false;
    items_.push_back(std::move(item));
    return true;
  }

  bool take(std::optional<T>& item) {
    if (items_.empty()) return false;
    item = std::move(items_.front());
    items_.pop_front();
    if (!putting_.empty()) {  // its item takes the free place
      Put& first = *putting_.front();
      putting_.pop_front();
      items_.push_back(std::move(first.item_));
      loop_.ready(first.task_);
    }
    return true;
  }

  Loop& loop_;
  const std::size_t capacity_;
  std::deque<T> items_;
  std::deque<Put*> putting_;  // they live in the frames of the tasks that wait
  std::deque<Get*> getting_;
};

}  // namespace racecourse::cooperative
