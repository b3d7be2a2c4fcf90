// What ThreadSanitizer's runtime offers to the program that it watches, in libtsan (g++) and compiler-rt (clang++)
// alike.
#pragma once

#include <unistd.h>

extern "C" {

// NOLINTBEGIN(bugprone-reserved-identifier): the runtime's names
void __sanitizer_set_report_fd(void* descriptor);  // the number of a file descriptor, as a pointer
void __sanitizer_print_stack_trace();              // of the calling thread, to that descriptor
void __tsan_write4(void* address);                 // what -fsanitize=thread puts before a plain write
void __tsan_release(void* address);                // the calling thread publishes what it did, to whoever acquires
void __tsan_acquire(void* address);
// Given by --wrap=syscall (link_options.cmake); null in a program linked without it.
[[gnu::weak]] long __real_syscall(long number, ...);
// NOLINTEND(bugprone-reserved-identifier)

}  // extern "C"

namespace racecourse::tsan {

// syscall(2) without the delay point that instrumented code passes.
inline auto system_call() { return __real_syscall != nullptr ? __real_syscall : ::syscall; }

}  // namespace racecourse::tsan
