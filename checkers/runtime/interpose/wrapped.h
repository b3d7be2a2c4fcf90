// What the wrapped memory and string functions are written with.
//
// The linker sends the calls that the program's objects make of memcpy() to __wrap_memcpy() (link_options.cmake), and
// __real_memcpy() to the C library. Libraries are not relinked: what libstdc++ or the C library copy for themselves
// passes unseen.
#pragma once

#include <racecourse/checkers/own_memory_functions.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <racecourse/checkers/runtime/trace.h>

#define RC_DECLARE_REAL(result, name, parameters, arguments) extern "C" result __real_##name parameters;
RACECOURSE_OWN_MEMORY(RC_DECLARE_REAL)
#undef RC_DECLARE_REAL

// Plain accesses; each is a tick, and may be a scheduling point.
extern "C" {
void __tsan_read_range_pc(void* p, unsigned long size, void* pc);
void __tsan_write_range_pc(void* p, unsigned long size, void* pc);
}

namespace racecourse::runtime {

inline void visit_read(const void* from, std::size_t size, std::uint64_t pc) {
  __tsan_read_range_pc(const_cast<void*>(from), size, reinterpret_cast<void*>(pc));
}
inline void visit_write(void* to, std::size_t size, std::uint64_t pc) {
  __tsan_write_range_pc(to, size, reinterpret_cast<void*>(pc));
}

// More of an access that was visited: its extent is known only now. No other thread has run since.
inline void also_read(const void* from, std::size_t size, std::uint64_t pc) {
  if (RC_UNLIKELY(rt.tracing)) widen_access(from, size, false, pc);
  access(from, size, false, pc);
}
inline void also_write(void* to, std::size_t size, std::uint64_t pc) {
  if (RC_UNLIKELY(rt.tracing)) widen_access(to, size, true, pc);
  access(to, size, true, pc);
}

}  // namespace racecourse::runtime
