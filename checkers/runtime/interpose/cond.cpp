// pthread_cond_*. Waiters are known to the scheduler, so the condition variable itself holds nothing. It orders no
// threads: only its mutex does (POSIX and C++ agree).
#include <errno.h>
#include <racecourse/checkers/runtime/interpose/cancel.h>
#include <racecourse/checkers/runtime/interpose/cond.h>
#include <racecourse/checkers/runtime/interpose/deadline.h>
#include <racecourse/checkers/runtime/interpose/mutex.h>
#include <racecourse/checkers/runtime/spurious.h>

RC_DECLARE_ORIGINAL(pthread_cond_init)
RC_DECLARE_ORIGINAL(pthread_cond_destroy)
RC_DECLARE_ORIGINAL(pthread_cond_wait)
RC_DECLARE_ORIGINAL(pthread_cond_timedwait)
RC_DECLARE_ORIGINAL(pthread_cond_clockwait)
RC_DECLARE_ORIGINAL(pthread_cond_signal)
RC_DECLARE_ORIGINAL(pthread_cond_broadcast)

namespace racecourse::runtime {

namespace {

// Those who wait at the same time must hold the same mutex (POSIX and C++ say that all else is undefined): whoever
// notifies can hold only one, and the others miss it.
inline void must_use_one_mutex(const pthread_cond_t* condition, const pthread_mutex_t* mutex, std::uint64_t pc) {
  if (RC_LIKELY(rt.waiting[static_cast<int>(Wait::condition)] == 0)) return;
  for (int i = 0; i < rt.thread_count; ++i) {
    const Fiber& fiber = rt.fibers[i];
    if (fiber.state != ThreadState::blocked || fiber.wait != Wait::condition || fiber.wait_object != condition)
      continue;
    if (fiber.wait_value == reinterpret_cast<std::uint64_t>(mutex)) return;
    fail(Kind::sync_misuse, pc, condition,
         "T%u waits on a condition variable that T%u waits on with another mutex; all must use the same one", self().id,
         fiber.id);
  }
}

}  // namespace

int wait_on_condition(pthread_cond_t* condition, pthread_mutex_t* mutex, std::uint64_t deadline, std::uint64_t pc) {
  Pending next = on(condition, Access::wait);
  next.also = reinterpret_cast<std::uint64_t>(mutex);
  enter(pc, next);
  cancellation_point(pc);
  must_use_one_mutex(condition, mutex, pc);
  // Before the release, so that the trace shows the waiter asleep before whoever it let in.
  trace(Op::cond_wait, condition, pc, reinterpret_cast<std::uint64_t>(mutex));
  if (const int error = release_for_wait(mutex, pc)) return error;
  const bool spurious = !quiet() && happens_spuriously();
  if (spurious) point(pc, on(mutex, Access::lock));  // it wakes when it is chosen next
  const bool woken = spurious || wait(Wait::condition, condition, pc, deadline, next.also);
  trace(woken ? Op::cond_woken : Op::cond_timeout, condition, pc, spurious ? 1 : 0);
  const int error = take_back(mutex, pc);
  after_cancellable_wait(pc);
  if (error != 0) return error;  // a robust mutex, and its holder died
  return woken ? 0 : ETIMEDOUT;
}

int signal_condition(pthread_cond_t* condition, std::uint64_t pc) {
  enter(pc, on(condition, Access::notify));
  const Fiber* woken = wake_one(Wait::condition, condition);
  trace(Op::cond_signal, condition, pc, woken != nullptr ? 1 : 0);
  return 0;
}

int broadcast_condition(pthread_cond_t* condition, std::uint64_t pc) {
  enter(pc, on(condition, Access::notify));
  const int woken = wake_all(Wait::condition, condition);
  trace(Op::cond_broadcast, condition, pc, static_cast<std::uint64_t>(woken));
  return 0;
}

int destroy_condition(pthread_cond_t* condition, std::uint64_t pc) {
  enter(pc, on(condition, Access::write));
  if (anyone_waits(Wait::condition, condition))
    fail(Kind::sync_misuse, pc, condition,
         "T%u destroys a condition variable on which a thread still waits; notify and join it first", self().id);
  return 0;
}

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t* attributes) noexcept {
  return RC_ORIGINAL(pthread_cond_init)(condition, attributes);
}

RC_INTERPOSE int pthread_cond_destroy(pthread_cond_t* condition) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_cond_destroy)(condition);
  return destroy_condition(condition, RC_CALLER);
}

RC_INTERPOSE int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  if (!rt.executing) return RC_ORIGINAL(pthread_cond_wait)(condition, mutex);
  return wait_on_condition(condition, mutex, 0, RC_CALLER);
}

RC_INTERPOSE int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* deadline) {
  if (!rt.executing) return RC_ORIGINAL(pthread_cond_timedwait)(condition, mutex, deadline);
  if (!is_valid(*deadline)) return EINVAL;
  return wait_on_condition(condition, mutex, absolute_deadline(*deadline), RC_CALLER);
}

RC_INTERPOSE int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                        const timespec* deadline) {
  if (!rt.executing) return RC_ORIGINAL(pthread_cond_clockwait)(condition, mutex, clock, deadline);
  if (!is_valid(*deadline)) return EINVAL;
  return wait_on_condition(condition, mutex, absolute_deadline(*deadline), RC_CALLER);
}

RC_INTERPOSE int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_cond_signal)(condition);
  return signal_condition(condition, RC_CALLER);
}

RC_INTERPOSE int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_cond_broadcast)(condition);
  return broadcast_condition(condition, RC_CALLER);
}
