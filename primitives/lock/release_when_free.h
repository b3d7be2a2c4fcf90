// Broken: releasing a free lock calls a number that nobody has drawn. Whoever draws it later has missed its turn, and
// waits until the counter has come round (against L3).
#pragma once

#include <racecourse/primitives/lock/lock.h>
#include <racecourse/primitives/sync/sync.h>

#include <cstdint>

namespace racecourse::lock {

// Legal states: serving == next (free), or serving < next (ticket `serving` holds the lock, the others wait). Both wrap
// around, so they are compared for equality only; that is right for up to 2^32 - 1 threads at a time.
class ReleaseWhenFree : public StdNames<ReleaseWhenFree> {
 public:
  void acquire() {
    // relaxed: the slip only has to be unique and in order (L4); the acquire below does the synchronising.
    const std::uint32_t ticket = next_.fetch_add(1, std::memory_order_relaxed);
    // L1: one thread holds the slip with this number.
    // acquire: sees what the last holder wrote (L2); pairs with the release in release().
    while (serving_.load(std::memory_order_acquire) != ticket) sync::pause();
  }

  // Takes a slip only if it would be served at once. A slip cannot be handed back: its number would be called, and
  // nobody would come.
  bool try_acquire() {
    // acquire: as in acquire(); if the exchange succeeds, the lock was last released by the store read here.
    std::uint32_t ticket = serving_.load(std::memory_order_acquire);
    return next_.compare_exchange_strong(ticket, ticket + 1, std::memory_order_relaxed);
  }

  // Therefore a timed acquire stands in no queue, and L4 does not hold for it.
  template <class Rep, class Period>
  bool try_acquire_for(std::chrono::duration<Rep, Period> timeout) {
    const Deadline deadline = deadline_after(timeout);
    while (!try_acquire()) {
      if (Clock::now() >= deadline) return false;
      sync::pause();
    }
    return true;
  }

  void release() {
    // relaxed: only the holder writes serving_.
    const std::uint32_t ticket = serving_.load(std::memory_order_relaxed);  // BUG: unchecked release
    // release: publishes the critical section (L2); pairs with the acquire in acquire() and try_acquire().
    serving_.store(ticket + 1, std::memory_order_release);
  }

  bool locked() const { return in_line() != 0; }

  // How many held it or waited for it, a moment ago.
  std::uint32_t in_line() const {
    return next_.load(std::memory_order_relaxed) - serving_.load(std::memory_order_relaxed);
  }

 private:
  sync::atomic<std::uint32_t> next_{0};     // the next slip to hand out
  sync::atomic<std::uint32_t> serving_{0};  // the slip whose turn it is; written by the holder only
};

}  // namespace racecourse::lock
