// What can be asked of a thread or told to it, short of starting and ending it. Controlled threads are not threads to
// the kernel: requests about its scheduling are granted and have no effect.
#include <errno.h>
#include <racecourse/checkers/runtime/interpose/files.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/interpose/thread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdarg>

RC_DECLARE_ORIGINAL(pthread_getattr_np)
RC_DECLARE_ORIGINAL(pthread_setname_np)
RC_DECLARE_ORIGINAL(pthread_getname_np)
RC_DECLARE_ORIGINAL(pthread_getcpuclockid)
RC_DECLARE_ORIGINAL(pthread_getaffinity_np)
RC_DECLARE_ORIGINAL(pthread_setaffinity_np)
RC_DECLARE_ORIGINAL(pthread_getschedparam)
RC_DECLARE_ORIGINAL(pthread_setschedparam)
RC_DECLARE_ORIGINAL(pthread_setschedprio)
RC_DECLARE_ORIGINAL(prctl)

namespace racecourse::runtime {
namespace {

using Name = char[sizeof Fiber::name];

void read_name(const Fiber& fiber, Name& name) {
  const Fiber* named = &fiber;
  while (named->name[0] == 0 && named->id != 0) named = &rt.fibers[named->parent];
  strcpy(name, named->name);
  if (name[0] == 0) raw_syscall(SYS_prctl, PR_GET_NAME, reinterpret_cast<long>(name));
}

// Those that it started keep the name that they have from it.
void rename(Fiber& fiber, const char* name) {
  Name before;
  read_name(fiber, before);
  for (int i = 1; i < rt.thread_count; ++i) {
    Fiber& other = rt.fibers[i];
    if (other.parent == fiber.id && &other != &fiber && other.name[0] == 0) strcpy(other.name, before);
  }
  strcpy(fiber.name, name);
}

}  // namespace
}  // namespace racecourse::runtime

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
  enter(RC_CALLER, on(fiber->name, Access::write));
  rename(*fiber, name);
  return 0;
}

RC_INTERPOSE int pthread_getname_np(pthread_t thread, char* name, size_t size) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_getname_np)(thread, name, size);
  const Fiber* fiber = fiber_of(thread);
  if (fiber == nullptr) return ESRCH;
  enter(RC_CALLER, on(fiber->name, Access::read));
  Name own;
  read_name(*fiber, own);
  if (strlen(own) >= size) return ERANGE;
  strcpy(name, own);
  return 0;
}

// The further arguments are read also where there are none: of any value.
RC_INTERPOSE_UNRESERVED int prctl(int option, ...) noexcept {
  va_list list;
  va_start(list, option);
  unsigned long a[4];
  for (unsigned long& argument : a) argument = va_arg(list, unsigned long);
  va_end(list);
  if (rt.executing && (option == PR_SET_NAME || option == PR_GET_NAME)) {
    auto* const text = reinterpret_cast<char*>(a[0]);
    Name own = {};
    if (option == PR_SET_NAME) {
      std::copy_n(text, strnlen(text, sizeof own - 1), own);
      rename(self(), own);
    } else {
      read_name(self(), own);
      std::copy_n(own, sizeof own, text);
    }
    return 0;
  }
  uses_files(RC_CALLER);
  open_for_kernel(reinterpret_cast<void*>(a[0]), sizeof(long));  // most that is asked for is as short
  return RC_ORIGINAL(prctl)(option, a[0], a[1], a[2], a[3]);
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
