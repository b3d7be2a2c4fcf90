// Waiting for a condition that nobody announces, by asking again and again.
#pragma once

#include <racecourse/primitives/cooperative/loop.h>

#include <functional>

namespace racecourse::cooperative {

inline Task wait_until(Loop& loop, std::function<bool()> condition) {
  while (!condition()) {
    co_await loop.yield();  // C2: everybody else has a turn before the next look
  }
}

}  // namespace racecourse::cooperative
