#include <racecourse/primitives/lock/lost_wakeup.h>
#include <racecourse/primitives/lock/parking.h>
#include <racecourse/primitives/lock/relaxed_release.h>
#include <racecourse/primitives/lock/release_when_free.h>
#include <racecourse/primitives/lock/test_then_set.h>
#include <racecourse/primitives/lock/ticket.h>
#include <racecourse/primitives/lock/ttas.h>
#include <racecourse/scenarios/relacy/suites.h>

namespace racecourse::catalogue {
namespace {

// L1 and L2 together: a counter that no two threads may touch at once, and that each must see as the last one left it.
template <class Lock, int threads, int sections>
struct Count : relacy::Suite<Count<Lock, threads, sections>, threads> {
  Lock lock;
  sync::var<int> counter{0};

  void run(unsigned) {
    for (int i = 0; i < sections; i++) {
      lock.acquire();
      counter += 1;
      lock.release();
    }
  }
  void after() { RL_ASSERT(counter == threads * sections); }
};

// A stray release must leave the lock as it was.
template <class Lock>
struct StrayRelease : relacy::Suite<StrayRelease<Lock>, 2> {
  Lock lock;
  sync::var<int> counter{0};

  void before() {
    try {
      lock.release();
    } catch (const std::logic_error&) {
    }
  }
  void run(unsigned) {
    lock.acquire();
    counter += 1;
    lock.release();
  }
  void after() { RL_ASSERT(counter == 2); }
};

const RelacyRegistration registration{{
    {"lock/ttas", relacy::check<Count<lock::Ttas, 2, 2>>},
    {"lock/ticket", relacy::check<StrayRelease<lock::Ticket>>},
    // Three threads: a lost wakeup needs one to wake and one to be forgotten.
    {"lock/parking", relacy::check<Count<lock::Parking, 3, 1>>},
    {"lock/test_then_set", relacy::check<Count<lock::TestThenSet, 2, 2>>},
    {"lock/relaxed_release", relacy::check<Count<lock::RelaxedRelease, 2, 2>>},
    {"lock/lost_wakeup", relacy::check<Count<lock::LostWakeup, 3, 1>>},
    {"lock/release_when_free", relacy::check<StrayRelease<lock::ReleaseWhenFree>>},
}};

}  // namespace
}  // namespace racecourse::catalogue
