// Moving money between two accounts needs both locks. Taken in one global order, they cannot be waited for in a circle.
#pragma once

#include <racecourse/primitives/account/shared.h>

#include <functional>
#include <mutex>
#include <utility>

namespace racecourse::account {

// std::scoped_lock(from.mutex, to.mutex) is the other right answer: it takes them in any order, and lets go and starts
// again whenever one is busy.
inline bool transfer(Shared& from, Shared& to, Money amount) {
  checked(amount);
  if (&from == &to) {  // one lock, which must not be taken twice
    std::lock_guard guard(from.mutex);
    return from.balance >= amount;
  }
  Shared* first = &from;
  Shared* second = &to;
  // A3: whoever waits here holds only locks with lower addresses than the one it waits for.
  if (std::less<Shared*>()(second, first)) std::swap(first, second);
  std::lock_guard outer(first->mutex);
  std::lock_guard inner(second->mutex);
  if (from.balance < amount) return false;
  from.balance -= amount;
  to.balance += amount;
  return true;
}

}  // namespace racecourse::account
