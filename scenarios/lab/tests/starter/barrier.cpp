#include <cassert>
#include <thread>

#include "my_barrier.h"

using racecourse::barrier::MyBarrier;

void test() {
  MyBarrier barrier(2);
  std::thread one([&] { barrier.wait(); });
  barrier.wait();
  one.join();
  assert(!barrier.broken());
}
