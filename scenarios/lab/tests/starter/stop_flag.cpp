#include <cassert>
#include <thread>

#include "my_stop_flag.h"

using racecourse::stop_flag::MyStopFlag;

void test() {
  MyStopFlag flag;
  std::thread one([&] { flag.request(); });
  one.join();
  assert(flag.requested());
}
