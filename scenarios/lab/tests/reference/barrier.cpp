#include <cassert>
#include <chrono>
#include <thread>

#include "my_barrier.h"

using racecourse::barrier::BrokenBarrier;
using racecourse::barrier::MyBarrier;
using namespace std::chrono_literals;

// False if the barrier was broken. Without a limit it waits as long as it takes.
bool meets(MyBarrier& barrier, bool limited) {
  try {
    if (limited) {
      barrier.wait_for(1ms);
    } else {
      barrier.wait();
    }
    return true;
  } catch (const BrokenBarrier&) {
    return false;
  }
}

// Both meet, or both are told that they do not.
void gives_up() {
  MyBarrier barrier(2);
  bool patient = false;
  std::thread waits([&] { patient = meets(barrier, false); });
  const bool hasty = meets(barrier, true);
  waits.join();
  assert(hasty == patient && barrier.broken() == !hasty);
}

// Who waits is sent away, and then the barrier is as new.
void is_reset() {
  MyBarrier barrier(2);
  bool met = true;
  std::thread waits([&] { met = meets(barrier, false); });
  while (barrier.n_waiting() == 0) std::this_thread::yield();
  barrier.reset();
  waits.join();
  assert(!met);
  std::thread again([&] { assert(meets(barrier, false)); });
  assert(meets(barrier, false));
  again.join();
}

void test() {
  gives_up();
  is_reset();
}
