// A balance whose change has to wait in the middle: a mutex is held from the read to the write.
#pragma once

#include <racecourse/primitives/cooperative/loop.h>
#include <racecourse/primitives/cooperative/mutex.h>

#include <chrono>

namespace racecourse::cooperative {

class LockedAcrossAwait {
 public:
  LockedAcrossAwait(Loop& loop, long opening) : loop_(loop), mutex_(loop), balance_(opening) {}

  Task deposit(long amount) {
    const Mutex::Guard guard = co_await mutex_.lock();  // C5: until the new balance is written
    const long before = balance_;
    co_await loop_.sleep_for(std::chrono::milliseconds(1));  // asks the bank; others run meanwhile
    balance_ = before + amount;
  }

  long balance() const { return balance_; }

 private:
  Loop& loop_;
  Mutex mutex_;
  long balance_;
};

}  // namespace racecourse::cooperative
