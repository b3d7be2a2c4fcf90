// Calls that write to a descriptor: scheduling points, which another thread's reading may be ordered after.
#pragma once

#include <racecourse/checkers/runtime/interpose/files.h>

namespace racecourse::runtime {

// Before a call that other threads may learn of by reading from a descriptor, or by accepting a connection.
inline void before_telling(std::uint64_t pc) {
  if (!rt.executing) return;
  uses_files(pc);
  order_before(descriptors_clock());
}

template <class Output>
auto on_descriptor(int descriptor, std::uint64_t pc, Output output) {
  before_telling(pc);
  const auto result = output();
  if (rt.executing) trace(Op::output, descriptor_object(descriptor), pc, static_cast<std::uint64_t>(result));
  return result;
}

// What the caller hands over is read here and now: another thread that writes to it races.
inline void reads(const void* data, std::size_t size, std::uint64_t pc) {
  if (controlled()) access(data, size, false, pc);
}

int close_descriptor(int descriptor, std::uint64_t pc);

}  // namespace racecourse::runtime
