// The stacks, proved (S1 and S2).
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/lifo_queue/locked.h>
#include <racecourse/primitives/lifo_queue/treiber.h>
#include <racecourse/primitives/lifo_queue/treiber_hazard.h>
#include <racecourse/scenarios/catalogue.h>
#include <racecourse/scenarios/proofs/two_threads.h>

#include <cassert>
#include <cstddef>
#include <optional>

namespace racecourse::catalogue {
namespace {

template <class Stack, std::size_t argument>
void each_puts_and_gets() {
  Stack stack(argument);
  int got[2] = {};
  in_two_threads([&](int me) {
    stack.put(me + 1);
    const std::optional<int> item = stack.try_get();
    assert(item);
    got[me] = *item;
  });
  assert(got[0] + got[1] == 3 && (got[0] == 1 || got[0] == 2));
  assert(stack.empty());
}

const char* const kEach = "two threads put an item and get one each";

const ProofRegistration proofs[] = {
    {"lifo_queue", "locked", proves(kEach), each_puts_and_gets<lifo_queue::Locked<int>, 2>},
    {"lifo_queue", "treiber", proves("one thread gets, one gets and puts, and one only gets")},
    {"lifo_queue", "treiber_hazard", proves(kEach), each_puts_and_gets<lifo_queue::TreiberHazard<int>, 1>},
};

}  // namespace
}  // namespace racecourse::catalogue
