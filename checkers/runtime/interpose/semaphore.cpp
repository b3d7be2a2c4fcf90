// sem_*. The value is where the C library keeps it, so a semaphore that was made before the exploration is right.
#include <errno.h>
#include <limits.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/cancel.h>
#include <racecourse/checkers/runtime/interpose/deadline.h>
#include <racecourse/checkers/runtime/interpose/filled.h>
#include <semaphore.h>

RC_DECLARE_ORIGINAL(sem_init)
RC_DECLARE_ORIGINAL(sem_destroy)
RC_DECLARE_ORIGINAL(sem_wait)
RC_DECLARE_ORIGINAL(sem_trywait)
RC_DECLARE_ORIGINAL(sem_timedwait)
RC_DECLARE_ORIGINAL(sem_clockwait)
RC_DECLARE_ORIGINAL(sem_post)
RC_DECLARE_ORIGINAL(sem_getvalue)

namespace racecourse::runtime {

namespace {

// The lower half of the C library's 64-bit state; the upper half counts its own waiters.
unsigned& value_of(sem_t* semaphore) { return *reinterpret_cast<unsigned*>(semaphore); }

int fail_with(int error) {
  errno = error;
  return -1;
}

void take_permit(sem_t* semaphore, std::uint64_t pc) {
  --value_of(semaphore);
  order_after(semaphore);
  trace(Op::sem_wait, semaphore, pc, value_of(semaphore));
}

int wait_for_permit(sem_t* semaphore, std::uint64_t deadline, std::uint64_t pc) {
  enter(pc, on(semaphore, deadline == 0 ? Access::lock : Access::try_lock));
  cancellation_point(pc);
  while (value_of(semaphore) == 0) {
    trace(Op::sem_blocked, semaphore, pc);
    if (deadline != 0 && deadline <= rt.now) return fail_with(ETIMEDOUT);
    if (!wait(Wait::semaphore, semaphore, pc, deadline)) return fail_with(ETIMEDOUT);
    after_cancellable_wait(pc);
  }
  take_permit(semaphore, pc);
  return 0;
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int sem_init(sem_t* semaphore, int shared, unsigned value) noexcept {
  if (rt.executing) forget_sync(semaphore, sizeof *semaphore);
  return RC_ORIGINAL(sem_init)(semaphore, shared, value);
}

RC_INTERPOSE int sem_destroy(sem_t* semaphore) noexcept {
  if (!rt.executing) return RC_ORIGINAL(sem_destroy)(semaphore);
  enter(RC_CALLER, on(semaphore, Access::write));
  if (anyone_waits(Wait::semaphore, semaphore))
    fail(Kind::sync_misuse, RC_CALLER, semaphore,
         "T%u destroys a semaphore on which a thread still waits; join it first", self().id);
  forget_sync(semaphore, sizeof *semaphore);
  return 0;
}

RC_INTERPOSE int sem_wait(sem_t* semaphore) {
  if (!rt.executing) return RC_ORIGINAL(sem_wait)(semaphore);
  return wait_for_permit(semaphore, 0, RC_CALLER);
}

RC_INTERPOSE int sem_timedwait(sem_t* semaphore, const timespec* deadline) {
  if (!rt.executing) return RC_ORIGINAL(sem_timedwait)(semaphore, deadline);
  if (!is_valid(*deadline)) return fail_with(EINVAL);
  return wait_for_permit(semaphore, absolute_deadline(*deadline), RC_CALLER);
}

RC_INTERPOSE int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* deadline) {
  if (!rt.executing) return RC_ORIGINAL(sem_clockwait)(semaphore, clock, deadline);
  if (!is_valid(*deadline)) return fail_with(EINVAL);
  return wait_for_permit(semaphore, absolute_deadline(*deadline), RC_CALLER);
}

RC_INTERPOSE int sem_trywait(sem_t* semaphore) noexcept {
  if (!rt.executing) return RC_ORIGINAL(sem_trywait)(semaphore);
  enter(RC_CALLER, on(semaphore, Access::try_lock));
  if (value_of(semaphore) == 0) {
    trace(Op::mutex_try_failed, semaphore, RC_CALLER);
    spun(RC_CALLER);
    return fail_with(EAGAIN);
  }
  take_permit(semaphore, RC_CALLER);
  note_progress();
  return 0;
}

RC_INTERPOSE int sem_post(sem_t* semaphore) noexcept {
  if (!rt.executing) return RC_ORIGINAL(sem_post)(semaphore);
  enter(RC_CALLER, on(semaphore, Access::unlock));
  if (value_of(semaphore) >= SEM_VALUE_MAX) {
    record(Kind::sync_misuse, RC_CALLER, semaphore,
           "T%u posts a semaphore that stands at SEM_VALUE_MAX; post only what was taken", self().id);
    return fail_with(EOVERFLOW);
  }
  ++value_of(semaphore);
  order_before(semaphore);
  // All: which of them gets the permit is then a matter of who runs first, as with the C library's semaphore.
  wake_all(Wait::semaphore, semaphore);
  trace(Op::sem_post, semaphore, RC_CALLER, value_of(semaphore));
  note_progress();
  return 0;
}

RC_INTERPOSE int sem_getvalue(sem_t* semaphore, int* value) noexcept {
  if (!rt.executing) return RC_ORIGINAL(sem_getvalue)(semaphore, value);
  enter(RC_CALLER, on(semaphore, Access::read));
  *value = static_cast<int>(value_of(semaphore));
  filled(value, sizeof *value, RC_CALLER);
  spun(RC_CALLER);
  return 0;
}
