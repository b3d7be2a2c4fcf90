#include <cassert>
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
