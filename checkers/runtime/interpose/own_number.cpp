// getpid, gettid, and calls that take such numbers and are not about signals (signal.cpp) or scheduling
// (scheduling.cpp).
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/files.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/interpose/own_number.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

RC_DECLARE_ORIGINAL(getpid)
RC_DECLARE_ORIGINAL(gettid)
RC_DECLARE_ORIGINAL(getpgid)
RC_DECLARE_ORIGINAL(setpgid)
RC_DECLARE_ORIGINAL(getsid)
RC_DECLARE_ORIGINAL(process_vm_readv)
RC_DECLARE_ORIGINAL(process_vm_writev)

namespace racecourse::runtime {

int thread_number() { return kFirstThreadNumber + self().id; }

bool is_own(pid_t process) {
  if (!rt.executing) return false;
  return process == 0 || (process >= kFirstThreadNumber && process < kEndOfThreadNumbers) ||
         process == raw_syscall(SYS_getpid);  // from before the execution
}

pid_t known_to_kernel(pid_t process) { return is_own(process) ? 0 : process; }

pid_t real_number(pid_t process) {
  return process != 0 && is_own(process) ? static_cast<pid_t>(raw_syscall(SYS_getpid)) : process;
}

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE pid_t getpid() noexcept { return rt.executing ? kFirstThreadNumber : RC_ORIGINAL(getpid)(); }

RC_INTERPOSE pid_t gettid() noexcept { return rt.executing ? thread_number() : RC_ORIGINAL(gettid)(); }

RC_INTERPOSE_UNRESERVED pid_t getpgid(pid_t process) noexcept { return RC_ORIGINAL(getpgid)(known_to_kernel(process)); }

RC_INTERPOSE_UNRESERVED int setpgid(pid_t process, pid_t group) noexcept {
  uses_files(RC_CALLER);
  return RC_ORIGINAL(setpgid)(known_to_kernel(process), known_to_kernel(group));
}

RC_INTERPOSE_UNRESERVED pid_t getsid(pid_t process) noexcept { return RC_ORIGINAL(getsid)(known_to_kernel(process)); }

// Memory is read and written so where nobody knows whether it is there.
RC_INTERPOSE_UNRESERVED ssize_t process_vm_readv(pid_t process, const iovec* to, unsigned long count, const iovec* from,
                                                 unsigned long from_count, unsigned long flags) noexcept {
  for (unsigned long i = 0; i < count; ++i) open_for_kernel(to[i].iov_base, to[i].iov_len);
  return RC_ORIGINAL(process_vm_readv)(real_number(process), to, count, from, from_count, flags);
}

RC_INTERPOSE_UNRESERVED ssize_t process_vm_writev(pid_t process, const iovec* from, unsigned long count,
                                                  const iovec* to, unsigned long to_count,
                                                  unsigned long flags) noexcept {
  if (is_own(process))
    for (unsigned long i = 0; i < to_count; ++i) open_for_kernel(to[i].iov_base, to[i].iov_len);
  return RC_ORIGINAL(process_vm_writev)(real_number(process), from, count, to, to_count, flags);
}
