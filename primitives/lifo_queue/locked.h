// The plain solution: the locked queue, which waits in the same way whatever the order of its items.
#pragma once

#include <racecourse/primitives/lifo_queue/lifo_queue.h>
#include <racecourse/primitives/queue/locked.h>

#include <cstddef>
#include <deque>
#include <utility>

namespace racecourse::lifo_queue {

// As primitives/queue/fifo.h asks.
template <class T>
class Lifo {
 public:
  void put(T&& item) { items_.push_back(std::move(item)); }
  T& next() { return items_.back(); }
  void drop_next() { items_.pop_back(); }
  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }

 private:
  // Not a vector: that moves its items when it grows, and a move that throws half-way would lose some (S2).
  std::deque<T> items_;
};

template <class T>
using Locked = queue::Locked<T, Lifo<T>>;

}  // namespace racecourse::lifo_queue
