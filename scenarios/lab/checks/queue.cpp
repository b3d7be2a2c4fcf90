// The checks of a queue: Q1 to Q6 of contracts/racecourse/primitives/queue/queue.h.
#undef NDEBUG  // the checks report through assert, whatever the build type
#include <racecourse/scenarios/lab/checks.h>

#include <cassert>
#include <chrono>
#include <optional>
#include <thread>

#include "my_queue.h"

namespace {

using Queue = racecourse::queue::MyQueue<int>;
using namespace std::chrono_literals;

void first_in_first_out() {
  Queue queue(2);
  queue.put(1);
  assert(queue.try_put(2));
  int three = 3;
  assert(!queue.try_put(three));
  assert(!queue.try_put_for(three, 1ms));
  assert(queue.full() && queue.qsize() == 2);
  assert(queue.get() == 1);
  assert(queue.get() == 2);
  assert(queue.empty());
  assert(!queue.try_get());
  assert(!queue.try_get_for(1ms));
}

void join_counts() {
  Queue queue;
  queue.put(1);
  queue.get();
  queue.task_done();
  queue.join();
}

// Q1, Q2 and Q5, through a queue of one, so that both sides wait.
void hand_over() {
  Queue queue(1);
  std::thread producer([&] {
    queue.put(1);
    queue.put(2);
  });
  std::thread consumer([&] {
    assert(queue.get() == 1);
    assert(queue.get() == 2);
  });
  producer.join();
  consumer.join();
}

void one_only_looks() {
  Queue queue(2);
  std::thread worker([&] { queue.put(1); });
  std::thread reader([&] { assert(queue.qsize() <= 1); });
  worker.join();
  reader.join();
}

// Q4: two getters sleep, and two items come. A queue of one: the putter may have to sleep beside them.
template <int kMost>
void two_getters() {
  Queue queue(kMost);
  int first_got = 0, second_got = 0;
  std::thread first([&] { first_got = queue.get(); });
  std::thread second([&] { second_got = queue.get(); });
  queue.put(1);
  queue.put(2);
  first.join();
  second.join();
  assert(first_got + second_got == 3 && first_got * second_got == 2);
}

void getter_sleeps() {
  Queue queue;
  std::thread getter([&] { queue.get(); });
  getter.join();  // nobody puts
  assert(false);
}

void putter_sleeps() {
  Queue queue(1);
  queue.put(1);
  std::thread putter([&] { queue.put(2); });
  putter.join();  // nobody gets
  assert(false);
}

const racecourse::lab::Bodies bodies{{
    {"first_in_first_out", first_in_first_out},
    {"join_counts", join_counts},
    {"hand_over", hand_over},
    {"one_only_looks", one_only_looks},
    {"two_getters", two_getters<0>},
    {"two_getters_of_one", two_getters<1>},
    {"getter_sleeps", getter_sleeps, racecourse::lab::Ends::asleep},
    {"putter_sleeps", putter_sleeps, racecourse::lab::Ends::asleep},
}};

}  // namespace
