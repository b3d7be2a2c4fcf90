// The locks, proved (L1 to L3).
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/lock/parking.h>
#include <racecourse/primitives/lock/ticket.h>
#include <racecourse/primitives/lock/ttas.h>
#include <racecourse/scenarios/catalogue.h>
#include <racecourse/scenarios/proofs/two_threads.h>

#include <cassert>

namespace racecourse::catalogue {
namespace {

template <class Lock>
void two_sections_each() {
  Lock lock;
  int counter = 0;  // guarded by lock
  in_two_threads([&](int) {
    for (int i = 0; i < 2; i++) {
      lock.acquire();
      counter++;
      lock.release();
    }
  });
  assert(counter == 4);
}

const char* const kSections = "two threads take it twice each";

const ProofRegistration proofs[] = {
    {"lock", "ttas", proves(kSections), two_sections_each<lock::Ttas>},
    {"lock", "ticket", proves(kSections), two_sections_each<lock::Ticket>},
    {"lock", "parking", proves(kSections), two_sections_each<lock::Parking>},
};

}  // namespace
}  // namespace racecourse::catalogue
