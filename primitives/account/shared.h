// An account whose lock the transfers take themselves: a transfer needs two at a time.
#pragma once

#include <racecourse/primitives/account/account.h>

#include <mutex>

namespace racecourse::account {

struct Shared {
  explicit Shared(Money opening) : balance(checked(opening)) {}
  std::mutex mutex;
  Money balance;  // guarded by mutex
};

}  // namespace racecourse::account
