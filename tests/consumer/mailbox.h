// One letter from one thread to another, by a flag: right, and with a flag that publishes nothing.
#pragma once

#include <racecourse/primitives/sync/sync.h>

#include <atomic>
#include <optional>

template <std::memory_order store_order>
class Mailbox {
 public:
  void put(int letter) {
    letter_ = letter;
    full_.store(1, store_order);  // release: publishes the letter; pairs with the acquire in try_get()
  }
  std::optional<int> try_get() {
    if (full_.load(std::memory_order_acquire) == 0) return std::nullopt;
    return int(letter_);
  }

 private:
  racecourse::sync::var<int> letter_{0};
  racecourse::sync::atomic<int> full_{0};
};

using Released = Mailbox<std::memory_order_release>;
using Relaxed = Mailbox<std::memory_order_relaxed>;
