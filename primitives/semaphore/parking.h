// Without a lock: takers and givers change one word, and call the kernel only if somebody has to wait.
#pragma once

#include <racecourse/primitives/semaphore/semaphore.h>
#include <racecourse/primitives/sync/futex.h>
#include <racecourse/primitives/sync/sync.h>

#include <cstdint>

namespace racecourse::semaphore {

// The word holds the free permits, in units of 100,000, and the enlisted sleepers: the threads that sleep, are about
// to, or have been woken and have not looked yet. (In decimal, so that a trace can be read: 200001 is two permits and
// one sleeper.) With two words a release would have to touch the second after it has given the permit away, and by then
// the semaphore may be gone.
//   P1  Whoever sleeps is enlisted, and fell asleep while no permit was free.
//   P2  Every release that finds sleepers enlisted wakes one, however many permits are free: each permit sends somebody
//       on his way, so none lies there while all sleep (M3).
// Legal: fewer than 100,000 threads wait at a time.
class Parking {
 public:
  static constexpr int kMostPermits = 40'000;

  explicit Parking(int permits) : word_(static_cast<std::uint32_t>(checked(permits, kMostPermits)) * kPermit) {}

  void acquire() {
    if (try_acquire()) return;
    std::uint32_t seen = enlist();
    while (!take(seen, kPermit + kSleeper)) {
      sync::futex_wait(word_, seen);  // P1: not if the word is another by now
      seen = word_.load(std::memory_order_relaxed);
    }
  }

  bool try_acquire() {
    std::uint32_t seen = word_.load(std::memory_order_relaxed);
    return take(seen, kPermit);
  }

  template <class Rep, class Period>
  bool try_acquire_for(std::chrono::duration<Rep, Period> timeout) {
    if (try_acquire()) return true;
    const Deadline deadline = deadline_after(timeout);
    std::uint32_t seen = enlist();
    while (!take(seen, kPermit + kSleeper)) {
      if (!sync::futex_wait_until(word_, seen, deadline)) {
        // No wake came here, so none is taken away from another sleeper.
        word_.fetch_sub(kSleeper, std::memory_order_relaxed);
        return false;
      }
      seen = word_.load(std::memory_order_relaxed);
    }
    return true;
  }

  void release() {
    std::uint32_t seen = word_.load(std::memory_order_relaxed);
    do {
      if (permits(seen) == kMostPermits) refuse_over_release();
      // release: publishes what was done with the permit (M4); pairs with the acquire in take().
    } while (!word_.compare_exchange_weak(seen, seen + kPermit, std::memory_order_release, std::memory_order_relaxed));
    // By now another thread may have taken the permit and destroyed this semaphore: only its address is used.
    if (sleepers(seen) > 0) sync::futex_wake(word_, 1);  // P2
  }

  int value() const { return permits(word_.load(std::memory_order_relaxed)); }

 private:
  static constexpr std::uint32_t kSleeper = 1;
  static constexpr std::uint32_t kPermit = 100'000;

  static int permits(std::uint32_t word) { return static_cast<int>(word / kPermit); }
  static std::uint32_t sleepers(std::uint32_t word) { return word % kPermit; }

  // M1, M2: the permit is gone in the same step in which it was there. A sleeper leaves the list in that step, too.
  bool take(std::uint32_t& seen, std::uint32_t less) {
    while (permits(seen) > 0) {
      // acquire: sees what was done with the permits that came back (M4); pairs with the release in release(). Every
      // change of the word is one atomic step, so that all releases before it are seen, not only the last.
      if (word_.compare_exchange_weak(seen, seen - less, std::memory_order_acquire, std::memory_order_relaxed)) {
        return true;
      }
    }
    return false;
  }

  // relaxed: nothing is read or published by a sleeper.
  std::uint32_t enlist() { return word_.fetch_add(kSleeper, std::memory_order_relaxed) + kSleeper; }

  sync::atomic<std::uint32_t> word_;
};

}  // namespace racecourse::semaphore
