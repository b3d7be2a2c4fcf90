// Our own objects must not lie in the heap that every execution starts from.
#pragma once

#include <racecourse/checkers/runtime/runtime.h>

namespace racecourse::runtime {

// While it lives, what this process allocates comes from the C library. (In an execution the switch has no effect.)
class OwnHeap {
 public:
  OwnHeap() { heap_use_libc(true); }
  ~OwnHeap() { heap_use_libc(false); }
  OwnHeap(const OwnHeap&) = delete;
  OwnHeap& operator=(const OwnHeap&) = delete;
};

}  // namespace racecourse::runtime
