// A binary heap, the smallest item first. Not for several threads: the queue's mutex guards it.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace racecourse::priority_queue {

// As primitives/queue/fifo.h asks. By pointers, so that setting the heap right throws nothing, whatever the items are
// (P2). Not with std::pop_heap: that may compare the first item again, which by then was moved away.
//   H1  items_[i] is not larger than items_[2i + 1] and items_[2i + 2].
template <class T, class Compare = std::less<T>>
class Heap {
 public:
  void put(T&& item) {
    items_.push_back(std::make_unique<T>(std::move(item)));
    std::size_t at = items_.size() - 1;
    for (; at > 0 && smaller(at, (at - 1) / 2); at = (at - 1) / 2) std::swap(items_[at], items_[(at - 1) / 2]);
  }

  T& next() { return *items_.front(); }

  void drop_next() noexcept {
    std::swap(items_.front(), items_.back());
    items_.pop_back();
    for (std::size_t at = 0, least; (least = least_at(at)) != at; at = least) std::swap(items_[at], items_[least]);
  }

  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }

 private:
  bool smaller(std::size_t a, std::size_t b) const noexcept { return Compare()(*items_[a], *items_[b]); }

  // The smallest of a place and the two below it.
  std::size_t least_at(std::size_t at) const noexcept {
    std::size_t least = at;
    for (std::size_t below = 2 * at + 1; below <= 2 * at + 2 && below < items_.size(); below++) {
      if (smaller(below, least)) least = below;
    }
    return least;
  }

  std::vector<std::unique_ptr<T>> items_;
};

}  // namespace racecourse::priority_queue
