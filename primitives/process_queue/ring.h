// Where the items of a queue stand. Three counts that only grow; an operation is done when it has raised one of them.
// That is one store, so a process that dies has raised it or has not (Q7): nothing is ever half done.
//
// All of it is guarded by the queue's lock. The counts are atomic all the same, because of who else may look: the
// compiler may order plain stores as it likes as far as its own thread can tell, but whoever takes the lock of a dead
// process sees them as they were at its death.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace racecourse::process_queue {

class Ring {
 public:
  Ring(std::size_t maxsize, std::size_t capacity) : maxsize_(maxsize), capacity_(capacity) {}

  // relaxed, here and below: the lock orders them.
  std::size_t size() const { return put_.load(kRelaxed) - got_.load(kRelaxed); }
  bool empty() const { return size() == 0; }
  bool full() const { return size() == capacity_; }
  std::size_t unfinished() const { return put_.load(kRelaxed) - done_.load(kRelaxed); }
  std::size_t maxsize() const { return maxsize_; }

  // Where the next item goes, if there is room.
  std::size_t last_slot() {
    const std::uint64_t next = put_.load(kRelaxed);
    // An empty ring begins with its first slot again: a queue that is mostly short stays in a few pages of memory.
    if (got_.load(kRelaxed) == next) origin_ = next;
    return (next - origin_) % capacity_;
  }
  std::size_t first_slot() const { return (got_.load(kRelaxed) - origin_) % capacity_; }

  // release: after the slot, also in the eyes of whoever takes the lock of a dead process. The lock is their partner.
  void commit_put() { put_.store(put_.load(kRelaxed) + 1, std::memory_order_release); }     // the last slot is filled
  void commit_get() { got_.store(got_.load(kRelaxed) + 1, std::memory_order_release); }     // the first was read
  void commit_done() { done_.store(done_.load(kRelaxed) + 1, std::memory_order_release); }  // an item is finished

 private:
  static constexpr std::memory_order kRelaxed = std::memory_order_relaxed;

  const std::size_t maxsize_;
  const std::size_t capacity_;
  std::uint64_t origin_ = 0;  // the item that stands, or stood, in the first slot
  std::atomic<std::uint64_t> put_{0}, got_{0}, done_{0};
};

}  // namespace racecourse::process_queue
