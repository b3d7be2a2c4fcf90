#include <cassert>
#include <thread>

#include "my_semaphore.h"

using racecourse::semaphore::MySemaphore;

// Two wait for permits that come one by one; what was written before a permit came is seen after it was taken. And
// meanwhile somebody looks.
void test() {
  MySemaphore semaphore(0);
  int word = 0;
  const auto take = [&] {
    semaphore.acquire();
    assert(word == 7);
  };
  std::thread one(take), other(take);
  word = 7;
  semaphore.release();
  const int left = semaphore.value();
  assert(left == 0 || left == 1);
  semaphore.release();
  one.join();
  other.join();
  assert(semaphore.value() == 0 && !semaphore.try_acquire());
}
