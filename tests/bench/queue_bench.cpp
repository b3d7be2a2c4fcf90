// Items through a queue. Those for any number of threads: each thread puts one and gets one. Those for one producer and
// one consumer: with two threads, each item goes from the first to the second.
#include <concurrentqueue/blockingconcurrentqueue.h>
#include <concurrentqueue/concurrentqueue.h>
#include <racecourse/primitives/lifo_queue/locked.h>
#include <racecourse/primitives/lifo_queue/treiber.h>
#include <racecourse/primitives/lifo_queue/treiber_hazard.h>
#include <racecourse/primitives/priority_queue/locked.h>
#include <racecourse/primitives/queue/locked.h>
#include <racecourse/primitives/queue/michael_scott.h>
#include <racecourse/primitives/queue/mpmc_ring.h>
#include <racecourse/primitives/queue/spsc_ring.h>
#include <racecourse/tests/bench/compare.h>

#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <boost/lockfree/stack.hpp>
#include <thread>

namespace racecourse::bench {
namespace {

using Item = long;
constexpr std::size_t kRoom = 1024;

template <class Q>
void put(Q& queue, Item item) {
  if constexpr (requires { queue.try_put(item); }) {
    while (!queue.try_put(item)) std::this_thread::yield();
  } else if constexpr (requires { queue.enqueue(item); }) {
    queue.enqueue(item);
  } else {
    while (!queue.push(item)) std::this_thread::yield();
  }
}

template <class Q>
Item get(Q& queue) {
  Item item = 0;
  if constexpr (requires { queue.get(); }) {
    item = queue.get();
  } else if constexpr (requires { queue.wait_dequeue(item); }) {
    queue.wait_dequeue(item);
  } else if constexpr (requires { queue.try_dequeue(item); }) {
    while (!queue.try_dequeue(item)) std::this_thread::yield();
  } else {
    while (!queue.pop(item)) std::this_thread::yield();
  }
  return item;
}

template <class Q>
Q& the_queue() {
  static Q queue(kRoom);
  return queue;
}

template <class Q>
void put_and_get(benchmark::State& state) {
  Q& queue = the_queue<Q>();
  for (auto _ : state) {
    put(queue, 1);
    benchmark::DoNotOptimize(get(queue));
  }
}

template <class Q>
void hand_over(benchmark::State& state) {
  Q& queue = the_queue<Q>();
  for (auto _ : state) {
    if (state.thread_index() == 0) put(queue, 1);
    if (state.thread_index() + 1 == state.threads()) benchmark::DoNotOptimize(get(queue));
  }
}

const bool registered = [] {
  using BoostQueue = boost::lockfree::queue<Item>;
  using Blocking = moodycamel::BlockingConcurrentQueue<Item>;
  using Spsc = boost::lockfree::spsc_queue<Item>;
  compare("queue", "Boost queue", "", "", put_and_get<BoostQueue>);
  compare("queue", "moodycamel", "", "", put_and_get<moodycamel::ConcurrentQueue<Item>>);
  compare("queue", "moodycamel blocking", "", "", put_and_get<Blocking>);
  compare("queue", "Boost spsc_queue", "", "", hand_over<Spsc>, {1, 2});
  compare("queue", "locked", "moodycamel blocking",
          "one mutex for everything, and a wakeup a put; the nearest gives each producer a queue of its own",
          put_and_get<queue::Locked<Item>>);
  compare("queue", "michael_scott", "Boost queue",
          "a node from the allocator for each item; the nearest reuses nodes and never gives their memory back",
          put_and_get<queue::MichaelScott<Item>>);
  compare("queue", "mpmc_ring", "Boost queue", "", put_and_get<queue::MpmcRing<Item>>);
  compare("queue", "spsc_ring", "Boost spsc_queue",
          "a division finds the slot, where the nearest compares with the end; an empty ring is looked at twice",
          hand_over<queue::SpscRing<Item>>, {1, 2});

  constexpr const char* kLocked = "one mutex for everything, and a wakeup a put";
  compare("lifo_queue", "Boost stack", "", "", put_and_get<boost::lockfree::stack<Item>>);
  compare("lifo_queue", "locked", "Boost stack", kLocked, put_and_get<lifo_queue::Locked<Item>>);
  compare("lifo_queue", "treiber", "Boost stack", "", put_and_get<lifo_queue::Treiber<Item>>);
  compare("lifo_queue", "treiber_hazard", "Boost stack",
          "a node from the allocator for each item; the nearest reuses nodes and never gives their memory back",
          put_and_get<lifo_queue::TreiberHazard<Item>>);
  compare("priority_queue", "moodycamel blocking", "", "", put_and_get<Blocking>);
  compare("priority_queue", "locked", "moodycamel blocking", "one mutex, and a heap to keep in order",
          put_and_get<priority_queue::Locked<Item>>);
  return true;
}();

}  // namespace
}  // namespace racecourse::bench
