// What a thread does next: its pending operation, seen before it happens.
#pragma once

#include <cstdint>

namespace racecourse::schedule {

enum class Access : std::uint8_t {
  none,             // nothing that others share: a thread not begun, a yield, a sleep, a fence, after a wait that ended
  read,             // of memory, atomic or plain
  write,            // of memory; a read-modify-write is one, whatever it will find
  lock,             // waits until the object is free, and takes it: mutexes, writers, semaphores, call_once
  lock_shared,      // the same as one reader of several
  try_lock,         // takes it or fails: at once, or when its time is up
  try_lock_shared,  // the same as one reader of several
  unlock,           // gives it back; a semaphore's post
  wait,             // goes to sleep on a condition variable or a futex, or arrives at a barrier
  notify,           // wakes who waits there
  start,            // of a thread; its object is not known yet
  join,             // of a thread that is the object
  end,              // of the thread that is the object; of T0: of the whole execution
  other,            // a call into the world outside, for which nothing can be ruled out
};

// The objects are named by their addresses: the same within an execution and, for globals, in every execution. What a
// program allocates may lie elsewhere when its threads allocate in another order.
struct Pending {
  std::uint64_t object = 0;  // 0: none
  Access access = Access::none;
  std::uint32_t size = 1;  // bytes touched from `object` on; 1 where only the identity counts
  std::uint64_t also = 0;  // a second object: the mutex that a wait on a condition variable unlocks; 0: none
  friend bool operator==(const Pending&, const Pending&) = default;
};

template <class... Accesses>
constexpr std::uint32_t set_of(Accesses... accesses) {
  return ((1u << static_cast<unsigned>(accesses)) | ...);
}
inline bool is_one_of(Access access, std::uint32_t set) { return set >> static_cast<unsigned>(access) & 1; }

inline bool is_only_read(Access access) {
  return is_one_of(access, set_of(Access::read, Access::lock_shared, Access::try_lock_shared));
}

// Whether the two touch the same bytes or the same object. A granule would be too coarse: neighbours are not one.
inline bool overlap(const Pending& a, const Pending& b) {
  if (a.object == 0 || b.object == 0) return false;
  return a.object - b.object < b.size || b.object - a.object < a.size;
}

// Whether the order of the two may matter: they meet at an object, and one of them may change it.
inline bool conflict(const Pending& a, const Pending& b) {
  if (a.access == Access::other || b.access == Access::other) return true;
  if (overlap(a, b) && !(is_only_read(a.access) && is_only_read(b.access))) return true;
  return (a.also != 0 && (a.also == b.object || a.also == b.also)) || (b.also != 0 && b.also == a.object);
}

}  // namespace racecourse::schedule
