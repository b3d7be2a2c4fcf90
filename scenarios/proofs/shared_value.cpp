// The shared value, proved with threads that stand for processes (V1).
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/shared_value/lock_free.h>
#include <racecourse/scenarios/catalogue.h>
#include <racecourse/scenarios/proofs/two_threads.h>

#include <cassert>

namespace racecourse::catalogue {
namespace {

void two_updates_each() {
  shared_value::LockFree<int> number(0);
  in_two_threads([&](int me) {
    for (int i = 0; i < 2; i++) number.update([me](int& value) { value += me == 0 ? 1 : 10; });
  });
  assert(number.get() == 22);
}

const ProofRegistration proofs[] = {
    {"shared_value", "process_shared",
     proves("two change a number and an array each, and one dies in the middle of a change")},
    {"shared_value", "lock_free", proves("two threads change it twice each"), two_updates_each},
};

}  // namespace
}  // namespace racecourse::catalogue
