// Two threads, a flag each: raise yours, then look at the other's. The heart of Dekker's and Peterson's locks.
// With the alias header's types, so that Relacy can run it too.
#pragma once

#include <racecourse/primitives/sync/sync.h>

namespace racecourse::store_buffering {

template <std::memory_order store_order, std::memory_order load_order>
class Doors {
 public:
  // Whether thread `me` (0 or 1) may go in.
  bool enters(int me) {
    wants_[me].store(1, store_order);  // BUG: unless both orders are seq_cst
    return wants_[1 - me].load(load_order) == 0;
  }

 private:
  sync::atomic<int> wants_[2];
};

// The same, and it looks twice.
template <std::memory_order store_order, std::memory_order load_order>
class DoorsLookedAtTwice {
 public:
  bool enters(int me) {
    wants_[me].store(1, store_order);
    return wants_[1 - me].load(load_order) == 0 && wants_[1 - me].load(load_order) == 0;
  }

 private:
  sync::atomic<int> wants_[2];
};

using SequentiallyConsistent = Doors<std::memory_order_seq_cst, std::memory_order_seq_cst>;
using Relaxed = Doors<std::memory_order_relaxed, std::memory_order_relaxed>;
using ReleaseAcquire = Doors<std::memory_order_release, std::memory_order_acquire>;
using LooksTwice = DoorsLookedAtTwice<std::memory_order_relaxed, std::memory_order_relaxed>;

}  // namespace racecourse::store_buffering
