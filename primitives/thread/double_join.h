// Broken: the destructor waits for a thread that was perhaps joined before. A second join() throws, since by then the
// system may have given the same number to another thread; and an exception that leaves a destructor ends the program.
#pragma once

#include <racecourse/primitives/thread/base.h>

namespace racecourse::thread {

template <class T>
class DoubleJoin final : public T {
 public:
  using T::T;

  ~DoubleJoin() override {
    if (this->is_current()) {
      this->detach();
    } else {
      this->join();  // BUG: perhaps joined
    }
  }
};

template <class F>
DoubleJoin(Options, F) -> DoubleJoin<Calling<F>>;

}  // namespace racecourse::thread
