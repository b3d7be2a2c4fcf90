// Broken: each transfer locks its own `from` first. Two transfers in opposite directions can each hold one lock and
// wait for the other for ever (against A3).
#pragma once

#include <racecourse/primitives/account/shared.h>

#include <mutex>

namespace racecourse::account {

inline bool abba_transfer(Shared& from, Shared& to, Money amount) {
  checked(amount);
  if (&from == &to) {  // one lock, which must not be taken twice
    std::lock_guard guard(from.mutex);
    return from.balance >= amount;
  }
  std::lock_guard outer(from.mutex);
  std::lock_guard inner(to.mutex);  // BUG: argument order
  if (from.balance < amount) return false;
  from.balance -= amount;
  to.balance += amount;
  return true;
}

}  // namespace racecourse::account
