// The checks of a semaphore: M1 to M4 of contracts/racecourse/primitives/semaphore/semaphore.h.
#undef NDEBUG  // the checks report through assert, whatever the build type
#include <racecourse/scenarios/lab/checks.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <thread>

#include "my_semaphore.h"

namespace {

using racecourse::semaphore::MySemaphore;
using namespace std::chrono_literals;

void counts() {
  MySemaphore semaphore(2);
  semaphore.acquire();
  assert(semaphore.value() == 1);
  assert(semaphore.try_acquire());
  assert(!semaphore.try_acquire());
  assert(!semaphore.try_acquire_for(1ms));
  semaphore.release();
  semaphore.release();
  semaphore.release();
  assert(semaphore.value() == 3);
}

// M3: the permit comes from another thread.
void one_gets_one() {
  MySemaphore ready(0);
  std::thread getter([&] { ready.acquire(); });
  ready.release();
  getter.join();
  assert(ready.value() == 0);
}

// M4: with one permit, what it guards needs nothing else.
void two_take_turns() {
  MySemaphore semaphore(1);
  int counter = 0;  // guarded by the permit
  auto work = [&] {
    semaphore.acquire();
    counter++;
    semaphore.release();
  };
  std::thread first(work), second(work);
  first.join();
  second.join();
  assert(counter == 2);
}

void one_only_looks() {
  MySemaphore semaphore(1);
  std::thread worker([&] {
    semaphore.acquire();
    semaphore.release();
  });
  std::thread reader([&] {
    const int free = semaphore.value();
    assert(free == 0 || free == 1);
  });
  worker.join();
  reader.join();
}

// M1 and M2. Relaxed, so that the check itself orders nothing.
template <int kPermits>
void three_share() {
  MySemaphore semaphore(kPermits);
  std::atomic<int> inside{0};
  std::thread threads[3];
  for (std::thread& thread : threads) {
    thread = std::thread([&] {
      semaphore.acquire();
      assert(inside.fetch_add(1, std::memory_order_relaxed) < kPermits);
      inside.fetch_sub(1, std::memory_order_relaxed);
      semaphore.release();
    });
  }
  for (std::thread& thread : threads) thread.join();
  assert(semaphore.value() == kPermits);
}

// M3: two sleep, and there are two permits.
void two_get_two() {
  MySemaphore ready(0);
  std::thread first([&] { ready.acquire(); }), second([&] { ready.acquire(); });
  ready.release();
  ready.release();
  first.join();
  second.join();
  assert(ready.value() == 0);
}

void waits_asleep() {
  MySemaphore semaphore(0);
  std::thread waits([&] { semaphore.acquire(); });
  waits.join();  // nobody releases
  assert(false);
}

const racecourse::lab::Bodies bodies{{
    {"counts", counts},
    {"one_gets_one", one_gets_one},
    {"two_take_turns", two_take_turns},
    {"one_only_looks", one_only_looks},
    {"three_share_one", three_share<1>},
    {"three_share_two", three_share<2>},
    {"two_get_two", two_get_two},
    {"waits_asleep", waits_asleep, racecourse::lab::Ends::asleep},
}};

}  // namespace
