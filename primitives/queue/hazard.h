// Hazard pointers: how a lock-free structure frees its nodes although another thread may still be reading them.
// After M. Michael, "Hazard Pointers: Safe Memory Reclamation for Lock-Free Objects", IEEE TPDS 2004. Unlike there, a
// record is taken for one operation instead of a thread's life, so that nothing has to know when a thread ends.
//
//   struct Node { ...; Node* next_retired; };          // the last is for the hazard pointers
//   Hazards<Node, 2> hazards(64);
//   {
//     Hazards<Node, 2>::Guard guard(hazards);
//     Node* top = guard.protect(0, top_);           // top_ pointed there a moment ago, and *top stays until the guard
//     ends
//     ...                                           // take it out of the structure
//     guard.retire(top);                            // to be freed when nobody protects it; never throws
//   }
//
//   H1  A thread reads a node only while one of its hazard pointers names it, and only if the structure still led to
//       the node after the pointer was set.
//   H2  A node is retired once, by the thread that took it out, when the structure no longer leads to it.
//   H3  A node is freed only by a scan that began after it was retired and found no hazard pointer that names it.
// Why that suffices: the store to a hazard pointer and the second look of H1, the step that took the node out and the
// scan of H3 are all seq_cst, so they stand in one order. If the scan came before the store, then so did the step that
// took the node out, and the second look notices. With acquire and release alone both threads may read what was before:
// this is store buffering, and the node is freed under the reader's hands.
//
// Memory that waits to be freed is bounded: each record holds less than `batch` nodes and those that are protected.
// Why not a count of references in the node: a thread would have to touch the node to say that it is about to.
#pragma once

#include <racecourse/primitives/sync/sync.h>

#include <cstddef>
#include <utility>

namespace racecourse::queue {

template <class Node, int pointers>
class Hazards {
  struct Record;

 public:
  // A scan is made whenever a record has `batch` nodes to free: the larger, the cheaper each of them.
  explicit Hazards(std::size_t batch) : batch_(batch) {}

  // By then no other thread uses it.
  ~Hazards() {
    Record* record = records_.load(std::memory_order_relaxed);
    while (record != nullptr) {
      while (record->retired != nullptr) delete std::exchange(record->retired, record->retired->next_retired);
      delete std::exchange(record, record->next);
    }
  }
  Hazards(const Hazards&) = delete;
  Hazards& operator=(const Hazards&) = delete;

  class Guard {
   public:
    explicit Guard(Hazards& hazards) : hazards_(hazards), record_(hazards.take_record()) {}
    ~Guard() {
      // release: what was read under protection was read before; pairs with the seq_cst load in scan(), then with the
      // acquire in take_record().
      for (auto& pointer : record_->protects) pointer.store(nullptr, std::memory_order_release);
      record_->taken.store(false, std::memory_order_release);
    }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

    // Reads `from` and protects what it points to.
    Node* protect(int index, const sync::atomic<Node*>& from) {
      Node* seen = from.load(std::memory_order_relaxed);  // relaxed: a guess, not followed before it was confirmed
      while (true) {
        announce(index, seen);
        Node* const now = from.load(std::memory_order_seq_cst);  // H1; acquires what was written into the node, too
        if (now == seen) return seen;
        seen = now;
      }
    }

    // Protects `node` if the caller then finds, by a seq_cst load, that the structure still leads to it (H1).
    void announce(int index, Node* node) { record_->protects[index].store(node, std::memory_order_seq_cst); }

    void retire(Node* node) noexcept {
      node->next_retired = record_->retired;
      record_->retired = node;
      if (++record_->retired_count >= hazards_.batch_) hazards_.scan(*record_);
    }

   private:
    Hazards& hazards_;
    Record* const record_;
  };

 private:
  struct alignas(64) Record {
    sync::atomic<bool> taken{true};
    sync::atomic<Node*> protects[pointers];
    Node* retired = nullptr;  // a list, of whoever has taken the record
    std::size_t retired_count = 0;
    Record* next = nullptr;  // set before the record is published, then constant
  };

  Record* take_record() {
    // seq_cst: see scan(). Records are only ever added, so a list that was read once stays good.
    Record* const first = records_.load(std::memory_order_seq_cst);
    for (Record* record = first; record != nullptr; record = record->next) {
      if (record->taken.load(std::memory_order_relaxed)) continue;  // relaxed: a hint; the exchange decides
      // acquire: the list of retired nodes is as the last owner left it; pairs with the release in ~Guard().
      if (!record->taken.exchange(true, std::memory_order_acquire)) return record;
    }
    Record* const made = new Record;
    Record* head = first;
    do {
      made->next = head;
    } while (!records_.compare_exchange_weak(head, made, std::memory_order_seq_cst));
    return made;
  }

  void scan(Record& mine) {
    Node* node = mine.retired;
    mine.retired = nullptr;
    mine.retired_count = 0;
    while (node != nullptr) {
      Node* const next = node->next_retired;
      if (is_protected(node)) {
        node->next_retired = mine.retired;
        mine.retired = node;
        ++mine.retired_count;
      } else {
        delete node;
      }
      node = next;
    }
  }

  // H3. A record that is missing in the list read here was added later, and its pointers were set later still.
  bool is_protected(const Node* node) const {
    for (Record* record = records_.load(std::memory_order_seq_cst); record != nullptr; record = record->next) {
      for (auto& pointer : record->protects) {
        if (pointer.load(std::memory_order_seq_cst) == node) return true;
      }
    }
    return false;
  }

  const std::size_t batch_;
  sync::atomic<Record*> records_{nullptr};
};

}  // namespace racecourse::queue
