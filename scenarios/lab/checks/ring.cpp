// The checks of a ring for one producer and one consumer: Q1 to Q5 of contracts/racecourse/primitives/queue/queue.h.
#undef NDEBUG  // the checks report through assert, whatever the build type
#include <racecourse/scenarios/lab/checks.h>

#include <cassert>
#include <optional>
#include <thread>

#include "my_ring.h"

namespace {

using Ring = racecourse::queue::MyRing<int>;

void first_in_first_out() {
  Ring ring(2);
  ring.put(1);
  assert(ring.try_put(2));
  assert(!ring.try_put(3));
  assert(ring.get() == 1);
  assert(ring.get() == 2);
  assert(!ring.try_get());
}

void one_item() {
  Ring ring(2);
  std::thread producer([&] { ring.put(1); });
  const std::optional<int> got = ring.try_get();
  assert(!got || *got == 1);
  producer.join();
}

// Three items through a ring of two, so that it is full, and goes round.
void three_items() {
  Ring ring(2);
  std::thread producer([&] {
    for (int item = 1; item <= 3; item++) ring.put(item);
  });
  std::thread consumer([&] {
    for (int item = 1; item <= 3; item++) assert(ring.get() == item);
  });
  producer.join();
  consumer.join();
  assert(ring.empty());
}

const racecourse::lab::Bodies bodies{{
    {"first_in_first_out", first_in_first_out},
    {"one_item", one_item},
    {"three_items", three_items},
}};

}  // namespace
