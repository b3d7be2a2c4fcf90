// Broken: two threads can both pass the test before either subtracts. From 1000, two withdrawals of 800 leave -600
// (against A1); and every pair of accesses is a data race.
#pragma once

#include <racecourse/primitives/account/account.h>

#include <chrono>
#include <thread>

namespace racecourse::account {

class CheckThenAct {
 public:
  explicit CheckThenAct(Money opening) : balance_(checked(opening)) {}

  bool withdraw(Money amount) {
    checked(amount);
    if (balance_ < amount) return false;
    // Work between test and subtraction, as the notes imitate it. Not only for time: without a call here g++ reads the
    // balance once for both lines, and two withdrawals leave 200 instead of -600. A data race has no right answer.
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    balance_ -= amount;  // BUG: no lock
    return true;
  }

  void deposit(Money amount) {
    checked(amount);
    balance_ += amount;
  }

  Money balance() const { return balance_; }

 private:
  Money balance_;
};

}  // namespace racecourse::account
