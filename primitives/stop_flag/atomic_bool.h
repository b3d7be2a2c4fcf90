// The usual solution: an atomic flag, stored with release and loaded with acquire.
#pragma once

#include <racecourse/primitives/stop_flag/stop_flag.h>
#include <racecourse/primitives/sync/sync.h>

namespace racecourse::stop_flag {

class AtomicBool {
 public:
  // release: publishes what was written before the request (S2); pairs with the acquire in requested().
  void request() { requested_.store(true, std::memory_order_release); }

  // acquire: sees what was written before the request (S2); pairs with the release in request().
  bool requested() const { return requested_.load(std::memory_order_acquire); }

 private:
  sync::atomic<bool> requested_{false};
};

}  // namespace racecourse::stop_flag
