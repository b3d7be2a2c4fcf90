// Broken: the test is atomic, the subtraction is atomic, and another thread fits between (against A1). There is no data
// race: a race detector has nothing to report.
#pragma once

#include <racecourse/primitives/account/account.h>
#include <racecourse/primitives/sync/sync.h>

namespace racecourse::account {

// All accesses are relaxed: the balance publishes no other data, and all threads agree on the order of changes to one
// atomic whatever the memory order.
class AtomicButNotTogether {
 public:
  explicit AtomicButNotTogether(Money opening) : balance_(checked(opening)) {}

  bool withdraw(Money amount) {
    checked(amount);
    if (balance_.load(std::memory_order_relaxed) < amount) return false;
    balance_.fetch_sub(amount, std::memory_order_relaxed);  // BUG: stale test
    return true;
  }

  void deposit(Money amount) { balance_.fetch_add(checked(amount), std::memory_order_relaxed); }

  Money balance() const { return balance_.load(std::memory_order_relaxed); }

 private:
  sync::atomic<Money> balance_;
};

}  // namespace racecourse::account
