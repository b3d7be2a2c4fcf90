// A permit taken and brought back, over and over. There are as many permits as threads: the std::counting_semaphore of
// libstdc++ 12 can sleep for ever when there are fewer (see the scenario counting_semaphore).
#include <racecourse/primitives/semaphore/bounded.h>
#include <racecourse/primitives/semaphore/counting.h>
#include <racecourse/primitives/semaphore/parking.h>
#include <racecourse/tests/bench/compare.h>

#include <semaphore>

namespace racecourse::bench {
namespace {

constexpr int kPermits = 4;

template <class Semaphore>
void permit(benchmark::State& state) {
  static Semaphore semaphore(kPermits);
  for (auto _ : state) {
    semaphore.acquire();
    semaphore.release();
  }
}

const bool registered = [] {
  constexpr const char* kTwoSections = "two critical sections of a mutex, where the nearest has two atomic steps";
  compare("semaphore", "std::counting_semaphore", "", "", permit<std::counting_semaphore<kPermits>>);
  compare("semaphore", "parking", "std::counting_semaphore", "", permit<semaphore::Parking>);
  compare("semaphore", "counting", "std::counting_semaphore", kTwoSections, permit<semaphore::Counting>);
  compare("semaphore", "bounded", "std::counting_semaphore", kTwoSections, permit<semaphore::Bounded>);
  return true;
}();

}  // namespace
}  // namespace racecourse::bench
