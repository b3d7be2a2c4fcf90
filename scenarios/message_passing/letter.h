// A letter in two parts: the text, then the flag that says that it is there. With the alias header's types, so that
// Relacy can run it too. The text is atomic and relaxed, so nothing here is a data race.
#pragma once

#include <racecourse/primitives/sync/sync.h>

namespace racecourse::message_passing {

enum class Read { nothing, all, flag_only };

template <std::memory_order store_order, std::memory_order load_order>
class Letter {
 public:
  void write() {
    text_.store(42, std::memory_order_relaxed);
    arrived_.store(1, store_order);  // BUG: unless it releases
  }

  Read read() {
    if (arrived_.load(load_order) == 0) return Read::nothing;  // BUG: unless it acquires
    return text_.load(std::memory_order_relaxed) == 42 ? Read::all : Read::flag_only;
  }

 private:
  sync::atomic<int> text_, arrived_;
};

using Relaxed = Letter<std::memory_order_relaxed, std::memory_order_relaxed>;
using ReleaseAcquire = Letter<std::memory_order_release, std::memory_order_acquire>;
using ReleaseAlone = Letter<std::memory_order_release, std::memory_order_relaxed>;
using AcquireAlone = Letter<std::memory_order_relaxed, std::memory_order_acquire>;

}  // namespace racecourse::message_passing
