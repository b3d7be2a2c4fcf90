// Broken: the destructor waits without asking who runs it. Where the thread itself drops the last owner of its handle
// (a callback that closes its connection), it would wait for its own end (against T3). join() refuses that by an
// exception, the exception leaves a destructor, and that ends the program.
#pragma once

#include <racecourse/primitives/thread/base.h>

namespace racecourse::thread {

template <class T>
class JoinSelf final : public T {
 public:
  using T::T;

  ~JoinSelf() override {
    if (!this->joinable()) return;  // not started, or joined before
    this->join();                   // BUG: perhaps itself
  }
};

template <class F>
JoinSelf(Options, F) -> JoinSelf<Calling<F>>;

}  // namespace racecourse::thread
