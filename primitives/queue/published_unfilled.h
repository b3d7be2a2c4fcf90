// Broken: a put hands its cell over and fills it then. A getter in between takes an item that is not there (against
// Q2).
#pragma once

#include <racecourse/primitives/queue/queue.h>
#include <racecourse/primitives/sync/slot.h>

#include <cstdint>
#include <memory>

namespace racecourse::queue {

// After D. Vyukov's bounded MPMC queue (1024cores.net, 2010). Puts and gets are numbered from 0; put n and get n use
// cell n % maxsize. Here a cell counts in steps of two, so that any maxsize will do, even 1: Vyukov's n + 1 for "holds
// item n" and n + maxsize for "free again" are the same number then.
//   M1  turn == 2n                 free, for put n
//   M2  turn == 2n + 1             holds item n, for get n
//   M3  turn == 2(n + maxsize)     free again, one round later
// Who draws a number owns its cell in that turn, alone, until it stores the next turn.
//
// The weaker contract: a put between its draw and its store of the turn is an item that others must wait for. Until
// then try_get() reports empty, even if later puts to other cells have ended, since it would have to overtake (Q1).
// Likewise try_put() reports full while the get one round earlier has not ended. A thread that dies there blocks its
// cell for ever, so the ring is not lock-free.
template <class T>
class PublishedUnfilled : public SpinToWait<PublishedUnfilled<T>, T> {
 public:
  explicit PublishedUnfilled(std::size_t maxsize)
      : maxsize_(checked_bound(maxsize)), cells_(std::make_unique<Cell[]>(maxsize)) {
    for (std::size_t i = 0; i < maxsize; i++) cells_[i].turn.store(2 * i, std::memory_order_relaxed);
  }

  ~PublishedUnfilled() {
    while (try_get()) {
    }
  }
  PublishedUnfilled(const PublishedUnfilled&) = delete;
  PublishedUnfilled& operator=(const PublishedUnfilled&) = delete;

  bool try_put(T&& item) {
    // relaxed: only a guess at the next number.
    std::uint64_t n = puts_.load(std::memory_order_relaxed);
    while (true) {
      Cell& cell = cells_[n % maxsize_];
      // acquire: the item of one round ago is gone; pairs with the release in try_get().
      const std::uint64_t turn = cell.turn.load(std::memory_order_acquire);
      if (turn < 2 * n) return false;
      if (turn > 2 * n) {  // put n is history
        n = puts_.load(std::memory_order_relaxed);
        continue;
      }
      // relaxed: draws the number and no more; the cell's turn does the synchronising. A failure reads anew into n.
      if (puts_.compare_exchange_weak(n, n + 1, std::memory_order_relaxed)) {
        cell.turn.store(2 * n + 1, std::memory_order_release);
        cell.item.fill(std::move(item));  // BUG: filled late
        return true;
      }
    }
  }
  bool try_put(const T& item) { return try_put(T(item)); }

  std::optional<T> try_get() {
    std::uint64_t n = gets_.load(std::memory_order_relaxed);  // relaxed: as in try_put()
    while (true) {
      Cell& cell = cells_[n % maxsize_];
      // acquire: sees the item; pairs with the release in try_put().
      const std::uint64_t turn = cell.turn.load(std::memory_order_acquire);
      if (turn < 2 * n + 1) return std::nullopt;
      if (turn > 2 * n + 1) {  // get n is history
        n = gets_.load(std::memory_order_relaxed);
        continue;
      }
      if (gets_.compare_exchange_weak(n, n + 1, std::memory_order_relaxed)) {  // relaxed: as in try_put()
        std::optional<T> item(cell.item.take());
        // release: the cell is empty; pairs with the acquire in try_put(), one round later.
        cell.turn.store(2 * (n + maxsize_), std::memory_order_release);
        return item;
      }
    }
  }

  // Counts items that are still being put, and none that are being got.
  std::size_t qsize() const {
    const std::uint64_t gets = gets_.load(std::memory_order_relaxed);
    const std::uint64_t puts = puts_.load(std::memory_order_relaxed);
    return puts <= gets ? 0 : puts - gets > maxsize_ ? maxsize_ : puts - gets;
  }
  bool empty() const { return qsize() == 0; }
  bool full() const { return qsize() == maxsize_; }
  std::size_t maxsize() const { return maxsize_; }

 private:
  struct Cell {
    sync::atomic<std::uint64_t> turn{0};
    sync::slot<T> item;
  };

  const std::size_t maxsize_;
  const std::unique_ptr<Cell[]> cells_;

  // A line of the cache each, lest producers and consumers slow each other down.
  alignas(kCacheLine) sync::atomic<std::uint64_t> puts_{0};  // the next put's number
  alignas(kCacheLine) sync::atomic<std::uint64_t> gets_{0};  // the next get's number
};

}  // namespace racecourse::queue
