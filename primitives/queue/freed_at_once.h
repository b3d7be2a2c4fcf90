// Broken: who takes a node out of the list frees it, although another thread may have found the node a moment earlier
// and be about to read it.
#pragma once

#include <racecourse/primitives/queue/hazard.h>
#include <racecourse/primitives/queue/queue.h>
#include <racecourse/primitives/sync/slot.h>

#include <memory>

namespace racecourse::queue {

// After M. Michael and M. Scott, "Simple, Fast, and Practical Non-Blocking and Blocking Concurrent Queue Algorithms",
// PODC 1996. There nodes are counted and never given back; here hazard pointers free them (hazard.h), so pointers need
// no counts: a node that is protected cannot come back as another.
//   N1  The list from head_ is never empty. Its first node is a dummy whose item has been got; the items are in the
//       others, the oldest first.
//   N2  tail_ points to the last node or to one before it. Whoever finds it behind moves it on, so nobody waits.
//   N3  head_ never overtakes tail_: a node is taken out of the list only when tail_ has left it.
// A put takes effect when the last node's next is set, a get when head_ moves.
//
// put() may throw std::bad_alloc. No qsize(): a common count would be one more word for all threads to fight over.
template <class T>
class FreedAtOnce : public SpinToWait<FreedAtOnce<T>, T> {
 public:
  // `batch`: see hazard.h.
  explicit FreedAtOnce(std::size_t batch = 64) : hazards_(batch) {
    Node* const dummy = new Node;
    head_.store(dummy, std::memory_order_relaxed);
    tail_.store(dummy, std::memory_order_relaxed);
  }

  ~FreedAtOnce() {
    while (try_get()) {
    }
    delete head_.load(std::memory_order_relaxed);
  }
  FreedAtOnce(const FreedAtOnce&) = delete;
  FreedAtOnce& operator=(const FreedAtOnce&) = delete;

  // Always true.
  bool try_put(T&& item) {
    auto made = std::make_unique<Node>();
    typename Hazards<Node, 2>::Guard guard(hazards_);
    made->item.fill(std::move(item));  // nothing throws from here on
    Node* const node = made.release();
    while (true) {
      Node* tail = guard.protect(0, tail_);
      Node* next = nullptr;
      // release: publishes the node (Q5); pairs with the acquire loads of next.
      if (tail->next.compare_exchange_strong(next, node, std::memory_order_release, std::memory_order_acquire)) {
        // If this fails, somebody has moved it on already (N2). release: the node may also be found by way of tail_.
        tail_.compare_exchange_strong(tail, node, std::memory_order_seq_cst, std::memory_order_relaxed);
        return true;
      }
      tail_.compare_exchange_strong(tail, next, std::memory_order_seq_cst, std::memory_order_relaxed);  // N2
    }
  }
  bool try_put(const T& item) { return try_put(T(item)); }

  std::optional<T> try_get() {
    typename Hazards<Node, 2>::Guard guard(hazards_);
    while (true) {
      Node* head = guard.protect(0, head_);
      // acquire: sees the node and its item; pairs with the release in try_put().
      Node* const next = head->next.load(std::memory_order_acquire);
      if (next == nullptr) return std::nullopt;
      // `next` leaves the list only after `head` has. seq_cst: the second look of H1.
      guard.announce(1, next);
      if (head_.load(std::memory_order_seq_cst) != head) continue;
      // seq_cst: part of taking `head` out (N3), as hazard.h demands.
      Node* tail = tail_.load(std::memory_order_seq_cst);
      if (tail == head) {
        tail_.compare_exchange_strong(tail, next, std::memory_order_seq_cst, std::memory_order_relaxed);
        continue;
      }
      if (!head_.compare_exchange_strong(head, next, std::memory_order_seq_cst, std::memory_order_relaxed)) continue;
      // `next` is the dummy now (N1), and its item belongs to the one thread that made it so. Another may already have
      // taken `next` out of the list too; it is still protected here.
      std::optional<T> item(next->item.take());
      delete head;  // BUG: still protected
      return item;
    }
  }

  bool empty() const {
    typename Hazards<Node, 2>::Guard guard(hazards_);
    return guard.protect(0, head_)->next.load(std::memory_order_acquire) == nullptr;
  }
  bool full() const { return false; }
  std::size_t maxsize() const { return 0; }

 private:
  struct Node {
    sync::atomic<Node*> next{nullptr};
    sync::slot<T> item;
    Node* next_retired;
  };

  mutable Hazards<Node, 2> hazards_;
  // Putters work at one end, getters at the other.
  alignas(kCacheLine) sync::atomic<Node*> head_{nullptr};
  alignas(kCacheLine) sync::atomic<Node*> tail_{nullptr};
};

}  // namespace racecourse::queue
