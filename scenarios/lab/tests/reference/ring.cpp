#include <cassert>
#include <optional>
#include <thread>

#include "my_ring.h"

using Ring = racecourse::queue::MyRing<int>;

// Nothing fits in once it is full; and what one side hands over the other side has whole, in both directions.
void test() {
  Ring full(1);
  full.put(7);
  assert(!full.try_put(8));
  Ring ring(1);
  std::thread producer([&] {
    ring.put(7);
    ring.try_put(8);
  });
  const std::optional<int> first = ring.try_get();
  const std::optional<int> second = ring.try_get();
  producer.join();
  assert(!first || *first == 7);
  assert(!second || *second == (first ? 8 : 7));
}
