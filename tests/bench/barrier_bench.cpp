// Phases that all threads pass together.
#include <racecourse/primitives/barrier/generation_counted.h>
#include <racecourse/primitives/barrier/sense_reversing.h>
#include <racecourse/primitives/barrier/std_barrier.h>
#include <racecourse/tests/bench/compare.h>

#include <barrier>
#include <memory>

namespace racecourse::bench {
namespace {

// As std::barrier calls it.
struct Std {
  explicit Std(unsigned parties) : barrier(parties) {}
  void wait() { barrier.arrive_and_wait(); }
  std::barrier<> barrier;
};

template <class Barrier>
Barrier& barrier_of(int parties) {
  static Barrier one(1), two(2), four(4);
  return parties == 1 ? one : parties == 2 ? two : four;
}

template <class Barrier>
void phase(benchmark::State& state) {
  Barrier& barrier = barrier_of<Barrier>(state.threads());
  for (auto _ : state) barrier.wait();
}

const bool registered = [] {
  compare("barrier", "std::barrier", "", "", phase<Std>);
  compare("barrier", "std_barrier", "std::barrier", "", phase<barrier::StdBarrier>);
  compare("barrier", "sense_reversing", "std::barrier",
          "the last to arrive asks the kernel to wake the others, also when there are none",
          phase<barrier::SenseReversing>);
  compare("barrier", "generation_counted", "std::barrier",
          "sleeps at once in a condition variable, where the nearest spins first; that is what a timeout costs",
          phase<barrier::GenerationCounted>);
  return true;
}();

}  // namespace
}  // namespace racecourse::bench
