// How the kernel is to schedule the program, and where it does. To the kernel, the program's threads are none: what it
// asks for itself is granted and has no effect. What concerns another process is the kernel's.
#include <errno.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/filled.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/interpose/own_number.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

RC_DECLARE_ORIGINAL(sched_setaffinity)
RC_DECLARE_ORIGINAL(sched_getaffinity)
RC_DECLARE_ORIGINAL(sched_setscheduler)
RC_DECLARE_ORIGINAL(sched_getscheduler)
RC_DECLARE_ORIGINAL(sched_setparam)
RC_DECLARE_ORIGINAL(sched_getparam)
RC_DECLARE_ORIGINAL(sched_rr_get_interval)
RC_DECLARE_ORIGINAL(setpriority)
RC_DECLARE_ORIGINAL(getpriority)
RC_DECLARE_ORIGINAL(nice)
RC_DECLARE_ORIGINAL(sched_getcpu)
RC_DECLARE_ORIGINAL(getcpu)

namespace racecourse::runtime {

namespace {

int priority = 0;  // of all threads; in an execution only

int set_priority(int to) {
  priority = std::clamp(to, -20, 19);
  return priority;
}

// Each thread stays on one of those that the program may use.
int processor() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  raw_syscall(SYS_sched_getaffinity, 0, sizeof allowed, reinterpret_cast<long>(&allowed));
  int before = self().id % std::max(CPU_COUNT(&allowed), 1);
  for (int i = 0; i < CPU_SETSIZE; ++i)
    if (CPU_ISSET(i, &allowed) && before-- == 0) return i;
  return 0;
}

int refused(int error) {
  errno = error;
  return -1;
}

bool is_possible(int policy, const sched_param* parameters) {
  const bool with_priority = policy == SCHED_FIFO || policy == SCHED_RR;
  if (parameters == nullptr ||
      (!with_priority && policy != SCHED_OTHER && policy != SCHED_BATCH && policy != SCHED_IDLE))
    return false;
  return with_priority ? parameters->sched_priority >= 1 && parameters->sched_priority <= 99
                       : parameters->sched_priority == 0;
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int sched_setaffinity(pid_t process, size_t size, const cpu_set_t* processors) noexcept {
  if (!is_own(process)) return RC_ORIGINAL(sched_setaffinity)(process, size, processors);
  if (processors == nullptr) return refused(EFAULT);
  return CPU_COUNT_S(size, processors) == 0 ? refused(EINVAL) : 0;
}

RC_INTERPOSE int sched_getaffinity(pid_t process, size_t size, cpu_set_t* processors) noexcept {
  open_for_kernel(processors, size);
  return RC_ORIGINAL(sched_getaffinity)(is_own(process) ? 0 : process, size, processors);
}

RC_INTERPOSE_UNRESERVED int sched_setscheduler(pid_t process, int policy, const sched_param* parameters) noexcept {
  if (!is_own(process)) return RC_ORIGINAL(sched_setscheduler)(process, policy, parameters);
  return is_possible(policy & ~SCHED_RESET_ON_FORK, parameters) ? 0 : refused(EINVAL);
}

RC_INTERPOSE_UNRESERVED int sched_getscheduler(pid_t process) noexcept {
  return is_own(process) ? SCHED_OTHER : RC_ORIGINAL(sched_getscheduler)(process);
}

RC_INTERPOSE_UNRESERVED int sched_setparam(pid_t process, const sched_param* parameters) noexcept {
  if (!is_own(process)) return RC_ORIGINAL(sched_setparam)(process, parameters);
  return is_possible(SCHED_OTHER, parameters) ? 0 : refused(EINVAL);
}

RC_INTERPOSE_UNRESERVED int sched_getparam(pid_t process, sched_param* parameters) noexcept {
  open_for_kernel(parameters, sizeof *parameters);
  if (!is_own(process)) return RC_ORIGINAL(sched_getparam)(process, parameters);
  if (parameters == nullptr) return refused(EINVAL);
  *parameters = {};
  filled(parameters, sizeof *parameters, RC_CALLER);
  return 0;
}

RC_INTERPOSE_UNRESERVED int sched_rr_get_interval(pid_t process, timespec* interval) noexcept {
  open_for_kernel(interval, sizeof *interval);
  const int result = RC_ORIGINAL(sched_rr_get_interval)(is_own(process) ? 0 : process, interval);
  if (result == 0) filled(interval, sizeof *interval, RC_CALLER);
  return result;
}

RC_INTERPOSE_UNRESERVED int setpriority(__priority_which_t which, id_t who, int to) noexcept {
  if (which > PRIO_USER || !is_own(static_cast<pid_t>(who))) return RC_ORIGINAL(setpriority)(which, who, to);
  enter(RC_CALLER, on(&priority, Access::write));
  set_priority(to);
  return 0;
}

RC_INTERPOSE_UNRESERVED int getpriority(__priority_which_t which, id_t who) noexcept {
  if (which > PRIO_USER || !is_own(static_cast<pid_t>(who))) return RC_ORIGINAL(getpriority)(which, who);
  enter(RC_CALLER, on(&priority, Access::read));
  return priority;
}

RC_INTERPOSE_UNRESERVED int nice(int change) noexcept {
  if (!rt.executing) return RC_ORIGINAL(nice)(change);
  enter(RC_CALLER, on(&priority, Access::write));
  return set_priority(priority + std::clamp(change, -40, 40));
}

RC_INTERPOSE_UNRESERVED int sched_getcpu() noexcept { return rt.executing ? processor() : RC_ORIGINAL(sched_getcpu)(); }

RC_INTERPOSE_UNRESERVED int getcpu(unsigned* processor, unsigned* node) noexcept {
  if (!rt.executing) return RC_ORIGINAL(getcpu)(processor, node);
  if (processor != nullptr) *processor = static_cast<unsigned>(runtime::processor());
  if (node != nullptr) *node = 0;
  return 0;
}
