#include <racecourse/primitives/lifo_queue/aba.h>
#include <racecourse/primitives/lifo_queue/node_back_too_soon.h>
#include <racecourse/primitives/lifo_queue/plain_next.h>
#include <racecourse/primitives/lifo_queue/stale_next.h>
#include <racecourse/primitives/lifo_queue/treiber.h>
#include <racecourse/primitives/lifo_queue/treiber_hazard.h>
#include <racecourse/primitives/lifo_queue/use_after_pop.h>
#include <racecourse/scenarios/relacy/suites.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

namespace racecourse::catalogue {
namespace {

// S2 and S5: two threads get, a third gets and puts.
template <class Stack, std::size_t argument>
struct TwoGetAndOneReplaces : relacy::Suite<TwoGetAndOneReplaces<Stack, argument>, 3> {
  Stack stack{argument};
  std::optional<int> got[3];

  void before() {
    stack.put(1);
    stack.put(2);
  }
  void run(unsigned thread) {
    got[thread] = stack.try_get();
    if (thread == 2) stack.put(3);
  }
  void after() {
    std::vector<int> items;
    for (const std::optional<int>& item : got) {
      if (item) items.push_back(*item);
    }
    for (int i = 0; i < 4; i++) {
      if (const std::optional<int> item = stack.try_get()) items.push_back(*item);
    }
    std::sort(items.begin(), items.end());
    RL_ASSERT(items == std::vector<int>({1, 2, 3}));
    RL_ASSERT(stack.empty());
  }
};

const RelacyRegistration registration{{
    {"lifo_queue/treiber", relacy::check<TwoGetAndOneReplaces<lifo_queue::Treiber<int>, 2>>},
    {"lifo_queue/treiber_hazard", relacy::check<TwoGetAndOneReplaces<lifo_queue::TreiberHazard<int>, 1>>},
    {"lifo_queue/aba", relacy::check<TwoGetAndOneReplaces<lifo_queue::Aba<int>, 2>>},
    {"lifo_queue/plain_next", relacy::check<TwoGetAndOneReplaces<lifo_queue::PlainNext<int>, 2>>},
    {"lifo_queue/stale_next", relacy::check<TwoGetAndOneReplaces<lifo_queue::StaleNext<int>, 2>>},
    {"lifo_queue/node_back_too_soon", relacy::check<TwoGetAndOneReplaces<lifo_queue::NodeBackTooSoon<int>, 2>>},
    {"lifo_queue/use_after_pop", relacy::check<TwoGetAndOneReplaces<lifo_queue::UseAfterPop<int>, 1>>},
}};

}  // namespace
}  // namespace racecourse::catalogue
