#include <cassert>
#include <thread>

#include "my_transfer.h"

using racecourse::account::my_transfer;
using racecourse::account::Shared;

void test() {
  Shared from(7), to(0);
  std::thread one([&] { my_transfer(from, to, 2); });
  one.join();
  assert(from.balance == 5);
}
