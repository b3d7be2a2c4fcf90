// The priority queue, proved (P1 and P2).
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/priority_queue/locked.h>
#include <racecourse/scenarios/catalogue.h>
#include <racecourse/scenarios/proofs/two_threads.h>

#include <cassert>

namespace racecourse::catalogue {
namespace {

// The one that is there throughout is the largest, so nobody may get it.
void each_puts_and_gets() {
  priority_queue::Locked<int> queue;
  queue.put(30);
  int got[2] = {};
  in_two_threads([&](int me) {
    queue.put(10 * (me + 1));
    got[me] = queue.get();
  });
  assert(got[0] + got[1] == 30 && (got[0] == 10 || got[0] == 20));
  assert(queue.get() == 30 && queue.empty());
}

const ProofRegistration proof{"priority_queue", "locked", proves("two threads put an item and get one each"),
                              each_puts_and_gets};

}  // namespace
}  // namespace racecourse::catalogue
