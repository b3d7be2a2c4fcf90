// stdio streams and file descriptors as objects that threads share.
#pragma once

#include <racecourse/checkers/runtime/interpose/call.h>

#include <cstdio>

namespace racecourse::runtime {

// The lock of a stream (flockfile). stdio's own functions hold it only while nothing else runs, so they wait for it
// but need not take it.
void wait_for_stream(const FILE* stream, std::uint64_t pc);

// A name for a descriptor in traces and as a clock: never a real address.
inline const void* descriptor_object(int descriptor) {
  return reinterpret_cast<const void*>(static_cast<std::uintptr_t>(descriptor) + 1);
}

// What one thread writes to any descriptor is ordered before what another reads from any: which two ends belong to one
// pipe is not known. Beyond the numbers that descriptors have, and not null, which would name nothing.
inline const void* descriptors_clock() { return descriptor_object(0xffef); }

}  // namespace racecourse::runtime
