// System calls that the program makes: the memory that they write to, and what they return.
#pragma once

#include <errno.h>
#include <racecourse/checkers/runtime/runtime.h>

namespace racecourse::runtime {

// The kernel does not fault on memory that the snapshot protects: the call would fail.
inline void open_for_kernel(void* begin, std::size_t size) {
  if (rt.executing && begin != nullptr) snapshot_prepare_write(begin, size);
}

// What the C library makes of a result of the kernel: an error is -1 and errno.
inline int from_kernel(long result) {
  if (result >= 0) return static_cast<int>(result);
  errno = static_cast<int>(-result);
  return -1;
}

}  // namespace racecourse::runtime
