#include <cassert>
#include <thread>

#include "my_ring.h"

using Ring = racecourse::queue::MyRing<int>;

void test() {
  Ring ring(2);
  std::thread one([&] { ring.put(7); });
  one.join();
  assert(ring.get() == 7);
}
