// Lock-free: whoever is stopped in the middle of a call, stops nobody else. No schedule shows that a lock would be in
// the way of a signal handler, since a search cannot deliver signals between threads. But an account that is one atomic
// word has no room for a lock, and an atomic word of this size needs none.
#include <atomic>

namespace {

void no_room_for_a_lock() {
  static_assert(std::atomic<Money>::is_always_lock_free);
  assert(sizeof(MyAccount) == sizeof(Money));
}

const racecourse::lab::Bodies lock_free_bodies{{{"no_room_for_a_lock", no_room_for_a_lock}}};

}  // namespace
