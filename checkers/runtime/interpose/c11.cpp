// C11 threads: mtx_*, cnd_*, thrd_*, tss_* and call_once. In glibc these types are the pthread ones, and the functions
// call its internals, so they have to be interposed one by one.
#include <errno.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/clock.h>
#include <racecourse/checkers/runtime/interpose/cond.h>
#include <racecourse/checkers/runtime/interpose/filled.h>
#include <racecourse/checkers/runtime/interpose/keys.h>
#include <racecourse/checkers/runtime/interpose/mutex.h>
#include <racecourse/checkers/runtime/interpose/once.h>
#include <racecourse/checkers/runtime/interpose/thread.h>
#include <threads.h>

RC_DECLARE_ORIGINAL(mtx_init)
RC_DECLARE_ORIGINAL(mtx_destroy)
RC_DECLARE_ORIGINAL(mtx_lock)
RC_DECLARE_ORIGINAL(mtx_trylock)
RC_DECLARE_ORIGINAL(mtx_timedlock)
RC_DECLARE_ORIGINAL(mtx_unlock)
RC_DECLARE_ORIGINAL(cnd_destroy)
RC_DECLARE_ORIGINAL(cnd_wait)
RC_DECLARE_ORIGINAL(cnd_timedwait)
RC_DECLARE_ORIGINAL(cnd_signal)
RC_DECLARE_ORIGINAL(cnd_broadcast)
RC_DECLARE_ORIGINAL(thrd_create)
RC_DECLARE_ORIGINAL(thrd_join)
RC_DECLARE_ORIGINAL(thrd_detach)
RC_DECLARE_ORIGINAL(thrd_exit)
RC_DECLARE_ORIGINAL(thrd_sleep)
RC_DECLARE_ORIGINAL(thrd_yield)
RC_DECLARE_ORIGINAL(tss_create)
RC_DECLARE_ORIGINAL(tss_delete)
RC_DECLARE_ORIGINAL(tss_get)
RC_DECLARE_ORIGINAL(tss_set)
RC_DECLARE_ORIGINAL(call_once)

using namespace racecourse;
using namespace racecourse::runtime;

namespace {

static_assert(sizeof(mtx_t) >= sizeof(pthread_mutex_t) && sizeof(cnd_t) >= sizeof(pthread_cond_t));

pthread_mutex_t* as_pthread(mtx_t* mutex) { return reinterpret_cast<pthread_mutex_t*>(mutex); }
pthread_cond_t* as_pthread(cnd_t* condition) { return reinterpret_cast<pthread_cond_t*>(condition); }

int to_c11(int error) {
  switch (error) {
    case 0:
      return thrd_success;
    case ENOMEM:
      return thrd_nomem;
    case ETIMEDOUT:
      return thrd_timedout;
    case EBUSY:
      return thrd_busy;
    default:
      return thrd_error;
  }
}

}  // namespace

RC_INTERPOSE int mtx_init(mtx_t* mutex, int type) {
  if (rt.executing) forget_sync(mutex, sizeof *mutex);
  return RC_ORIGINAL(mtx_init)(mutex, type);
}

RC_INTERPOSE void mtx_destroy(mtx_t* mutex) {
  if (!rt.executing) return RC_ORIGINAL(mtx_destroy)(mutex);
  pthread_mutex_destroy(as_pthread(mutex));
}

RC_INTERPOSE int mtx_lock(mtx_t* mutex) {
  if (!rt.executing) return RC_ORIGINAL(mtx_lock)(mutex);
  return to_c11(lock_mutex(as_pthread(mutex), 0, RC_CALLER));
}

RC_INTERPOSE int mtx_trylock(mtx_t* mutex) {
  if (!rt.executing) return RC_ORIGINAL(mtx_trylock)(mutex);
  return to_c11(try_lock_mutex(as_pthread(mutex), RC_CALLER));
}

RC_INTERPOSE int mtx_timedlock(mtx_t* mutex, const timespec* deadline) {
  if (!rt.executing) return RC_ORIGINAL(mtx_timedlock)(mutex, deadline);
  if (!is_valid(*deadline)) return thrd_error;
  return to_c11(lock_mutex(as_pthread(mutex), absolute_deadline(*deadline), RC_CALLER));
}

RC_INTERPOSE int mtx_unlock(mtx_t* mutex) {
  if (!rt.executing) return RC_ORIGINAL(mtx_unlock)(mutex);
  return to_c11(unlock_mutex(as_pthread(mutex), RC_CALLER));
}

