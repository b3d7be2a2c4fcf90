// Broken: the consumer may see the index grow before it sees the item in the slot (against Q5).
#pragma once

#include <racecourse/primitives/queue/queue.h>
#include <racecourse/primitives/sync/slot.h>

#include <algorithm>
#include <cstdint>
#include <memory>

namespace racecourse::queue {

// The indices only grow; slot i % maxsize is the one of item i. They cannot wrap: 2^64 items take centuries.
//   R1  head <= tail <= head + maxsize. Items head ... tail - 1 are in the ring.
//   R2  Slots of items in the ring are the consumer's, the others the producer's. Storing an index hands a slot over.
template <class T>
class RelaxedPublish : public SpinToWait<RelaxedPublish<T>, T> {
 public:
  explicit RelaxedPublish(std::size_t maxsize)
      : maxsize_(checked_bound(maxsize)), slots_(std::make_unique<sync::slot<T>[]>(maxsize)) {}

  ~RelaxedPublish() {
    while (try_get()) {
    }
  }
  RelaxedPublish(const RelaxedPublish&) = delete;
  RelaxedPublish& operator=(const RelaxedPublish&) = delete;

  // Producer only.
  bool try_put(T&& item) {
    // relaxed: nobody else writes it.
    const std::uint64_t tail = tail_.load(std::memory_order_relaxed);
    if (tail == head_seen_ + maxsize_) {
      // acquire: the consumer has emptied the slot (R2); pairs with the release in try_get().
      head_seen_ = head_.load(std::memory_order_acquire);
      if (tail == head_seen_ + maxsize_) return false;
    }
    slots_[tail % maxsize_].fill(std::move(item));
    // The acquire in try_get() finds no release to pair with. On x86 the processor keeps the order of the two stores,
    // and the compiler need not; on ARM neither does.
    tail_.store(tail + 1, std::memory_order_relaxed);  // BUG: missing release
    return true;
  }
  bool try_put(const T& item) { return try_put(T(item)); }

  // Consumer only.
  std::optional<T> try_get() {
    // relaxed: nobody else writes it.
    const std::uint64_t head = head_.load(std::memory_order_relaxed);
    if (head == tail_seen_) {
      // acquire: sees the item; pairs with the release in try_put().
      tail_seen_ = tail_.load(std::memory_order_acquire);
      if (head == tail_seen_) return std::nullopt;
    }
    std::optional<T> item(slots_[head % maxsize_].take());
    // release: the slot is empty (R2); pairs with the acquire in try_put().
    head_.store(head + 1, std::memory_order_release);
    return item;
  }

  // By the producer it is never too small, by the consumer never too large; by others it is a guess.
  std::size_t qsize() const {
    const std::uint64_t head = head_.load(std::memory_order_relaxed);
    const std::uint64_t tail = tail_.load(std::memory_order_relaxed);
    return tail <= head ? 0 : std::min<std::size_t>(tail - head, maxsize_);
  }
  bool empty() const { return qsize() == 0; }
  bool full() const { return qsize() == maxsize_; }
  std::size_t maxsize() const { return maxsize_; }

 private:
  const std::size_t maxsize_;
  const std::unique_ptr<sync::slot<T>[]> slots_;

  // Two lines of the cache, one a side. With the other's index as it was last seen beside its own, a side leaves the
  // other's line alone until it must know more.
  alignas(kCacheLine) sync::atomic<std::uint64_t> tail_{0};  // written by the producer
  std::uint64_t head_seen_ = 0;                              // the producer's; never more than head_
  alignas(kCacheLine) sync::atomic<std::uint64_t> head_{0};  // written by the consumer
  std::uint64_t tail_seen_ = 0;                              // the consumer's; never more than tail_
};

}  // namespace racecourse::queue
