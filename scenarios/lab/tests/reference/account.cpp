#include <cassert>
#include <thread>

#include "my_account.h"

using racecourse::account::Money;
using racecourse::account::MyAccount;

// There is enough for either of them, but not for both; and meanwhile somebody looks.
void test() {
  MyAccount account(50);
  bool mine = false, yours = false;
  std::thread me([&] { mine = account.withdraw(30); });
  std::thread you([&] { yours = account.withdraw(40); });
  const Money seen = account.balance();
  assert(seen == 50 || seen == 20 || seen == 10);
  me.join();
  you.join();
  assert(mine != yours);
  assert(account.balance() == (mine ? 20 : 10));
}
