#include <cassert>
#include <thread>

#include "account.h"

extern "C" int interest(int balance);

int main() {
  assert(withdrawals == 0);
  Account account(1000);
  std::thread first([&] { account.withdraw(800); });
  std::thread second([&] { account.withdraw(800); });
  first.join();
  second.join();
  assert(account.balance() >= 0);
  return interest(account.balance()) == 20 ? 0 : 1;
}
