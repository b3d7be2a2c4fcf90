// Broken: the destructor lets the thread go instead of waiting (against T3). The frame that declared the handle is
// left, and the thread goes on using it: the callable, all that it refers to, and the handle itself. Other functions
// put their variables there now. It is the usual way to silence the crash of forgotten_join.h.
#pragma once

#include <racecourse/primitives/thread/base.h>

namespace racecourse::thread {

template <class T>
class UsesStackOfDeadFrame final : public T {
 public:
  using T::T;

  ~UsesStackOfDeadFrame() override {
    if (!this->joinable()) return;  // not started, or joined before
    this->detach();                 // BUG: runs on
  }
};

template <class F>
UsesStackOfDeadFrame(Options, F) -> UsesStackOfDeadFrame<Calling<F>>;

}  // namespace racecourse::thread
