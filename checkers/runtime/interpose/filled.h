// What a call hands back through its caller's pointers: another thread that touches it at the same time races.
#pragma once

#include <racecourse/checkers/runtime/runtime.h>
#include <racecourse/checkers/runtime/trace.h>

namespace racecourse::runtime {

// After the call has written there. No other thread has run since.
inline void filled(const void* object, std::size_t size, std::uint64_t pc) {
  if (!controlled()) return;
  if (RC_UNLIKELY(rt.tracing))
    event(Op::write, object, pc, size > 8 ? size : 0, 0, static_cast<std::uint8_t>(size < 255 ? size : 255));
  access(object, size, true, pc);
}

// Before the call writes there. No other thread runs until it has.
inline void will_fill(const void* object, std::size_t size, std::uint64_t pc) {
  if (!controlled()) return;
  if (RC_UNLIKELY(rt.tracing)) widen_access(object, size, true, pc);
  access(object, size, true, pc);
}

}  // namespace racecourse::runtime
