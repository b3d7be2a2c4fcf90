// Broken: every change is locked, but the reader takes no lock: a data race. A lock protects only against those who
// take it. On most machines the value read is right, which is why this one lives long.
#pragma once

#include <racecourse/primitives/account/account.h>

#include <mutex>

namespace racecourse::account {

class ReadBalanceUnlocked {
 public:
  explicit ReadBalanceUnlocked(Money opening) : balance_(checked(opening)) {}

  bool withdraw(Money amount) {
    checked(amount);
    std::lock_guard guard(mutex_);
    if (balance_ < amount) return false;
    balance_ -= amount;  // A1: nobody has changed it since the test
    return true;
  }

  void deposit(Money amount) {
    checked(amount);
    std::lock_guard guard(mutex_);
    balance_ += amount;
  }

  Money balance() const {
    return balance_;  // BUG: unlocked read
  }

 private:
  mutable std::mutex mutex_;
  Money balance_;  // guarded by mutex_
};

}  // namespace racecourse::account
