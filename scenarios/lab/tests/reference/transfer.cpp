#include <cassert>
#include <mutex>
#include <thread>

#include "my_transfer.h"

using racecourse::account::my_transfer;
using racecourse::account::Shared;

// Three transfers that meet in b, two of them in opposite directions.
void meet() {
  Shared a(10), b(10), c(10);
  std::thread there([&] { my_transfer(a, b, 3); });
  std::thread back([&] { my_transfer(b, a, 5); });
  std::thread onward([&] { my_transfer(b, c, 1); });
  there.join();
  back.join();
  onward.join();
  assert(a.balance == 12 && b.balance == 7 && c.balance == 11);
}

void test() {
  Shared same(10);
  assert(my_transfer(same, same, 4));
  // Who waits for one account does not hold up the others.
  Shared taken(10), a(10), b(10);
  std::unique_lock guard(taken.mutex);
  std::thread waits([&] { my_transfer(taken, a, 1); });
  std::thread passes([&] { my_transfer(b, same, 1); });
  passes.join();
  guard.unlock();
  waits.join();
  meet();
}
