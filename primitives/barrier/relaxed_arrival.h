// Broken: arrivals are counted right (B1), but what a thread did before it arrived need not be seen by the others
// (against B4).
#pragma once

#include <racecourse/primitives/barrier/barrier.h>
#include <racecourse/primitives/sync/futex.h>
#include <racecourse/primitives/sync/sync.h>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace racecourse::barrier {

// The sense says which of two kinds of phase this is, and flips when all have arrived; who waits, waits for the flip.
// One bit is enough: it cannot flip twice before a thread has looked, because the second flip needs the arrival of that
// thread. So a thread that is lapped (B2) does not exist here; and with more threads than parties it would be lost.
//   S1  missing_ is parties_ whenever the sense flips.
// The smaller contract: no timeout and no broken state. A thread that does not come is waited for without end.
class RelaxedArrival {
 public:
  explicit RelaxedArrival(unsigned parties) : parties_(checked(parties)), missing_(parties) {}

  unsigned wait() {
    // relaxed: it cannot flip before this thread has arrived, and this thread has seen the last flip.
    const std::uint32_t sense = sense_.load(std::memory_order_relaxed);
    // The last one sees what it has done itself, and its flip passes on no more than that.
    const unsigned missing = missing_.fetch_sub(1, std::memory_order_relaxed);  // BUG: missing release
    const unsigned place = parties_ - missing;
    if (missing == 1) {
      // relaxed: the flip publishes it. Before the flip, because after it the first ones come back and count (S1, B2).
      missing_.store(parties_, std::memory_order_relaxed);
      // release: pairs with the acquire below.
      sense_.store(1 - sense, std::memory_order_release);
      // By now another thread may have passed and destroyed this barrier: only its address is used.
      if (place > 0) sync::futex_wake(sense_, std::numeric_limits<int>::max());
    } else {
      // acquire: sees what all have done before they arrived (B4); pairs with the release of the flip.
      while (sense_.load(std::memory_order_acquire) == sense) sync::futex_wait(sense_, sense);
    }
    return place;
  }

  unsigned parties() const { return parties_; }

 private:
  static constexpr std::size_t kCacheLine = 64;

  const unsigned parties_;
  // A line of its own for each: arrivals write the one while those who have arrived read the other.
  alignas(kCacheLine) sync::atomic<std::uint32_t> missing_;
  alignas(kCacheLine) sync::atomic<std::uint32_t> sense_{0};
};

}  // namespace racecourse::barrier
