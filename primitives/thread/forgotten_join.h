// Broken: the destructor does not wait (against T3). std::thread does not let that pass: the destructor of one that was
// neither joined nor detached ends the program, by std::terminate(). That is why "it worked without join()" is seldom
// heard in C++.
#pragma once

#include <racecourse/primitives/thread/base.h>

namespace racecourse::thread {

template <class T>
class ForgottenJoin final : public T {
 public:
  using T::T;

  ~ForgottenJoin() override = default;  // BUG: no join
};

template <class F>
ForgottenJoin(Options, F) -> ForgottenJoin<Calling<F>>;

}  // namespace racecourse::thread
