#include <racecourse/primitives/queue/freed_at_once.h>
#include <racecourse/primitives/queue/michael_scott.h>
#include <racecourse/primitives/queue/mpmc_ring.h>
#include <racecourse/primitives/queue/published_unfilled.h>
#include <racecourse/primitives/queue/relaxed_publish.h>
#include <racecourse/primitives/queue/spsc_ring.h>
#include <racecourse/scenarios/relacy/suites.h>

#include <optional>
#include <set>

namespace racecourse::catalogue {
namespace {

// Q1 and Q5: three items through a ring of two, so that it is full, and goes round.
template <class Ring>
struct OneProducerOneConsumer : relacy::Suite<OneProducerOneConsumer<Ring>, 2> {
  Ring ring{2};

  void run(unsigned thread) {
    for (int item = 1; item <= 3; item++) {
      if (thread == 0) {
        ring.put(item);
      } else {
        RL_ASSERT(ring.get() == item);
      }
    }
  }
};

// One producer too many.
struct TwoProducers : relacy::Suite<TwoProducers, 2> {
  queue::SpscRing<int> ring{2};

  void run(unsigned thread) { ring.put(static_cast<int>(thread) + 1); }
  void after() {
    const std::optional<int> one = ring.try_get(), other = ring.try_get();
    RL_ASSERT(one && other && *one + *other == 3);
  }
};

// Q1 and Q2: two threads, each of them producer and consumer.
template <class Queue, std::size_t argument>
struct BothPutAndGet : relacy::Suite<BothPutAndGet<Queue, argument>, 2> {
  Queue queue{argument};
  int got[2][2];

  void run(unsigned thread) {
    for (int round = 0; round < 2; round++) {
      queue.put(10 * (static_cast<int>(thread) + 1) + round);
      got[thread][round] = queue.get();
    }
  }
  void after() {
    RL_ASSERT(std::set<int>({got[0][0], got[0][1], got[1][0], got[1][1]}) == std::set<int>({10, 11, 20, 21}));
    for (const auto& mine : got) RL_ASSERT(mine[0] / 10 != mine[1] / 10 || mine[0] < mine[1]);
    RL_ASSERT(queue.empty());
  }
};

const RelacyRegistration registration{{
    {"queue/spsc_ring", relacy::check<OneProducerOneConsumer<queue::SpscRing<int>>>},
    {"queue/michael_scott", relacy::check<BothPutAndGet<queue::MichaelScott<int>, 1>>},
    {"queue/mpmc_ring", relacy::check<BothPutAndGet<queue::MpmcRing<int>, 2>>},
    {"queue/relaxed_publish", relacy::check<OneProducerOneConsumer<queue::RelaxedPublish<int>>>},
    {"queue/two_producers", relacy::check<TwoProducers>},
    {"queue/freed_at_once", relacy::check<BothPutAndGet<queue::FreedAtOnce<int>, 1>>},
    {"queue/published_unfilled", relacy::check<BothPutAndGet<queue::PublishedUnfilled<int>, 2>>},
}};

}  // namespace
}  // namespace racecourse::catalogue
