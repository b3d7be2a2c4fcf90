// A stack without locks and without a bound: its nodes come from the heap, and hazard pointers say when they may go
// back.
#pragma once

#include <racecourse/primitives/lifo_queue/lifo_queue.h>
#include <racecourse/primitives/queue/hazard.h>
#include <racecourse/primitives/sync/slot.h>

#include <memory>

namespace racecourse::lifo_queue {

// The list is that of treiber.h. No tags: a node that is protected cannot be freed, so it cannot come back as another,
// and a top that points to it still is the same top (hazard.h).
//
// put() may throw std::bad_alloc.
template <class T>
class TreiberHazard : public SpinToWait<TreiberHazard<T>, T> {
 public:
  // `batch`: see hazard.h.
  explicit TreiberHazard(std::size_t batch = 64) : hazards_(batch) {}

  ~TreiberHazard() {
    while (try_get()) {
    }
  }
  TreiberHazard(const TreiberHazard&) = delete;
  TreiberHazard& operator=(const TreiberHazard&) = delete;

  // Always true. Protects nothing, since it reads no node but its own.
  bool try_put(T&& item) {
    auto made = std::make_unique<Node>();
    made->item.fill(std::move(item));
    Node* const node = made.release();
    Node* top = top_.load(std::memory_order_relaxed);
    do {
      node->next.store(top, std::memory_order_relaxed);  // published by the exchange
      // release: publishes the node (S5); pairs with the seq_cst load in protect(). What the failed exchange read is
      // not followed, so it may be relaxed.
    } while (!top_.compare_exchange_weak(top, node, std::memory_order_release, std::memory_order_relaxed));
    return true;
  }
  bool try_put(const T& item) { return try_put(T(item)); }

  std::optional<T> try_get() {
    typename queue::Hazards<Node, 1>::Guard guard(hazards_);
    while (Node* top = guard.protect(0, top_)) {
      // relaxed: protected, so it is still there; never changed since it was published.
      Node* const next = top->next.load(std::memory_order_relaxed);
      // seq_cst: takes the node out, as hazard.h demands.
      if (!top_.compare_exchange_strong(top, next, std::memory_order_seq_cst, std::memory_order_relaxed)) continue;
      std::optional<T> item(top->item.take());
      guard.retire(top);
      return item;
    }
    return std::nullopt;
  }

  bool empty() const { return top_.load(std::memory_order_relaxed) == nullptr; }
  bool full() const { return false; }
  std::size_t maxsize() const { return 0; }

 private:
  struct Node {
    // Written before the node is published, then constant: it need not be atomic. But Relacy switches threads at
    // atomics only, and this is where a broken neighbour (use_after_pop.h) must be looked at.
    sync::atomic<Node*> next{nullptr};
    sync::slot<T> item;
    Node* next_retired;
  };

  mutable queue::Hazards<Node, 1> hazards_;
  alignas(kCacheLine) sync::atomic<Node*> top_{nullptr};
};

}  // namespace racecourse::lifo_queue
