#include <racecourse/scenarios/relacy/suites.h>
#include <racecourse/scenarios/store_buffering/doors.h>

namespace racecourse::catalogue {
namespace {

// The forbidden outcome: both go in.
template <class Doors>
struct TwoAtTheDoor : relacy::Suite<TwoAtTheDoor<Doors>, 2> {
  Doors doors;
  bool entered[2] = {};

  void run(unsigned thread) { entered[thread] = doors.enters(static_cast<int>(thread)); }
  void after() { RL_ASSERT(!(entered[0] && entered[1])); }
};

const RelacyRegistration registration{{
    {"store_buffering/sequentially_consistent", relacy::check<TwoAtTheDoor<store_buffering::SequentiallyConsistent>>},
    {"store_buffering/relaxed", relacy::check<TwoAtTheDoor<store_buffering::Relaxed>>},
    {"store_buffering/release_acquire", relacy::check<TwoAtTheDoor<store_buffering::ReleaseAcquire>>},
    {"store_buffering/looks_twice", relacy::check<TwoAtTheDoor<store_buffering::LooksTwice>>},
}};

}  // namespace
}  // namespace racecourse::catalogue
