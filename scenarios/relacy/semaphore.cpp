#include <racecourse/primitives/semaphore/parking.h>
#include <racecourse/primitives/semaphore/relaxed_release.h>
#include <racecourse/primitives/semaphore/wakes_only_from_zero.h>
#include <racecourse/scenarios/relacy/suites.h>

#include <chrono>

namespace racecourse::catalogue {
namespace {

// M4: one permit guards a counter that nothing else guards. The last thread takes it in the timed way, and may give up.
template <class Semaphore, int threads>
struct OnePermit : relacy::Suite<OnePermit<Semaphore, threads>, threads> {
  Semaphore semaphore{1};
  sync::var<int> counter{0};
  sync::atomic<int> entered{0};

  void run(unsigned thread) {
    if (thread == threads - 1) {
      if (!semaphore.try_acquire_for(std::chrono::milliseconds(1))) return;
    } else {
      semaphore.acquire();
    }
    counter += 1;
    entered.fetch_add(1, std::memory_order_relaxed);
    semaphore.release();
  }
  void after() {
    RL_ASSERT(counter == entered.load(std::memory_order_relaxed));
    RL_ASSERT(semaphore.value() == 1);
  }
};

// M3: two permits come from a third thread, one for each that waits.
template <class Semaphore>
struct EachGetsOne : relacy::Suite<EachGetsOne<Semaphore>, 3> {
  Semaphore ready{0};

  void run(unsigned thread) {
    if (thread < 2) {
      ready.acquire();
    } else {
      ready.release();
      ready.release();
    }
  }
  void after() { RL_ASSERT(ready.value() == 0); }
};

const RelacyRegistration registration{{
    {"semaphore/parking", relacy::check<OnePermit<semaphore::Parking, 3>>},
    {"semaphore/relaxed_release", relacy::check<OnePermit<semaphore::RelaxedRelease, 2>>},
    {"semaphore/wakes_only_from_zero", relacy::check<EachGetsOne<semaphore::WakesOnlyFromZero>>},
}};

}  // namespace
}  // namespace racecourse::catalogue
