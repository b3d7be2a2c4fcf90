// Memory that a system call of the program writes to.
#pragma once

#include <racecourse/checkers/runtime/runtime.h>

namespace racecourse::runtime {

// The kernel does not fault on memory that the snapshot protects: the call would fail.
inline void open_for_kernel(void* begin, std::size_t size) {
  if (rt.executing && begin != nullptr) snapshot_prepare_write(begin, size);
}

}  // namespace racecourse::runtime
