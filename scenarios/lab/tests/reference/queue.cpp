#include <cassert>
#include <thread>

#include "my_queue.h"

using Queue = racecourse::queue::MyQueue<int>;

// Two wait for items, and each gets one; meanwhile somebody looks.
void test() {
  Queue queue(2);
  int mine = 0, yours = 0;
  std::thread me([&] { mine = queue.get(); });
  std::thread you([&] { yours = queue.get(); });
  queue.put(7);
  assert(queue.qsize() < 2);
  queue.put(8);
  me.join();
  you.join();
  assert(mine != yours && mine + yours == 15);
}
