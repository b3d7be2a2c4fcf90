#include <cassert>
#include <semaphore>
#include <thread>

#include "my_lock.h"

using racecourse::lock::MyLock;

void test() {
  MyLock lock;
  std::thread one([&] {
    lock.acquire();
    lock.release();
  });
  one.join();
  assert(!lock.locked());
}

void sleeps() {
  std::binary_semaphore never(0);
  never.acquire();  // sleeps, but not in my_lock.h
}
