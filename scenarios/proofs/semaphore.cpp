// The semaphores, proved (M1 to M5).
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/semaphore/bounded.h>
#include <racecourse/primitives/semaphore/counting.h>
#include <racecourse/primitives/semaphore/parking.h>
#include <racecourse/scenarios/catalogue.h>
#include <racecourse/scenarios/proofs/two_threads.h>

#include <cassert>

namespace racecourse::catalogue {
namespace {

template <class Semaphore>
void two_visits_each() {
  Semaphore semaphore(1);
  int counter = 0;  // guarded by the permit
  in_two_threads([&](int) {
    for (int i = 0; i < 2; i++) {
      semaphore.acquire();
      counter++;
      semaphore.release();
    }
  });
  assert(counter == 4);
  assert(semaphore.value() == 1);
}

const char* const kVisits = "two threads take the one permit twice each";

const ProofRegistration proofs[] = {
    {"semaphore", "counting", proves(kVisits), two_visits_each<semaphore::Counting>},
    {"semaphore", "bounded", proves(kVisits), two_visits_each<semaphore::Bounded>},
    {"semaphore", "parking", proves(kVisits), two_visits_each<semaphore::Parking>},
};

}  // namespace
}  // namespace racecourse::catalogue
