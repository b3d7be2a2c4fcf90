// The context switch: stack and thread pointer, nothing else.
#pragma once

#include <cstdint>

extern "C" {
// Saves the callee-saved registers and the stack pointer in *save, installs `stack_pointer` and the thread pointer
// `fs_base`. Floating-point control words are shared by all fibers.
void racecourse_switch(void** save, void* stack_pointer, std::uint64_t fs_base);
// First return address of a fiber: calls racecourse_fiber_main, and goes on as whom that returns. Unwinding stops here.
void racecourse_fiber_entry();
// Where a fiber goes on. Returned in two registers.
struct racecourse_place {
  void* stack_pointer;
  std::uint64_t fs_base;
};
}

namespace racecourse::runtime {

inline std::uint64_t read_fs_base() {
  std::uint64_t value;
  asm volatile("rdfsbase %0" : "=r"(value));
  return value;
}

// Prepares the stack ending at `top` so that the first switch to the result enters racecourse_fiber_entry.
inline void* prepare_stack(char* top) {
  auto* slot = reinterpret_cast<void**>(reinterpret_cast<std::uintptr_t>(top) & ~std::uintptr_t{63});
  asm("" : "+r"(slot));  // a fixed address is no object that the compiler knows of
  *--slot = nullptr;  // two zero slots keep the stack pointer aligned as the ABI wants it at a function's entry;
  *--slot = nullptr;  // misaligned, the first exception thrown would crash
  *--slot = reinterpret_cast<void*>(&racecourse_fiber_entry);
  for (int i = 0; i < 6; ++i) *--slot = nullptr;
  return slot;
}

}  // namespace racecourse::runtime
