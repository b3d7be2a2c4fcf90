#include <cassert>
#include <thread>

#include "my_stop_flag.h"

using racecourse::stop_flag::MyStopFlag;

// Who sees the request sees what was written before it.
void test() {
  MyStopFlag flag;
  int word = 0;
  std::thread asks([&] {
    word = 7;
    flag.request();
  });
  if (flag.requested()) assert(word == 7);
  asks.join();
  assert(flag.requested() && word == 7);
}
