#include <cassert>
#include <semaphore>
#include <thread>

#include "my_stop_flag.h"

using racecourse::stop_flag::MyStopFlag;

void test() {
  MyStopFlag flag;
  std::thread one([&] { flag.request(); });
  one.join();
  flag.wait();
  assert(flag.requested());
}

void sleeps() {
  std::binary_semaphore never(0);
  never.acquire();  // sleeps, but not in my_stop_flag.h
}
