#include <cassert>
#include <thread>

#include "my_queue.h"

using Queue = racecourse::queue::MyQueue<int>;

void test() {
  Queue queue(2);
  std::thread one([&] { queue.put(7); });
  one.join();
  assert(queue.get() == 7);
}
