// A balance whose change has to wait first: read and write stand together after the wait, so they need no mutex.
#pragma once

#include <racecourse/primitives/cooperative/loop.h>

#include <chrono>

namespace racecourse::cooperative {

class NoAwaitBetween {
 public:
  NoAwaitBetween(Loop& loop, long opening) : loop_(loop), balance_(opening) {}

  Task deposit(long amount) {
    co_await loop_.sleep_for(std::chrono::milliseconds(1));  // asks the bank; others run meanwhile
    balance_ += amount;                                      // C5: read and written in one turn, after the wait (C1)
  }

  long balance() const { return balance_; }

 private:
  Loop& loop_;
  long balance_;
};

}  // namespace racecourse::cooperative
