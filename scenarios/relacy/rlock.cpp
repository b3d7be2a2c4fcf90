#include <racecourse/primitives/rlock/count_not_restored.h>
#include <racecourse/primitives/rlock/first_release_frees.h>
#include <racecourse/primitives/rlock/owner_and_count.h>
#include <racecourse/primitives/rlock/owner_cleared_late.h>
#include <racecourse/primitives/rlock/owner_not_cleared.h>
#include <racecourse/primitives/rlock/owner_plain_read.h>
#include <racecourse/primitives/rlock/released_by_stranger.h>
#include <racecourse/scenarios/relacy/suites.h>

namespace racecourse::catalogue {
namespace {

// A release that is refused is not what these suites are about: the section that it should have ended is.
template <class RLock>
void release_or_be_refused(RLock& lock) {
  try {
    lock.release();
  } catch (const std::logic_error&) {
  }
}

// R1, R2 and R4: the outer section goes on after the inner one has ended, or has given all holds back for a moment.
template <class RLock, bool waits>
struct Nested : relacy::Suite<Nested<RLock, waits>, 2> {
  RLock lock;
  sync::var<int> counter{0};

  void run(unsigned) {
    lock.acquire();
    lock.acquire();
    counter += 1;
    if (waits) lock.restore(lock.release_all());
    lock.release();
    counter += 1;
    release_or_be_refused(lock);
  }
  void after() { RL_ASSERT(counter == 4); }
};

// R1, with every thread coming twice. A section that should not have been entered may be `refused` its release.
template <class RLock, bool refused>
struct Again : relacy::Suite<Again<RLock, refused>, 2> {
  RLock lock;
  sync::var<int> counter{0};

  void run(unsigned) {
    for (int i = 0; i < 2; i++) {
      lock.acquire();
      counter += 1;
      refused ? release_or_be_refused(lock) : lock.release();
    }
  }
  void after() { RL_ASSERT(counter == 4); }
};

// R3.
template <class RLock>
struct Stranger : relacy::Suite<Stranger<RLock>, 2> {
  RLock lock;
  sync::var<int> counter{0};

  void run(unsigned thread) {
    if (thread == 1) release_or_be_refused(lock);
    lock.acquire();
    counter += 1;
    lock.release();
  }
  void after() { RL_ASSERT(counter == 2); }
};

const RelacyRegistration registration{{
    {"rlock/owner_and_count", relacy::check<Nested<rlock::OwnerAndCount, true>>},
    {"rlock/first_release_frees", relacy::check<Nested<rlock::FirstReleaseFrees, false>>},
    {"rlock/owner_plain_read", relacy::check<Nested<rlock::OwnerPlainRead, false>>},
    {"rlock/owner_not_cleared", relacy::check<Again<rlock::OwnerNotCleared, true>>},
    {"rlock/owner_cleared_late", relacy::check<Again<rlock::OwnerClearedLate, false>>},
    {"rlock/count_not_restored", relacy::check<Nested<rlock::CountNotRestored, true>>},
    {"rlock/released_by_stranger", relacy::check<Stranger<rlock::ReleasedByStranger>>},
}};

}  // namespace
}  // namespace racecourse::catalogue