RC_INTERPOSE void cnd_destroy(cnd_t* condition) {
  if (!rt.executing) return RC_ORIGINAL(cnd_destroy)(condition);
  destroy_condition(as_pthread(condition), RC_CALLER);
}

RC_INTERPOSE int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  if (!rt.executing) return RC_ORIGINAL(cnd_wait)(condition, mutex);
  return to_c11(wait_on_condition(as_pthread(condition), as_pthread(mutex), 0, RC_CALLER));
}

RC_INTERPOSE int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* deadline) {
  if (!rt.executing) return RC_ORIGINAL(cnd_timedwait)(condition, mutex, deadline);
  if (!is_valid(*deadline)) return thrd_error;
  return to_c11(wait_on_condition(as_pthread(condition), as_pthread(mutex), absolute_deadline(*deadline), RC_CALLER));
}

RC_INTERPOSE int cnd_signal(cnd_t* condition) {
  if (!rt.executing) return RC_ORIGINAL(cnd_signal)(condition);
  return to_c11(signal_condition(as_pthread(condition), RC_CALLER));
}

RC_INTERPOSE int cnd_broadcast(cnd_t* condition) {
  if (!rt.executing) return RC_ORIGINAL(cnd_broadcast)(condition);
  return to_c11(broadcast_condition(as_pthread(condition), RC_CALLER));
}

RC_INTERPOSE int thrd_create(thrd_t* thread, thrd_start_t start, void* argument) {
  if (!rt.executing) return RC_ORIGINAL(thrd_create)(thread, start, argument);
  // The int comes back in the low half of the register that a pointer comes back in, on every platform that we know.
  auto* start_of_pthread = reinterpret_cast<void* (*)(void*)>(reinterpret_cast<void*>(start));
  return to_c11(create_thread(thread, false, start_of_pthread, argument, RC_CALLER));
}

RC_INTERPOSE int thrd_join(thrd_t thread, int* result) {
  if (!rt.executing) return RC_ORIGINAL(thrd_join)(thread, result);
  void* value = nullptr;
  const int error = join_thread(thread, &value, 0, RC_CALLER);
  if (error != 0 || result == nullptr) return to_c11(error);
  *result = static_cast<int>(reinterpret_cast<std::intptr_t>(value));
  filled(result, sizeof *result, RC_CALLER);
  return thrd_success;
}

RC_INTERPOSE int thrd_detach(thrd_t thread) {
  if (!rt.executing) return RC_ORIGINAL(thrd_detach)(thread);
  return to_c11(detach_thread(thread, RC_CALLER));
}

RC_INTERPOSE void thrd_exit(int result) {
  if (!rt.executing) RC_ORIGINAL(thrd_exit)(result);
  exit_thread(reinterpret_cast<void*>(static_cast<std::intptr_t>(result)), RC_CALLER);
}

RC_INTERPOSE int thrd_sleep(const timespec* duration, timespec* remaining) {
  if (!rt.executing) return RC_ORIGINAL(thrd_sleep)(duration, remaining);
  return sleep_until(deadline_of_sleep(*duration, false), RC_CALLER) == 0 ? 0 : -2;
}

RC_INTERPOSE void thrd_yield() {
  if (!rt.executing) return RC_ORIGINAL(thrd_yield)();
  give_way(RC_CALLER);
}

RC_INTERPOSE int tss_create(tss_t* key, tss_dtor_t destructor) {
  if (!rt.executing) return RC_ORIGINAL(tss_create)(key, destructor);
  return to_c11(create_key(key, destructor));
}

RC_INTERPOSE void tss_delete(tss_t key) {
  if (!rt.executing) return RC_ORIGINAL(tss_delete)(key);
  delete_key(key);
}

RC_INTERPOSE void* tss_get(tss_t key) {
  if (!rt.executing) return RC_ORIGINAL(tss_get)(key);
  return get_value(key);
}

RC_INTERPOSE int tss_set(tss_t key, void* value) {
  if (!rt.executing) return RC_ORIGINAL(tss_set)(key, value);
  return to_c11(set_value(key, value));
}

RC_INTERPOSE void call_once(once_flag* flag, void (*function)()) {
  if (!rt.executing) return RC_ORIGINAL(call_once)(flag, function);
  run_once(&flag->__data, function, RC_CALLER);
}
