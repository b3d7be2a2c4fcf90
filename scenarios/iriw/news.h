// Two pieces of news, each with its own writer. With the alias header's types, so that Relacy can run it too.
#pragma once

#include <racecourse/primitives/sync/sync.h>

namespace racecourse::iriw {

struct Seen {
  bool first = false, then = false;
  bool one_without_the_next() const { return first && !then; }
};

template <std::memory_order store_order, std::memory_order load_order>
class News {
 public:
  void print(int which) { is_out_[which].store(1, store_order); }  // BUG: unless all orders are seq_cst

  // Looks at `which`, then at the other one.
  Seen look(int which) {
    const bool first = is_out_[which].load(load_order) == 1;
    const bool then = is_out_[1 - which].load(load_order) == 1;
    return {first, then};
  }

 private:
  sync::atomic<int> is_out_[2];
};

using SequentiallyConsistent = News<std::memory_order_seq_cst, std::memory_order_seq_cst>;
using Relaxed = News<std::memory_order_relaxed, std::memory_order_relaxed>;
using ReleaseAcquire = News<std::memory_order_release, std::memory_order_acquire>;
using SequentialStores = News<std::memory_order_seq_cst, std::memory_order_acquire>;

}  // namespace racecourse::iriw
