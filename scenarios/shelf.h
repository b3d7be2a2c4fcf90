// Room for a few items in an array, for queue::Locked (primitives/queue/fifo.h says what it asks for): the pictures
// then show how many items there are, where a std::deque would show its pointers.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <utility>

namespace racecourse::catalogue {

template <class T>
class Shelf {
 public:
  void put(T&& item) {
    if (count_ == kRoom) throw std::length_error("a shelf has room for 8 items");
    slots_[(first_ + count_) % kRoom] = std::move(item);
    ++count_;
  }
  T& next() { return slots_[first_]; }
  void drop_next() {
    first_ = (first_ + 1) % kRoom;
    --count_;
  }
  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }

 private:
  static constexpr std::size_t kRoom = 8;

  T slots_[kRoom] = {};
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

}  // namespace racecourse::catalogue
