// The checks of a stop flag: S1 to S3 of contracts/racecourse/primitives/stop_flag/stop_flag.h.
#undef NDEBUG  // the checks report through assert, whatever the build type
#include <racecourse/scenarios/lab/checks.h>

#include <cassert>
#include <chrono>
#include <thread>

#include "my_stop_flag.h"

namespace {

using racecourse::stop_flag::MyStopFlag;

void step() { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }

void is_down_then_up() {
  MyStopFlag flag;
  assert(!flag.requested());
  flag.request();
  assert(flag.requested());
  flag.request();
  assert(flag.requested());
}

// S1 and S2: it ends, and sees the last order, which was written before the request.
void worker_stops() {
  MyStopFlag flag;
  int last_order = 0;
  std::thread worker([&] {
    while (!flag.requested()) step();
    assert(last_order == 42);
  });
  last_order = 42;
  flag.request();
  worker.join();
}

// S2 without a loop: whoever sees the flag up, sees the order.
void order_is_seen() {
  MyStopFlag flag;
  int last_order = 0;
  std::thread worker([&] {
    if (flag.requested()) assert(last_order == 42);
  });
  last_order = 42;
  flag.request();
  worker.join();
}

void two_workers_stop() {
  MyStopFlag flag;
  auto work = [&] {
    while (!flag.requested()) step();
  };
  std::thread first(work), second(work);
  flag.request();
  first.join();
  second.join();
}

const racecourse::lab::Bodies bodies{{
    {"is_down_then_up", is_down_then_up},
    {"worker_stops", worker_stops},
    {"order_is_seen", order_is_seen},
    {"two_workers_stop", two_workers_stop},
}};

}  // namespace
