// Account: a balance that several threads draw on.
//
// Operations
//   withdraw(n)               takes n if the balance covers it: true if it did
//   deposit(n)                adds n
//   balance()                 what it was at some moment during the call
//   transfer(from, to, n)     moves n if `from` covers it: true if it did (ordered_transfer.h)
//
// Invariants (the code cites them by number)
//   A1  The balance is never negative, not even for a moment.
//   A2  Money is conserved: the balance is what it began with, plus the deposits, less the withdrawals that returned
//       true; a transfer changes the sum of two accounts at no moment that a third thread could observe under both
//       locks.
//   A3  Every operation ends, whatever the others do.
//
// Errors: a negative amount or opening balance throws std::invalid_argument and changes nothing. A balance that is too
// small is no error: withdraw() and transfer() return false.
//
// Ordering promise: `Locked` orders everything before one operation before the next operation on that account, as its
// mutex does. `CasLoop` orders nothing but the balance itself: it guards no other data.
//
// Misuse
//   - `if (account.balance() >= 800) account.withdraw(800)`: the answer is out of date; use withdraw()'s result
//   - two atomic steps taken for one (atomic_but_not_together.h): each is safe, both together are not
//   - adding up two balances that were read one after the other while a transfer may run between
//
// Python: the class with a balance of 1000 from which two threads withdraw 800.
//   with lock:                                      if (account.withdraw(800)) ...
//     if acc.balance >= 800: acc.balance -= 800
// There the sum ends at -600 as well, and for the same reason: the threads switch between the test and the subtraction.
// What the global interpreter lock hides: `balance -= 800` alone is three bytecodes there too, but a switch inside it
// is so rare that the program seems right without a sleep. In C++ two unlocked accesses are a data race, and the
// compiler may read the balance once, twice, or keep it in a register.
//
// Example
//   racecourse::account::Locked account(1000);
//   bool a, b;
//   std::thread first([&] { a = account.withdraw(800); }), second([&] { b = account.withdraw(800); });
//   first.join(), second.join();
//   // exactly one of a and b is true; account.balance() == 200
//
// Variants                                        differs from          fault
//   locked.h                   Locked
//   cas_loop.h                 CasLoop
//   ordered_transfer.h         transfer()
//   check_then_act.h           CheckThenAct          locked.h              test and subtraction under no lock
//   read_balance_unlocked.h    ReadBalanceUnlocked   locked.h              the reader takes no lock
//   atomic_but_not_together.h  AtomicButNotTogether  cas_loop.h            two atomic steps, not one
//   abba_transfer.h            abba_transfer()       ordered_transfer.h    locks in the order of the arguments
#pragma once

#include <stdexcept>

namespace racecourse::account {

using Money = long;

inline Money checked(Money amount) {
  if (amount < 0) throw std::invalid_argument("an amount of money must not be negative");
  return amount;
}

}  // namespace racecourse::account
