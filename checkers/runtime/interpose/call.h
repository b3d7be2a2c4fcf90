// How every interposed function is written.
//
// Three situations:
//  - outside an execution: the C library's own function is called;
//  - in an execution: the call is visible. It is a scheduling point, it orders threads, it is traced;
//  - in an execution, but quiet (rt.ignore > 0: GoogleTest's own calls): the object's state is kept as ever, since the
//    C library's function would not understand it, but nothing is scheduled, ordered or traced.
//
// State lives in the object itself, so that a freshly constructed std::mutex needs no registration, or in ordinary
// globals, which the snapshot sets back before every execution.
#pragma once

#include <racecourse/checkers/detect/memory.h>
#include <racecourse/checkers/runtime/runtime.h>

#define RC_INTERPOSE extern "C" __attribute__((visibility("default")))
// A name that the C standard leaves to programs: one that has its own `getline` or `send` never meant the C library's.
// Not for functions that Racecourse itself calls.
#define RC_INTERPOSE_UNRESERVED extern "C" __attribute__((visibility("default"), weak))

namespace racecourse::runtime {

// The C library's definition of an interposed function. All slots are filled before the first constructor of the
// program runs, so that no execution has to look anything up; an earlier call looks its own up.
struct RealFunction {
  const char* name;
  void* address;
};
void* look_up(RealFunction& function);  // null: this C library has none
[[noreturn]] void missing_function(const char* name);

inline void* address_of(RealFunction& function) {
  if (RC_LIKELY(function.address != nullptr)) return function.address;
  if (void* address = look_up(function)) return address;
  missing_function(function.name);
}

// RC_ORIGINAL(f)(...) calls the original; RC_DECLARE_ORIGINAL(f) must come before it in the file. A linker section
// and not a constructor for each: constructors of other files may run before.
#define RC_DECLARE_ORIGINAL(function)                                                                               \
  namespace {                                                                                                       \
  [[gnu::section("racecourse_real"), gnu::used]] constinit ::racecourse::runtime::RealFunction original_##function{ \
      #function, nullptr};                                                                                          \
  }
#define RC_ORIGINAL(function) \
  reinterpret_cast<decltype(&::function)>(::racecourse::runtime::address_of(original_##function))

inline bool quiet() { return RC_UNLIKELY(rt.ignore != 0); }

// The steps of an interposed function inside an execution; none of them does anything in a quiet call.
inline void enter(std::uint64_t pc, const Pending& next) {
  if (quiet()) return;
  point(pc, next);
  if (RC_UNLIKELY(rt.checks_all)) detect::check_object(next.object, pc);
}
inline void trace(Op op, const void* object, std::uint64_t pc, std::uint64_t value = 0, std::uint64_t old_value = 0) {
  if (!quiet()) event(op, object, pc, value, old_value);
}
// Of a lock that was taken; `tried`: the call would have failed rather than wait.
inline void trace_taken(Op op, const void* object, std::uint64_t pc, bool tried, std::uint64_t value = 0,
                        std::uint64_t old_value = 0) {
  if (!quiet()) event(op, object, pc, value, old_value, 0, tried ? 1 : 0);
}
inline void order_after(const void* object) {
  if (!quiet()) acquire(object);
}
inline void order_before(const void* object) {
  if (!quiet()) release(object);
}
inline void spun(std::uint64_t pc) {
  if (!quiet()) note_idle(pc);
}

// A wait that cannot be avoided happens in a quiet call too; other threads must not inherit the quiet.
inline bool wait(Wait why, const void* object, std::uint64_t pc, std::uint64_t deadline = 0,
                 std::uint64_t wait_value = 0, std::uint16_t wait_thread = 0xffff) {
  const std::uint16_t ignore = rt.ignore;
  if (RC_LIKELY(ignore == 0)) return block(why, object, pc, deadline, wait_value, wait_thread);
  rt.ignore = 0;
  const bool woken = block(why, object, pc, deadline, wait_value, wait_thread);
  rt.ignore = ignore;
  return woken;
}

}  // namespace racecourse::runtime
