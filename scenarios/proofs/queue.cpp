// The queues, proved (Q1, Q2, Q4, Q5).
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/queue/locked.h>
#include <racecourse/primitives/queue/michael_scott.h>
#include <racecourse/scenarios/catalogue.h>
#include <racecourse/scenarios/proofs/two_threads.h>

#include <cassert>
#include <cstddef>

namespace racecourse::catalogue {
namespace {

template <class Queue, std::size_t argument>
void each_puts_and_gets() {
  Queue queue(argument);
  int got[2] = {};
  in_two_threads([&](int me) {
    queue.put(me + 1);
    got[me] = queue.get();
  });
  assert(got[0] + got[1] == 3 && (got[0] == 1 || got[0] == 2));
  assert(queue.empty());
}

// A full queue holds the one who puts, an empty one the one who gets.
template <class Queue>
void two_through_a_queue_of_one() {
  Queue queue(1);
  in_two_threads([&](int me) {
    for (int item = 1; item <= 2; item++) {
      if (me == 0) {
        queue.put(item);
      } else {
        assert(queue.get() == item);
      }
    }
  });
  assert(queue.empty());
}

const char* const kEach = "two threads put an item and get one each";

const ProofRegistration proofs[] = {
    {"queue", "locked", proves("one thread puts two items, another gets them, and one has room"),
     two_through_a_queue_of_one<queue::Locked<int>>},
    {"queue", "spsc_ring", proves("one thread puts three items, another gets them, and two have room")},
    {"queue", "michael_scott", proves(kEach), each_puts_and_gets<queue::MichaelScott<int>, 1>},
    {"queue", "mpmc_ring", proves("two threads put two items and get two each")},
};

}  // namespace
}  // namespace racecourse::catalogue
