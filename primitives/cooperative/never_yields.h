// Broken: asks again and again, and lets nobody run meanwhile (against C2). The condition can only come true by what
// another task does, so it never will.
#pragma once

#include <racecourse/primitives/cooperative/loop.h>

#include <functional>

namespace racecourse::cooperative {

inline Task spin_until(Loop&, std::function<bool()> condition) {
  while (!condition()) {
    // BUG: never yields
  }
  co_return;
}

}  // namespace racecourse::cooperative
