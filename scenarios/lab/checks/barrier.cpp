// The checks of a barrier: B1 to B5 of contracts/racecourse/primitives/barrier/barrier.h.
#undef NDEBUG  // the checks report through assert, whatever the build type
#include <racecourse/scenarios/lab/checks.h>

#include <cassert>
#include <chrono>
#include <thread>

#include "my_barrier.h"

namespace {

using racecourse::barrier::BrokenBarrier;
using racecourse::barrier::MyBarrier;
using namespace std::chrono_literals;

// False if the barrier was broken.
bool passes(MyBarrier& barrier) {
  try {
    barrier.wait();
    return true;
  } catch (const BrokenBarrier&) {
    return false;
  }
}

void alone() {
  MyBarrier barrier(1);
  assert(barrier.parties() == 1);
  assert(barrier.wait() == 0);
  assert(barrier.wait() == 0);
}

// B5 in one thread.
void broken_until_reset() {
  MyBarrier barrier(2, 1ms);
  assert(!passes(barrier));
  assert(barrier.broken());
  assert(!passes(barrier));
  barrier.reset();
  assert(!barrier.broken());
}

// B1, B2 and B4: in every phase each writes its own part, and after the barrier reads the other's.
void two_in_step() {
  MyBarrier barrier(2);
  int done[2][2] = {};  // [phase][thread]; written before the barrier, read after it
  auto work = [&](int me) {
    for (int phase = 0; phase < 2; phase++) {
      done[phase][me] = 1;
      barrier.wait();
      assert(done[phase][1 - me] == 1);
    }
  };
  std::thread first(work, 0), second(work, 1);
  first.join();
  second.join();
}

// B5: one gives up after a millisecond, the other comes late.
void one_is_late() {
  MyBarrier barrier(2);
  bool server_passed = false, client_passed = false;
  std::thread server([&] {
    try {
      barrier.wait_for(1ms);
      server_passed = true;
    } catch (const BrokenBarrier&) {
    }
  });
  std::thread client([&] {
    std::this_thread::sleep_for(10ms);
    client_passed = passes(barrier);
  });
  server.join();
  client.join();
  assert(server_passed == client_passed);
}

// Who waits when the barrier is reset is sent away.
void reset_while_one_waits() {
  MyBarrier barrier(2);
  std::thread waiter([&] { assert(!passes(barrier)); });
  while (barrier.n_waiting() == 0) std::this_thread::yield();
  barrier.reset();
  waiter.join();
  assert(!barrier.broken());
}

void three_in_step() {
  MyBarrier barrier(3);
  unsigned places[3] = {};
  std::thread threads[3];
  for (int i = 0; i < 3; i++) threads[i] = std::thread([&, i] { places[i] = barrier.wait(); });
  for (std::thread& thread : threads) thread.join();
  assert(places[0] + places[1] + places[2] == 3 && places[0] * places[1] * places[2] == 0);
}

void waits_asleep() {
  MyBarrier barrier(2);
  std::thread waits([&] { barrier.wait(); });
  waits.join();  // nobody else comes
  assert(false);
}

const racecourse::lab::Bodies bodies{{
    {"alone", alone},
    {"broken_until_reset", broken_until_reset},
    {"two_in_step", two_in_step},
    {"one_is_late", one_is_late},
    {"reset_while_one_waits", reset_while_one_waits},
    {"three_in_step", three_in_step},
    {"waits_asleep", waits_asleep, racecourse::lab::Ends::asleep},
}};

}  // namespace
