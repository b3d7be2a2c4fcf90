#include <cassert>
#include <thread>

#include "my_lock.h"

using racecourse::lock::MyLock;

// What is changed under the lock needs nothing else, and each of three gets it.
void test() {
  MyLock lock;
  int visits = 0;  // guarded by lock
  const auto visit = [&] {
    lock.acquire();
    visits += 2;
    lock.release();
  };
  std::thread one(visit), other(visit);
  visit();
  one.join();
  other.join();
  assert(visits == 6);
}

void sleeps() {
  MyLock lock;
  lock.acquire();
  std::thread late([&] { lock.acquire(); });
  late.join();
}
