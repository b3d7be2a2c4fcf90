// syscall(): those that block, or tell the time, or tell threads apart, are ours.
#include <errno.h>
#include <racecourse/checkers/runtime/descriptors.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/clock.h>
#include <racecourse/checkers/runtime/interpose/futex.h>
#include <racecourse/checkers/runtime/interpose/process.h>
#include <racecourse/checkers/runtime/interpose/random.h>
#include <racecourse/checkers/runtime/interpose/thread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdarg>

namespace racecourse::runtime {

namespace {

long controlled_syscall(long number, const long (&a)[6], std::uint64_t pc) {
  switch (number) {
    case SYS_futex:
      return futex(reinterpret_cast<int*>(a[0]), static_cast<int>(a[1]), static_cast<int>(a[2]), a[3],
                   static_cast<int>(a[5]), pc);
    case SYS_exit:
      if (self().id == 0) fail(Kind::exit, pc, nullptr, "T0 ends its thread by a bare system call");
      vanish_thread();
    case SYS_exit_group:
      fail_exit("exit_group", static_cast<int>(a[0]), pc);
    case SYS_fork:
    case SYS_vfork:
    case SYS_clone:
    case SYS_clone3:
      fail_process("syscall", pc);
    case SYS_gettid:
      return thread_number();
    case SYS_sched_yield:
      give_way(pc);
      return 0;
    case SYS_nanosleep:
      return sleep_until(deadline_of_sleep(*reinterpret_cast<const timespec*>(a[0]), false), pc);
    case SYS_clock_nanosleep:
      return sleep_until(deadline_of_sleep(*reinterpret_cast<const timespec*>(a[2]), (a[1] & TIMER_ABSTIME) != 0), pc);
    case SYS_clock_gettime:
      *reinterpret_cast<timespec*>(a[1]) = to_timespec(read_clock(pc));
      return 0;
    case SYS_getrandom:
      fill_random(reinterpret_cast<void*>(a[0]), static_cast<std::size_t>(a[1]));
      return a[1];
    case SYS_close:
      return close(static_cast<int>(a[0])) == 0 ? 0 : -errno;
    case SYS_open:
    case SYS_openat:
    case SYS_openat2:
    case SYS_dup:
    case SYS_memfd_create:
    case SYS_pidfd_open:
      return note_opened(static_cast<int>(raw_syscall(number, a[0], a[1], a[2], a[3])));
    default:
      return raw_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  }
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE long syscall(long number, ...) noexcept {
  long arguments[6];
  va_list list;
  va_start(list, number);
  for (long& argument : arguments) argument = va_arg(list, long);
  va_end(list);
  const long result = rt.executing ? controlled_syscall(number, arguments, RC_CALLER)
                                   : raw_syscall(number, arguments[0], arguments[1], arguments[2], arguments[3],
                                                 arguments[4], arguments[5]);
  if (result < 0 && result > -4096) {
    errno = static_cast<int>(-result);
    return -1;
  }
  return result;
}
