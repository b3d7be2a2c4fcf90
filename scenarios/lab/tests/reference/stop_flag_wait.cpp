#include <cassert>
#include <thread>

#include "my_stop_flag.h"

using racecourse::stop_flag::MyStopFlag;

// The request wakes both who sleep, and nobody goes on before it; they see what was written before it.
void test() {
  MyStopFlag flag;
  int word = 0;
  const auto sleep = [&] {
    flag.wait();
    assert(flag.requested() && word == 7);
  };
  std::thread one(sleep), other(sleep);
  word = 7;
  flag.request();
  one.join();
  other.join();
}

void sleeps() {
  MyStopFlag flag;
  flag.wait();
}
