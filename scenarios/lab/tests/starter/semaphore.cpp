#include <cassert>
#include <thread>

#include "my_semaphore.h"

using racecourse::semaphore::MySemaphore;

void test() {
  MySemaphore semaphore(1);
  std::thread one([&] { semaphore.acquire(); });
  one.join();
  assert(semaphore.value() == 0);
}
