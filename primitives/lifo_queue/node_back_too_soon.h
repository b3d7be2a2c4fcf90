// Broken: a node goes back to the free ones before its item is out of it. A put that takes the node fills it at the
// same time (against S2).
#pragma once

#include <racecourse/primitives/lifo_queue/lifo_queue.h>
#include <racecourse/primitives/sync/slot.h>

#include <cstdint>
#include <limits>
#include <memory>

namespace racecourse::lifo_queue {

// After R. K. Treiber, "Systems Programming: Coping with Parallelism", IBM RJ 5118, 1986. Nodes are named by their
// index in the pool, so that a name and a tag fit into one word.
//   T1  Each node is on the stack, on the list of free nodes, or in the hands of one thread.
//   T2  A top's tag grows with every change, so a top that looks the same is the same: nobody has taken a node off or
//       put one on since. Without it the exchange in pop() could put a `next` on top that is long out of date. (Nobody
//       for 2^32 changes in a row, that is: a thread would have to sleep between two instructions for minutes.)
//   T3  Nodes are never freed, only reused. So reading the next of a node that somebody else took is harmless: what was
//       read is thrown away, since the top has changed (T2). It must be atomic for that.
template <class T>
class NodeBackTooSoon : public SpinToWait<NodeBackTooSoon<T>, T> {
 public:
  explicit NodeBackTooSoon(std::size_t maxsize)
      : maxsize_(checked_bound(maxsize)), nodes_(std::make_unique<Node[]>(checked_size(maxsize))) {
    for (std::uint32_t i = 0; i < maxsize; i++) push(free_, i);
  }

  ~NodeBackTooSoon() {
    while (try_get()) {
    }
  }
  NodeBackTooSoon(const NodeBackTooSoon&) = delete;
  NodeBackTooSoon& operator=(const NodeBackTooSoon&) = delete;

  bool try_put(T&& item) {
    const std::uint32_t node = pop(free_);
    if (node == kNone) return false;
    nodes_[node].item.fill(std::move(item));
    push(items_, node);
    return true;
  }
  bool try_put(const T& item) { return try_put(T(item)); }

  std::optional<T> try_get() {
    const std::uint32_t node = pop(items_);
    if (node == kNone) return std::nullopt;
    push(free_, node);  // BUG: too soon
    std::optional<T> item(nodes_[node].item.take());
    return item;
  }

  bool empty() const { return index_of(items_.load(std::memory_order_relaxed)) == kNone; }
  bool full() const { return index_of(free_.load(std::memory_order_relaxed)) == kNone; }
  std::size_t maxsize() const { return maxsize_; }

 private:
  using Top = sync::atomic<std::uint64_t>;  // a node's index below, a tag above
  struct Node {
    sync::atomic<std::uint32_t> next{0};
    sync::slot<T> item;
  };

  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  static std::size_t checked_size(std::size_t size) {
    if (size > kNone) throw std::invalid_argument("a node's index has 32 bits");
    return size;
  }
  static std::uint32_t index_of(std::uint64_t top) { return static_cast<std::uint32_t>(top); }
  static std::uint64_t after(std::uint64_t top, std::uint32_t index) { return ((top >> 32) + 1) << 32 | index; }

  void push(Top& top, std::uint32_t node) {
    std::uint64_t seen = top.load(std::memory_order_relaxed);
    do {
      nodes_[node].next.store(index_of(seen), std::memory_order_relaxed);  // published by the exchange
      // release: publishes the node's next and item (S5); pairs with the acquire loads in pop(), also in those that
      // read a top which was exchanged since, for exchanges continue a release sequence.
    } while (!top.compare_exchange_weak(seen, after(seen, node), std::memory_order_release, std::memory_order_relaxed));
  }

  std::uint32_t pop(Top& top) {
    // acquire: sees the next and the item of the node on top; pairs with the release in push().
    std::uint64_t seen = top.load(std::memory_order_acquire);
    while (index_of(seen) != kNone) {
      const std::uint32_t next = nodes_[index_of(seen)].next.load(std::memory_order_relaxed);  // T3
      // Only if the tag is still that of `seen`, and with it everything that was read (T2).
      if (top.compare_exchange_weak(seen, after(seen, next), std::memory_order_acquire, std::memory_order_acquire)) {
        return index_of(seen);
      }
    }
    return kNone;
  }

  const std::size_t maxsize_;
  const std::unique_ptr<Node[]> nodes_;
  alignas(kCacheLine) Top items_{kNone};
  alignas(kCacheLine) Top free_{kNone};
};

}  // namespace racecourse::lifo_queue
