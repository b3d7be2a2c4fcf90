#include <cassert>
#include <thread>

#include "my_account.h"

using racecourse::account::MyAccount;

void test() {
  MyAccount account(7);
  std::thread one([&] { account.deposit(2); });
  one.join();
  assert(account.balance() == 9);
}
