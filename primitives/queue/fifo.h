// How a locked queue keeps its items. Not for several threads: the queue's mutex guards it.
//
//   put(item)      keeps an item; if its move throws, nothing has changed
//   next()         the one to go next; there must be one
//   drop_next()    forgets it, moved from or not; never throws
//   size(), empty()
#pragma once

#include <cstddef>
#include <deque>
#include <utility>

namespace racecourse::queue {

template <class T>
class Fifo {
 public:
  void put(T&& item) { items_.push_back(std::move(item)); }
  T& next() { return items_.front(); }
  void drop_next() { items_.pop_front(); }
  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }

 private:
  std::deque<T> items_;  // never moves an item that it holds already
};

}  // namespace racecourse::queue
