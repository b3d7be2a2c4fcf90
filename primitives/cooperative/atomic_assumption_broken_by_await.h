// Broken: the read and the write look like one step, since nobody can interrupt a task; but the co_await between them
// lets everybody run. What others deposit meanwhile is overwritten (against C5). There is no data race: it is one
// thread.
#pragma once

#include <racecourse/primitives/cooperative/loop.h>

#include <chrono>

namespace racecourse::cooperative {

class AtomicAssumptionBrokenByAwait {
 public:
  AtomicAssumptionBrokenByAwait(Loop& loop, long opening) : loop_(loop), balance_(opening) {}

  Task deposit(long amount) {
    const long before = balance_;
    co_await loop_.sleep_for(std::chrono::milliseconds(1));  // asks the bank; others run meanwhile
    balance_ = before + amount;                              // BUG: others deposited
  }

  long balance() const { return balance_; }

 private:
  Loop& loop_;
  long balance_;
};

}  // namespace racecourse::cooperative
