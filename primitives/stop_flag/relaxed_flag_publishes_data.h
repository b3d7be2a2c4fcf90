// Broken: the flag itself is fine, and every thread will see it (S1). But a relaxed store publishes nothing, so data
// that was written before the request may be unseen after it (against S2).
#pragma once

#include <racecourse/primitives/stop_flag/stop_flag.h>
#include <racecourse/primitives/sync/sync.h>

namespace racecourse::stop_flag {

class RelaxedFlagPublishesData {
 public:
  void request() { requested_.store(true, std::memory_order_relaxed); }  // BUG: missing release

  bool requested() const { return requested_.load(std::memory_order_relaxed); }

 private:
  sync::atomic<bool> requested_{false};
};

}  // namespace racecourse::stop_flag
