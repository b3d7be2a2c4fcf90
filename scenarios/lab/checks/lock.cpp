// The checks of a lock: L1 to L3 of contracts/racecourse/primitives/lock/lock.h.
#undef NDEBUG  // the checks report through assert, whatever the build type
#include <racecourse/scenarios/lab/checks.h>

#include <cassert>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "my_lock.h"

namespace {

using racecourse::lock::MyLock;
using namespace std::chrono_literals;

void one_thread() {
  MyLock lock;
  lock.acquire();
  assert(lock.locked());
  assert(!lock.try_acquire());
  assert(!lock.try_acquire_for(1ms));
  lock.release();
  assert(!lock.locked());
  assert(lock.try_acquire());
  lock.release();
}

void stray_release() {
  MyLock lock;
  bool refused = false;
  try {
    lock.release();
  } catch (const std::logic_error&) {
    refused = true;
  }
  assert(refused);
  assert(lock.try_acquire());
  lock.release();
}

template <int kThreads>
void count() {
  MyLock lock;
  int counter = 0;  // guarded by lock
  std::thread threads[kThreads];
  for (std::thread& thread : threads) {
    thread = std::thread([&] {
      lock.acquire();
      counter++;
      lock.release();
    });
  }
  for (std::thread& thread : threads) thread.join();
  assert(counter == kThreads);
}

void two_come_twice() {
  MyLock lock;
  int counter = 0;  // guarded by lock
  auto work = [&] {
    for (int i = 0; i < 2; i++) {
      lock.acquire();
      counter++;
      lock.release();
    }
  };
  std::thread first(work), second(work);
  first.join();
  second.join();
  assert(counter == 4);
}

// L1 and L2 for those who do not wait.
void one_only_tries() {
  MyLock lock;
  int counter = 0;  // guarded by lock
  std::thread first([&] {
    lock.acquire();
    counter++;
    lock.release();
  });
  std::thread second([&] {
    if (!lock.try_acquire()) return;
    counter++;
    lock.release();
  });
  first.join();
  second.join();
  assert(counter == 1 || counter == 2);
}

const racecourse::lab::Bodies bodies{{
    {"one_thread", one_thread},
    {"stray_release", stray_release},
    {"two_count", count<2>},
    {"two_come_twice", two_come_twice},
    {"one_only_tries", one_only_tries},
    {"three_count", count<3>},
}};

}  // namespace
