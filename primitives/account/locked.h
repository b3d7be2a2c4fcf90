// The plain solution: one mutex an account, held for the test and the subtraction together.
#pragma once

#include <racecourse/primitives/account/account.h>

#include <mutex>

namespace racecourse::account {

class Locked {
 public:
  explicit Locked(Money opening) : balance_(checked(opening)) {}

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
    std::lock_guard guard(mutex_);
    return balance_;
  }

 private:
  mutable std::mutex mutex_;
  Money balance_;  // guarded by mutex_
};

}  // namespace racecourse::account
