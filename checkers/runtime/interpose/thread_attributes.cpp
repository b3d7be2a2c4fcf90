// What can be asked of a thread or told to it, short of starting and ending it. Controlled threads are not threads to
// the kernel: requests about its scheduling are granted and have no effect.
#include <racecourse/checkers/runtime/interpose/thread.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

RC_DECLARE_ORIGINAL(pthread_getattr_np)
RC_DECLARE_ORIGINAL(pthread_setname_np)
RC_DECLARE_ORIGINAL(pthread_getname_np)
RC_DECLARE_ORIGINAL(pthread_getcpuclockid)
RC_DECLARE_ORIGINAL(pthread_getaffinity_np)
RC_DECLARE_ORIGINAL(pthread_setaffinity_np)
RC_DECLARE_ORIGINAL(pthread_getschedparam)
RC_DECLARE_ORIGINAL(pthread_setschedparam)
RC_DECLARE_ORIGINAL(pthread_setschedprio)
RC_DECLARE_ORIGINAL(gettid)

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int pthread_getattr_np(pthread_t thread, pthread_attr_t* attributes) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_getattr_np)(thread, attributes);
  const Fiber* fiber = fiber_of(thread);
  if (fiber == nullptr) return ESRCH;
  if (const int error = pthread_attr_init(attributes)) return error;
  pthread_attr_setdetachstate(attributes, fiber->detached ? PTHREAD_CREATE_DETACHED : PTHREAD_CREATE_JOINABLE);
  return pthread_attr_setstack(attributes, fiber->stack, fiber->stack_size);
}

RC_INTERPOSE int pthread_setname_np(pthread_t thread, const char* name) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_setname_np)(thread, name);
  Fiber* fiber = fiber_of(thread);
  if (fiber == nullptr) return ESRCH;
  if (strlen(name) >= sizeof fiber->name) return ERANGE;
  strcpy(fiber->name, name);
  return 0;
}

RC_INTERPOSE int pthread_getname_np(pthread_t thread, char* name, size_t size) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_getname_np)(thread, name, size);
  const Fiber* fiber = fiber_of(thread);
  if (fiber == nullptr) return ESRCH;
  if (strlen(fiber->name) >= size) return ERANGE;
  strcpy(name, fiber->name);
  return 0;
}

RC_INTERPOSE int pthread_getcpuclockid(pthread_t thread, clockid_t* clock) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_getcpuclockid)(thread, clock);
  *clock = CLOCK_THREAD_CPUTIME_ID;
  return 0;
}

RC_INTERPOSE int pthread_getaffinity_np(pthread_t thread, size_t size, cpu_set_t* processors) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_getaffinity_np)(thread, size, processors);
  return sched_getaffinity(0, size, processors) == 0 ? 0 : errno;
}

RC_INTERPOSE int pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t* processors) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_setaffinity_np)(thread, size, processors);
  return 0;
}

RC_INTERPOSE int pthread_getschedparam(pthread_t thread, int* policy, sched_param* parameters) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_getschedparam)(thread, policy, parameters);
  *policy = SCHED_OTHER;
  *parameters = {};
  return 0;
}

RC_INTERPOSE int pthread_setschedparam(pthread_t thread, int policy, const sched_param* parameters) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_setschedparam)(thread, policy, parameters);
  return 0;
}

RC_INTERPOSE int pthread_setschedprio(pthread_t thread, int priority) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_setschedprio)(thread, priority);
  return 0;
}

RC_INTERPOSE pid_t gettid() noexcept {
  if (!rt.executing) return RC_ORIGINAL(gettid)();
  return thread_number();
}
