// pthread_create, join, detach and exit.
#include <errno.h>
#include <racecourse/checkers/detect/clock.h>
#include <racecourse/checkers/program/whole.h>
#include <racecourse/checkers/runtime/interpose/cancel.h>
#include <racecourse/checkers/runtime/interpose/deadline.h>
#include <racecourse/checkers/runtime/interpose/filled.h>
#include <racecourse/checkers/runtime/interpose/interpose.h>
#include <racecourse/checkers/runtime/interpose/thread.h>
#include <unwind.h>

RC_DECLARE_ORIGINAL(pthread_create)
RC_DECLARE_ORIGINAL(pthread_join)
RC_DECLARE_ORIGINAL(pthread_tryjoin_np)
RC_DECLARE_ORIGINAL(pthread_timedjoin_np)
RC_DECLARE_ORIGINAL(pthread_clockjoin_np)
RC_DECLARE_ORIGINAL(pthread_detach)
RC_DECLARE_ORIGINAL(pthread_exit)

namespace racecourse::runtime {

bool threads_refused;

namespace {

// The thread that a pthread_t names, null if none; a finding if it cannot be joined or detached (any more).
inline Fiber& must_be_joinable(Fiber* fiber, const char* what, std::uint64_t pc) {
  if (fiber == nullptr)
    fail(Kind::thread_misuse, pc, nullptr, "T%u %s a thread that does not exist%s", self().id, what,
         why_threads_were_refused());
  if (fiber->joined)
    fail(Kind::thread_misuse, pc, fiber, "T%u %s T%u, which was joined before; do it once", self().id, what, fiber->id);
  if (RC_UNLIKELY(fiber->detached))
    fail(Kind::thread_misuse, pc, fiber, "T%u %s T%u, which is detached; a thread is joined or detached, once",
         self().id, what, fiber->id);
  return *fiber;
}

inline void collect(Fiber& ended, void** result, std::uint64_t pc) {
  ended.joined = true;
  if (!quiet()) {
    detect::join(*self().clock, *ended.clock);
    --rt.unjoined;
    update_checking();
  }
  if (result != nullptr) *result = ended.result;
  trace(Op::thread_join, &ended, pc, ended.id);
}

// What a join by the program has returned.
inline int joined(int error, void** result, std::uint64_t pc) {
  if (error == 0 && result != nullptr) filled(result, sizeof *result, pc);
  return error;
}

// pthread_exit in the C library needs to know its thread; this does the same on any stack. Cleanup code that runs while
// frames go uses the stack where they were, so what the unwinder and we still need cannot be there.
struct Leaving {
  _Unwind_Exception unwind;
  void* result;
  std::uint64_t pc;
};
[[gnu::section("racecourse_state")]] constinit Leaving leaving[256] = {};

// main() has left by pthread_exit(): the program ends with its last thread.
void outlive_others(std::uint64_t pc) {
  run_thread_destructors(self());
  run_key_destructors(self());
  for (int i = 1; i < rt.thread_count; ++i) {
    Fiber& other = rt.fibers[i];
    while (other.state != ThreadState::ended) {
      trace(Op::join_blocked, &other, pc, other.id);
      wait(Wait::join, &other, pc, 0, 0, other.id);
    }
    if (!other.joined) collect(other, nullptr, pc);
  }
  run_exit();
}

[[noreturn]] void leave() {
  const Leaving& own = leaving[self().id];
  if (self().id == 0 && program::is_whole != nullptr) outlive_others(own.pc);
  end_thread(own.result);
}

_Unwind_Reason_Code on_frame(int, _Unwind_Action actions, _Unwind_Exception_Class, _Unwind_Exception*, _Unwind_Context*,
                             void*) {
  if (actions & _UA_END_OF_STACK) leave();
  return _URC_NO_REASON;
}

void on_swallowed(_Unwind_Reason_Code, _Unwind_Exception*) {
  fail(Kind::thread_misuse, 0, nullptr, "T%u %s, and a catch (...) did not rethrow", self().id,
       self().cancel.requested && self().cancel.disabled ? "was cancelled" : "called pthread_exit()");
}

[[gnu::noinline]] bool starts_detached(const pthread_attr_t& attributes) {
  int state = PTHREAD_CREATE_JOINABLE;
  pthread_attr_getdetachstate(&attributes, &state);
  return state == PTHREAD_CREATE_DETACHED;
}

// Inline in what the program calls: a return after a switch is predicted wrongly.
RC_INLINE int create(pthread_t* thread, bool detached, void* (*start)(void*), void* argument, std::uint64_t pc) {
  enter(pc, {0, Access::start});
  // As with the C library, the new thread finds its own id there.
  will_fill(thread, sizeof *thread, pc);
  Fiber* fiber = spawn(start, argument, pc);
  if (fiber == nullptr) {
    threads_refused = true;
    return EAGAIN;
  }
  fiber->detached = detached;
  *thread = fiber->fs_base;
  note_progress();
  return 0;
}

RC_INLINE int join(pthread_t thread, void** result, std::uint64_t deadline, std::uint64_t pc) {
  Fiber* const named = fiber_of(thread);
  enter(pc, on(named, Access::join));
  cancellation_point(pc);
  Fiber& fiber = must_be_joinable(named, "joins", pc);
  if (&fiber == &self()) return EDEADLK;
  while (fiber.state != ThreadState::ended) {
    trace(Op::join_blocked, &fiber, pc, fiber.id);
    // As the C library: the second of two threads that join each other is told.
    if (fiber.state == ThreadState::blocked && fiber.wait == Wait::join && fiber.wait_thread == self().id)
      return EDEADLK;
    if (deadline != 0 && deadline <= rt.now) return ETIMEDOUT;
    if (!wait(Wait::join, &fiber, pc, deadline, 0, fiber.id)) return ETIMEDOUT;
    after_cancellable_wait(pc);
  }
  collect(fiber, result, pc);
  return 0;
}

}  // namespace

int create_thread(pthread_t* thread, bool detached, void* (*start)(void*), void* argument, std::uint64_t pc) {
  return create(thread, detached, start, argument, pc);
}

int join_thread(pthread_t thread, void** result, std::uint64_t deadline, std::uint64_t pc) {
  return join(thread, result, deadline, pc);
}

int detach_thread(pthread_t thread, std::uint64_t pc) {
  enter(pc, on(fiber_of(thread), Access::write));
  Fiber& fiber = must_be_joinable(fiber_of(thread), "detaches", pc);
  fiber.detached = true;
  trace(Op::thread_detach, &fiber, pc, fiber.id);
  return 0;
}

void exit_thread(void* result, std::uint64_t pc) {
  enter(pc, {});
  Leaving& own = leaving[self().id];
  own = {{}, result, pc};
  own.unwind.exception_cleanup = on_swallowed;
  _Unwind_ForcedUnwind(&own.unwind, on_frame, nullptr);
  leave();  // the unwinder found no end of the stack
}

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                                void* argument) noexcept {
  if (!rt.executing) {
    if (program::is_whole != nullptr) ++program::early_threads;
    return RC_ORIGINAL(pthread_create)(thread, attributes, start, argument);
  }
  const bool detached = RC_UNLIKELY(attributes != nullptr) && starts_detached(*attributes);
  return create(thread, detached, start, argument, RC_CALLER);
}

