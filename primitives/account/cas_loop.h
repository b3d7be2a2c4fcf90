// Without a lock: the subtraction happens only if the balance is still the one that was tested.
#pragma once

#include <racecourse/primitives/account/account.h>
#include <racecourse/primitives/sync/sync.h>

namespace racecourse::account {

// All accesses are relaxed: the balance publishes no other data, and all threads agree on the order of changes to one
// atomic whatever the memory order.
class CasLoop {
 public:
  explicit CasLoop(Money opening) : balance_(checked(opening)) {}

  bool withdraw(Money amount) {
    checked(amount);
    Money seen = balance_.load(std::memory_order_relaxed);
    do {
      if (seen < amount) return false;
      // A1: succeeds only if the balance is `seen`, of which the test was true. A failure reads it anew into `seen`.
    } while (!balance_.compare_exchange_weak(seen, seen - amount, std::memory_order_relaxed));
    return true;
  }

  void deposit(Money amount) { balance_.fetch_add(checked(amount), std::memory_order_relaxed); }

  Money balance() const { return balance_.load(std::memory_order_relaxed); }

 private:
  sync::atomic<Money> balance_;
};

}  // namespace racecourse::account
