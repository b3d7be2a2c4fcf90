// Reentrant lock: one holding thread at a time, which may take it again while it holds it.
//
// Operations
//   acquire()             takes it at once if this thread holds it already, and else waits until it is free
//   try_acquire()         takes it if this thread holds it or it is free now; never waits
//   try_acquire_for(d)    waits at most about d; d <= 0 tries once
//   release()             takes one acquire back; the one that takes the first back frees the lock
//   release_all()         takes all of this thread's acquires back at once, and returns how many there were
//   restore(n)            waits until the lock is free, and holds it as n acquires would; n from release_all()
//   held_here()           whether this thread holds it: exact, for assertions
//   lock, unlock, try_lock, try_lock_for: the same under the names that std::lock_guard and std::unique_lock call
//   AllHolds(rlock)       release_all() and restore() as unlock and lock, for std::condition_variable_any
//
// Invariants (the code cites them by number)
//   R1  Exclusion: from a thread's first acquire to the release that takes it back, no other thread's acquire succeeds.
//   R2  As many releases as acquires: the lock is free again after the last of them, and not before.
//   R3  Only the thread that holds it can release it.
//   R4  Visibility: what was written before the last release is seen after the next thread's first acquire.
//   R5  Progress: the holder's acquires never wait; a freed lock is taken if any thread wants it.
//
// Errors
//   release(), release_all() by a thread that does not hold it throw std::logic_error and change nothing.
//   restore() by a thread that does, or of no holds at all, throws std::logic_error.
//   acquire() beyond kMostHolds holds throws std::system_error (resource_unavailable_try_again); try_acquire() is then
//   false. Neither changes anything.
//
// Ordering promise: that of the lock underneath, for the first acquire and the last release. The ones between order
// nothing; they need not, because one thread makes them.
//
// Misuse
//   - std::condition_variable_any::wait() on a lock that is held twice: it unlocks once, so the thread sleeps with the
//     lock held and nobody can wake it. Wait on an AllHolds
//   - release in another thread than acquire: hand over data, not the lock
//   - a thread that ends with the lock held: it stays held, until a new thread happens to get the dead one's id
//   - reentrancy instead of a plan: an invariant that the outer section has broken for a moment is still broken when
//     the inner one looks at it. Often a private function that expects the lock to be held is the better cure
//
// Python: threading.RLock.
//   with rlock: self.add(x)   # which takes it again   std::lock_guard guard(rlock); add(x);
//   rlock.acquire(timeout=0.5)                         rlock.try_acquire_for(500ms)
// There too it has an owner, and release by another thread raises; Condition(rlock).wait() gives all holds back and
// takes them again. What the global interpreter lock hides: written in Python, the owner and the count are read and
// written one bytecode at a time, never torn and never stale. In C++ a plain owner that one thread compares while
// another writes it is a data race (owner_plain_read.h), however harmless the comparison looks.
//
// Example
//   racecourse::rlock::OwnerAndCount lock;
//   int total = 0;                                  // guarded by lock
//   auto add = [&](int n) {
//     std::lock_guard guard(lock);
//     total += n;
//   };
//   auto add_pair = [&] {
//     std::lock_guard guard(lock);                  // nobody sees one half of the pair
//     add(1), add(2);                               // and each takes the lock again
//   };
//   std::thread a(add_pair), b(add_pair);
//   a.join(), b.join();                             // total == 6
//
// Variants                                          differs from        fault
//   owner_and_count.h          OwnerAndCount
//   first_release_frees.h      FirstReleaseFrees    owner_and_count.h   the first release does not look at the count
//   owner_plain_read.h         OwnerPlainRead       owner_and_count.h   the owner is not atomic
//   owner_not_cleared.h        OwnerNotCleared      owner_and_count.h   the last owner still passes for the owner
//   owner_cleared_late.h       OwnerClearedLate     owner_and_count.h   clears the owner that came next
//   count_not_restored.h       CountNotRestored     owner_and_count.h   n holds come back as one
//   released_by_stranger.h     ReleasedByStranger   owner_and_count.h   anybody may release
#pragma once

#include <racecourse/primitives/lock/lock.h>

#include <concepts>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <system_error>

namespace racecourse::rlock {

using lock::StdNames;

constexpr std::uint32_t kMostHolds = std::numeric_limits<std::uint32_t>::max();

[[noreturn]] inline void refuse_strangers_release() {
  throw std::logic_error("release of a reentrant lock that this thread does not hold");
}
[[noreturn]] inline void refuse_restore() {
  throw std::logic_error("restore of a reentrant lock that is held, or of no holds");
}
[[noreturn]] inline void refuse_another_hold() {
  throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again), "too many holds");
}

template <class R>
concept RLock = requires(R rlock, const R& seen, std::uint32_t holds) {
  rlock.acquire();
  { rlock.try_acquire() } -> std::same_as<bool>;
  { rlock.try_acquire_for(std::chrono::milliseconds(1)) } -> std::same_as<bool>;
  rlock.release();
  { rlock.release_all() } -> std::same_as<std::uint32_t>;
  rlock.restore(holds);
  { seen.held_here() } -> std::same_as<bool>;
  rlock.lock();
  { rlock.try_lock() } -> std::same_as<bool>;
  rlock.unlock();
};

// All holds as one: what a wait on a condition gives back and takes again.
//   AllHolds all(rlock);                            // by the thread that holds it, however often
//   condition.wait(all, [&] { return ready; });     // condition: a std::condition_variable_any
template <class R>
class AllHolds {
 public:
  explicit AllHolds(R& rlock) : rlock_(rlock) {}
  void unlock() { holds_ = rlock_.release_all(); }
  void lock() { rlock_.restore(holds_); }

 private:
  R& rlock_;
  std::uint32_t holds_ = 0;  // between unlock and lock
};

}  // namespace racecourse::rlock