RC_INTERPOSE int pthread_join(pthread_t thread, void** result) {
  if (!rt.executing) return RC_ORIGINAL(pthread_join)(thread, result);
  return joined(join(thread, result, 0, RC_CALLER), result, RC_CALLER);
}

RC_INTERPOSE int pthread_tryjoin_np(pthread_t thread, void** result) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_tryjoin_np)(thread, result);
  enter(RC_CALLER, on(fiber_of(thread), Access::read));
  Fiber& fiber = must_be_joinable(fiber_of(thread), "joins", RC_CALLER);
  if (fiber.state != ThreadState::ended) {
    spun(RC_CALLER);
    return EBUSY;
  }
  collect(fiber, result, RC_CALLER);
  return joined(0, result, RC_CALLER);
}

RC_INTERPOSE int pthread_timedjoin_np(pthread_t thread, void** result, const timespec* deadline) {
  if (!rt.executing) return RC_ORIGINAL(pthread_timedjoin_np)(thread, result, deadline);
  if (deadline != nullptr && !is_valid(*deadline)) return EINVAL;
  const int error = join(thread, result, deadline != nullptr ? absolute_deadline(*deadline) : 0, RC_CALLER);
  return joined(error, result, RC_CALLER);
}

RC_INTERPOSE int pthread_clockjoin_np(pthread_t thread, void** result, clockid_t clock, const timespec* deadline) {
  if (!rt.executing) return RC_ORIGINAL(pthread_clockjoin_np)(thread, result, clock, deadline);
  if (deadline != nullptr && !is_valid(*deadline)) return EINVAL;
  const int error = join(thread, result, deadline != nullptr ? absolute_deadline(*deadline) : 0, RC_CALLER);
  return joined(error, result, RC_CALLER);
}

RC_INTERPOSE int pthread_detach(pthread_t thread) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_detach)(thread);
  return detach_thread(thread, RC_CALLER);
}

RC_INTERPOSE void pthread_exit(void* result) {
  if (!rt.executing) RC_ORIGINAL(pthread_exit)(result);
  exit_thread(result, RC_CALLER);
}
