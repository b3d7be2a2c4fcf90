// The standard library's barrier under our names, with its smaller contract: no timeout, no broken state, no places.
// What it has instead is left to std::barrier itself: arrive() without waiting, arrive_and_drop() for a thread that
// leaves, and a function that is called once a phase.
#pragma once

#include <racecourse/primitives/barrier/barrier.h>

#include <barrier>

namespace racecourse::barrier {

class StdBarrier {
 public:
  explicit StdBarrier(unsigned parties) : parties_(checked(parties)), barrier_(parties) {}

  void wait() { barrier_.arrive_and_wait(); }

  unsigned parties() const { return parties_; }

 private:
  const unsigned parties_;
  std::barrier<> barrier_;
};

}  // namespace racecourse::barrier
