#include <cassert>
#include <thread>

#include "my_lock.h"

using racecourse::lock::MyLock;

// What is changed under the lock needs nothing else, also between those who only try.
void test() {
  MyLock lock;
  int visits = 0;  // guarded by lock
  const auto visit = [&] {
    lock.acquire();
    visits += 2;
    lock.release();
  };
  std::thread one(visit), other(visit);
  if (lock.try_acquire()) {
    visits += 2;
    lock.release();
  }
  one.join();
  other.join();
  assert(visits == 4 || visits == 6);
}
