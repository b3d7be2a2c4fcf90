// pthread_cancel() and what a thread says of its own cancellation.
#include <errno.h>
#include <racecourse/checkers/runtime/interpose/cancel.h>
#include <racecourse/checkers/runtime/interpose/thread.h>

RC_DECLARE_ORIGINAL(pthread_cancel)
RC_DECLARE_ORIGINAL(pthread_setcancelstate)
RC_DECLARE_ORIGINAL(pthread_setcanceltype)
RC_DECLARE_ORIGINAL(pthread_testcancel)

namespace racecourse::runtime {

namespace {

// All that wait in a call that is a cancellation point; locks, barriers and futexes are none.
bool waits_cancellably(const Fiber& fiber) {
  if (fiber.state != ThreadState::blocked || fiber.cancel.disabled) return false;
  return fiber.wait == Wait::condition || fiber.wait == Wait::join || fiber.wait == Wait::semaphore ||
         fiber.wait == Wait::sleep;
}

int cancel(pthread_t thread, std::uint64_t pc) {
  Fiber* const fiber = fiber_of(thread);
  enter(pc, on(fiber, Access::write));
  if (fiber == nullptr || fiber->joined) return ESRCH;
  if (fiber->cancel.anywhere)
    fail(Kind::nondeterminism, pc, fiber,
         "T%u cancels T%u, which may be cancelled anywhere (PTHREAD_CANCEL_ASYNCHRONOUS): that cannot be scheduled "
         "inside explore(); let it be cancelled where it calls pthread_testcancel() or waits",
         self().id, fiber->id);
  if (rt.recording) rt.strategy->proves_nothing("where a thread notices that it is cancelled was not searched");
  order_before(&fiber->cancel);
  trace(Op::thread_cancel, fiber, pc, fiber->id);
  fiber->cancel.requested = true;
  if (waits_cancellably(*fiber)) {
    fiber->cancel.woke = true;
    wake(*fiber);
  }
  note_progress();
  return 0;
}

}  // namespace

void end_cancelled(std::uint64_t pc) {
  Cancel& cancel = self().cancel;
  cancel.woke = false;
  if (cancel.disabled || quiet()) return;
  cancel.disabled = true;  // what runs while the stack is unwound is not cancelled again
  order_after(&cancel);
  trace(Op::thread_cancelled, nullptr, pc);
  exit_thread(PTHREAD_CANCELED, pc);
}

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int pthread_cancel(pthread_t thread) {
  if (!rt.executing) return RC_ORIGINAL(pthread_cancel)(thread);
  return cancel(thread, RC_CALLER);
}

RC_INTERPOSE int pthread_setcancelstate(int state, int* before) {
  if (!rt.executing) return RC_ORIGINAL(pthread_setcancelstate)(state, before);
  if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE) return EINVAL;
  Cancel& cancel = self().cancel;
  if (before != nullptr) *before = cancel.disabled ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
  cancel.disabled = state == PTHREAD_CANCEL_DISABLE;
  return 0;
}

RC_INTERPOSE int pthread_setcanceltype(int type, int* before) {
  if (!rt.executing) return RC_ORIGINAL(pthread_setcanceltype)(type, before);
  if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS) return EINVAL;
  Cancel& cancel = self().cancel;
  if (before != nullptr) *before = cancel.anywhere ? PTHREAD_CANCEL_ASYNCHRONOUS : PTHREAD_CANCEL_DEFERRED;
  cancel.anywhere = type == PTHREAD_CANCEL_ASYNCHRONOUS;
  return 0;
}

RC_INTERPOSE void pthread_testcancel() {
  if (!rt.executing) return RC_ORIGINAL(pthread_testcancel)();
  enter(RC_CALLER, on(&self(), Access::read));
  cancellation_point(RC_CALLER);
  spun(RC_CALLER);
}
