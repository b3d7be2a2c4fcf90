#include <racecourse/primitives/barrier/rearmed_too_late.h>
#include <racecourse/primitives/barrier/relaxed_arrival.h>
#include <racecourse/primitives/barrier/sense_reversing.h>
#include <racecourse/scenarios/relacy/suites.h>

namespace racecourse::catalogue {
namespace {

// B1 to B4: in every phase each writes its own part, and after the barrier reads all the others'.
template <class Barrier, int threads, int phases>
struct InStep : relacy::Suite<InStep<Barrier, threads, phases>, threads> {
  Barrier barrier{threads};
  sync::var<int> done[phases][threads];
  sync::atomic<unsigned> places{0};  // the sum of all

  void before() {
    for (auto& phase : done) {
      for (auto& part : phase) part = 0;
    }
  }
  void run(unsigned me) {
    for (auto& phase : done) {
      phase[me] = 1;
      places.fetch_add(barrier.wait(), std::memory_order_relaxed);
      for (auto& part : phase) RL_ASSERT(part == 1);
    }
  }
  void after() { RL_ASSERT(places.load(std::memory_order_relaxed) == phases * threads * (threads - 1) / 2); }
};

const RelacyRegistration registration{{
    {"barrier/sense_reversing", relacy::check<InStep<barrier::SenseReversing, 3, 3>>},
    {"barrier/rearmed_too_late", relacy::check<InStep<barrier::RearmedTooLate, 2, 2>>},
    {"barrier/relaxed_arrival", relacy::check<InStep<barrier::RelaxedArrival, 2, 2>>},
}};

}  // namespace
}  // namespace racecourse::catalogue
