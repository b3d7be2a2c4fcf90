// The context switch: stack and thread pointer, nothing else.
#pragma once

#include <cstdint>

extern "C" {
// Saves the callee-saved registers and the stack pointer in *save, installs `stack_pointer` and the thread pointer
// `fs_base`. The control words of floating point stay: see floating_point.h.
void racecourse_switch(void** save, void* stack_pointer, std::uint64_t fs_base);
// First return address of a fiber: goes to racecourse_fiber_main. Unwinding stops here.
void racecourse_fiber_entry();
void racecourse_fiber_main();  // does not return, but a compiler that knew that would take all of it to be rare
// Goes on as another fiber and never returns; for go_on().
void racecourse_go_on();
}

namespace racecourse::runtime {

inline std::uint64_t read_fs_base() {
  std::uint64_t value;
  asm volatile("rdfsbase %0" : "=r"(value));
  return value;
}

// The current fiber has ended, and another goes on: what follows is never reached. A jump, where even a function that
// never returns would be called.
[[gnu::always_inline]] inline void go_on(void* stack_pointer, std::uint64_t fs_base) {
  asm volatile("jmp racecourse_go_on" : : "a"(stack_pointer), "d"(fs_base) : "memory");
}

// Prepares the stack ending at `top` so that the first switch to the result enters racecourse_fiber_entry.
inline void* prepare_stack(char* top) {
  auto* slot = reinterpret_cast<void**>(reinterpret_cast<std::uintptr_t>(top) & ~std::uintptr_t{63});
  asm("" : "+r"(slot));  // a fixed address is no object that the compiler knows of
  *--slot = nullptr;     // two zero slots keep the stack pointer aligned as the ABI wants it at a function's entry;
  *--slot = nullptr;     // misaligned, the first exception thrown would crash
  *--slot = reinterpret_cast<void*>(&racecourse_fiber_entry);
  for (int i = 0; i < 6; ++i) *--slot = nullptr;
  return slot;
}

}  // namespace racecourse::runtime
