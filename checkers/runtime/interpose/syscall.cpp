// syscall(): those that block, or tell the time, or tell threads apart, are ours; of the rest, all but those that
// concern the caller alone are scheduling points.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <racecourse/checkers/runtime/descriptors.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/clock.h>
#include <racecourse/checkers/runtime/interpose/futex.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/interpose/opened.h>
#include <racecourse/checkers/runtime/interpose/own_number.h>
#include <racecourse/checkers/runtime/interpose/process.h>
#include <racecourse/checkers/runtime/interpose/random.h>
#include <racecourse/checkers/runtime/interpose/ready.h>
#include <racecourse/checkers/runtime/interpose/send.h>
#include <racecourse/checkers/runtime/interpose/signal.h>
#include <racecourse/checkers/runtime/interpose/stand_in.h>
#include <racecourse/checkers/runtime/interpose/thread.h>
#include <racecourse/checkers/runtime/interpose/timer_descriptor.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include <cstdarg>

namespace racecourse::runtime {

namespace {

// The other way round.
long as_kernel(int result) { return result < 0 ? -errno : result; }

// How much a call writes to where its arguments point is not known.
void open_for_kernel(const long (&a)[6]) {
  constexpr std::size_t kMost = 65536;
  for (const long argument : a) runtime::open_for_kernel(reinterpret_cast<void*>(argument), kMost);
}

// What it tells or changes concerns the caller alone, or does not change.
bool is_private(long number) {
  switch (number) {
    case SYS_getpid:
    case SYS_getppid:
    case SYS_getuid:
    case SYS_geteuid:
    case SYS_getgid:
    case SYS_getegid:
    case SYS_membarrier:
    case SYS_uname:
      return true;
    default:
      return false;
  }
}

long any_call(long number, const long (&a)[6], std::uint64_t pc) {
  if (!is_private(number)) {
    enter(pc, on(nullptr, Access::other));
    note_files(pc);
  }
  open_for_kernel(a);
  return raw_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

long open_one(long number, const long (&a)[6], std::uint64_t pc) {
  uses_files(pc);
  return note_opened(static_cast<int>(raw_syscall(number, a[0], a[1], a[2], a[3], a[4])));
}

long open_path(int folder, const char* path, int flags, long mode, std::uint64_t pc) {
  may_name(path, flags);
  const StandIn file(path);
  return open_one(SYS_openat, {folder, reinterpret_cast<long>(static_cast<const char*>(file)), flags, mode}, pc);
}

long read_some(int descriptor, void* buffer, std::size_t room, std::uint64_t pc) {
  wait_for_descriptor("read", descriptor, POLLIN, pc);
  runtime::open_for_kernel(buffer, room);
  const long size = raw_syscall(SYS_read, descriptor, reinterpret_cast<long>(buffer), static_cast<long>(room));
  if (size > 0 && controlled()) access(buffer, static_cast<std::size_t>(size), true, pc);
  return size;
}

// Threads of this execution have numbers of their own.
long send_signal(long thread, int signal, std::uint64_t pc) {
  return -signal_thread(thread == getpid() ? &rt.fibers[0] : numbered_thread(thread), signal, pc);
}

long controlled_syscall(long number, const long (&a)[6], std::uint64_t pc) {
  const auto first = static_cast<int>(a[0]), second = static_cast<int>(a[1]);
  const auto kernel = [&] { return raw_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]); };
  switch (number) {
    case SYS_futex:
      return futex(reinterpret_cast<int*>(a[0]), second, static_cast<int>(a[2]), a[3], static_cast<int>(a[5]), pc);
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
    case SYS_gettimeofday:
      return as_kernel(gettimeofday(reinterpret_cast<timeval*>(a[0]), nullptr));
    case SYS_time:
      return time(reinterpret_cast<time_t*>(a[0]));
    case SYS_mmap: {
      void* const memory = mmap(reinterpret_cast<void*>(a[0]), static_cast<std::size_t>(a[1]), static_cast<int>(a[2]),
                                static_cast<int>(a[3]), static_cast<int>(a[4]), a[5]);
      return memory == MAP_FAILED ? -errno : reinterpret_cast<long>(memory);
    }
    case SYS_munmap:
      return as_kernel(munmap(reinterpret_cast<void*>(a[0]), static_cast<std::size_t>(a[1])));
    case SYS_mprotect:
      return as_kernel(mprotect(reinterpret_cast<void*>(a[0]), static_cast<std::size_t>(a[1]), static_cast<int>(a[2])));
    case SYS_mremap: {
      void* const memory = mremap(reinterpret_cast<void*>(a[0]), static_cast<std::size_t>(a[1]),
                                  static_cast<std::size_t>(a[2]), static_cast<int>(a[3]), a[4]);
      return memory == MAP_FAILED ? -errno : reinterpret_cast<long>(memory);
    }
    case SYS_brk:  // tells where the break is, moved or not
      static_cast<void>(brk(reinterpret_cast<void*>(a[0])));
      return reinterpret_cast<long>(sbrk(0));
    case SYS_getcpu:
      return getcpu(reinterpret_cast<unsigned*>(a[0]), reinterpret_cast<unsigned*>(a[1]));
    case SYS_sched_getaffinity:
      runtime::open_for_kernel(reinterpret_cast<void*>(a[2]), static_cast<std::size_t>(a[1]));
      return raw_syscall(number, is_own(first) ? 0 : first, a[1], a[2]);
    case SYS_sched_setaffinity:
      return as_kernel(sched_setaffinity(first, static_cast<std::size_t>(a[1]), reinterpret_cast<cpu_set_t*>(a[2])));
    case SYS_sched_setscheduler:
      return as_kernel(sched_setscheduler(first, second, reinterpret_cast<sched_param*>(a[2])));
    case SYS_sched_getscheduler:
      return as_kernel(sched_getscheduler(first));
    case SYS_sched_setparam:
      return as_kernel(sched_setparam(first, reinterpret_cast<sched_param*>(a[1])));
    case SYS_sched_getparam:
      return as_kernel(sched_getparam(first, reinterpret_cast<sched_param*>(a[1])));
    case SYS_sched_setattr:
      return is_own(first) ? 0 : kernel();
    case SYS_setpriority:
      return as_kernel(
          setpriority(static_cast<__priority_which_t>(first), static_cast<id_t>(second), static_cast<int>(a[2])));
    case SYS_getpriority:  // from 1 to 40, for an error is negative
      return is_own(second) ? 20 - getpriority(static_cast<__priority_which_t>(first), static_cast<id_t>(second))
                            : kernel();
    case SYS_chdir:
      return as_kernel(chdir(reinterpret_cast<const char*>(a[0])));
    case SYS_fchdir:
      return as_kernel(fchdir(first));
    case SYS_umask:
      return umask(static_cast<mode_t>(first));
    case SYS_fcntl:
      return as_kernel(fcntl(first, second, a[2]));
    case SYS_setrlimit:
      return as_kernel(setrlimit(static_cast<__rlimit_resource_t>(first), reinterpret_cast<rlimit*>(a[1])));
    case SYS_prlimit64:
      return as_kernel(prlimit(first, static_cast<__rlimit_resource>(second), reinterpret_cast<rlimit*>(a[2]),
                               reinterpret_cast<rlimit*>(a[3])));
    case SYS_times:
      return times(reinterpret_cast<tms*>(a[0]));
    case SYS_getrusage:
      return as_kernel(getrusage(static_cast<__rusage_who_t>(first), reinterpret_cast<rusage*>(a[1])));
    case SYS_semget:
      return as_kernel(semget(static_cast<key_t>(first), second, static_cast<int>(a[2])));
    case SYS_semctl:
      return as_kernel(semctl(first, second, static_cast<int>(a[2]), a[3]));
    case SYS_semop:
      return as_kernel(semop(first, reinterpret_cast<sembuf*>(a[1]), static_cast<std::size_t>(a[2])));
    case SYS_semtimedop:
      return as_kernel(semtimedop(first, reinterpret_cast<sembuf*>(a[1]), static_cast<std::size_t>(a[2]),
                                  reinterpret_cast<const timespec*>(a[3])));
    case SYS_msgget:
      return as_kernel(msgget(static_cast<key_t>(first), second));
    case SYS_msgctl:
      return as_kernel(msgctl(first, second, reinterpret_cast<msqid_ds*>(a[2])));
    case SYS_shmget:
      return as_kernel(shmget(static_cast<key_t>(first), static_cast<std::size_t>(a[1]), static_cast<int>(a[2])));
    case SYS_shmctl:
      return as_kernel(shmctl(first, second, reinterpret_cast<shmid_ds*>(a[2])));
    case SYS_shmat: {
      void* const memory = shmat(first, reinterpret_cast<const void*>(a[1]), static_cast<int>(a[2]));
      return memory == reinterpret_cast<void*>(-1) ? -errno : reinterpret_cast<long>(memory);
    }
    case SYS_shmdt:
      return as_kernel(shmdt(reinterpret_cast<const void*>(a[0])));
    case SYS_getrandom:
      fill_random(reinterpret_cast<void*>(a[0]), static_cast<std::size_t>(a[1]));
      return a[1];
    case SYS_tkill:
      return send_signal(a[0], second, pc);
    case SYS_tgkill:
      return is_own(first) ? send_signal(a[1], static_cast<int>(a[2]), pc) : kernel();
    case SYS_read:
      return read_some(first, reinterpret_cast<void*>(a[1]), static_cast<std::size_t>(a[2]), pc);
    case SYS_write:
      reads(reinterpret_cast<const void*>(a[1]), static_cast<std::size_t>(a[2]), pc);
      return on_descriptor(first, pc, kernel);
    case SYS_timerfd_create:
      return as_kernel(create_timer(first, second, pc));
    case SYS_timerfd_settime:
      return as_kernel(timerfd_settime(first, second, reinterpret_cast<const itimerspec*>(a[2]),
                                       reinterpret_cast<itimerspec*>(a[3])));
    case SYS_timerfd_gettime:
      return as_kernel(timerfd_gettime(first, reinterpret_cast<itimerspec*>(a[1])));
    case SYS_accept:
    case SYS_accept4:
      wait_for_descriptor("accept", first, POLLIN, pc);
      open_for_kernel(a);
      return note_opened(static_cast<int>(kernel()));
    case SYS_close:
      return as_kernel(close_descriptor(first, pc));
    case SYS_dup:
      return as_kernel(dup(first));
    case SYS_dup2:
    case SYS_dup3:
      return as_kernel(duplicate(first, second, pc, [&] { return from_kernel(kernel()); }));
    case SYS_open:
      return open_path(AT_FDCWD, reinterpret_cast<const char*>(a[0]), second, a[2], pc);
    case SYS_openat:
      return open_path(first, reinterpret_cast<const char*>(a[1]), static_cast<int>(a[2]), a[3], pc);
    case SYS_openat2:
    case SYS_creat:
    case SYS_socket:
    case SYS_eventfd:
    case SYS_eventfd2:
    case SYS_epoll_create:
    case SYS_epoll_create1:
    case SYS_inotify_init:
    case SYS_inotify_init1:
    case SYS_memfd_create:
    case SYS_pidfd_open:
    case SYS_io_uring_setup:
    case SYS_perf_event_open:
    case SYS_userfaultfd:
      return open_one(number, a, pc);
    case SYS_pipe:
    case SYS_pipe2:
      return open_both(reinterpret_cast<int*>(a[0]), pc, kernel);
    case SYS_socketpair:
      return open_both(reinterpret_cast<int*>(a[3]), pc, kernel);
    default:
      return any_call(number, a, pc);
  }
}

long uncancelled_syscall(long number, const long (&a)[6], std::uint64_t pc) {
  const Uncancelled uncancelled;
  return controlled_syscall(number, a, pc);
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE_UNRESERVED int tgkill(pid_t process, pid_t thread, int signal) noexcept {
  if (!is_own(process)) return from_kernel(raw_syscall(SYS_tgkill, process, thread, signal));
  return from_kernel(send_signal(thread, signal, RC_CALLER));
}

RC_INTERPOSE long syscall(long number, ...) noexcept {
  long arguments[6];
  va_list list;
  va_start(list, number);
  for (long& argument : arguments) argument = va_arg(list, long);
  va_end(list);
  const long result = rt.executing ? uncancelled_syscall(number, arguments, RC_CALLER)
                                   : raw_syscall(number, arguments[0], arguments[1], arguments[2], arguments[3],
                                                 arguments[4], arguments[5]);
  if (result < 0 && result > -4096) {
    errno = static_cast<int>(-result);
    return -1;
  }
  return result;
}
