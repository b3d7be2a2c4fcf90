// A handle that waits for its thread.
//
// It is put on top of the class that has run(), not below it. The destructor of a base class runs when the derived part
// is gone already: a thread that is still in run() would then use members that were destroyed.
#pragma once

#include <racecourse/primitives/thread/base.h>

namespace racecourse::thread {

template <class T>
class Joining final : public T {
 public:
  using T::T;

  ~Joining() override {
    if (!this->joinable()) return;  // not started, or joined before
    if (this->is_current()) {
      this->detach();
    } else {
      this->join();  // T3
    }
  }
};

template <class F>
Joining(Options, F) -> Joining<Calling<F>>;

}  // namespace racecourse::thread
