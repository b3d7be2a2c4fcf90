// Waiting for children and for signals.
#include <errno.h>
#include <racecourse/checkers/runtime/interpose/deadline.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/interpose/ready.h>
#include <racecourse/checkers/runtime/interpose/stream.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

RC_DECLARE_ORIGINAL(waitpid)
RC_DECLARE_ORIGINAL(pause)
RC_DECLARE_ORIGINAL(sigsuspend)
RC_DECLARE_ORIGINAL(sigwait)
RC_DECLARE_ORIGINAL(sigwaitinfo)
RC_DECLARE_ORIGINAL(sigtimedwait)

namespace racecourse::runtime {

namespace {

pid_t wait_for_child(const char* call, pid_t process, int* status, int options, std::uint64_t pc) {
  pid_t result = 0;
  open_for_kernel(status, sizeof *status);
  const auto attempt = [&] {
    result = RC_ORIGINAL(waitpid)(process, status, options | WNOHANG);
    return result != 0;
  };
  if (options & WNOHANG)
    attempt();
  else
    wait_until_ready(call, -1, 0, pc, attempt);
  return result;
}

// Returns the signal, or -1 with errno set.
int wait_for_signal(const char* call, const sigset_t* signals, siginfo_t* info, std::uint64_t deadline,
                    std::uint64_t pc) {
  int result = -1;
  open_for_kernel(info, sizeof *info);
  const bool came = wait_until_ready(call, -1, deadline, pc, [&] {
    const timespec none{};
    result = RC_ORIGINAL(sigtimedwait)(signals, info, &none);
    return result >= 0 || errno != EAGAIN;
  });
  if (!came) errno = EAGAIN;
  order_after(descriptors_clock());
  return result;
}

// Signals that handlers take are delivered at once in the thread that sends them: nothing can come.
int wait_for_handler(const char* call, std::uint64_t pc) {
  wait_until_ready(call, -1, 0, pc, [] { return false; });
  errno = EINTR;
  return -1;
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE pid_t waitpid(pid_t process, int* status, int options) {
  if (!rt.executing) return RC_ORIGINAL(waitpid)(process, status, options);
  return wait_for_child("waitpid", process, status, options, RC_CALLER);
}

RC_INTERPOSE_UNRESERVED pid_t wait(int* status) {
  if (!rt.executing) return RC_ORIGINAL(waitpid)(-1, status, 0);
  return wait_for_child("wait", -1, status, 0, RC_CALLER);
}

RC_INTERPOSE_UNRESERVED int pause() {
  if (!rt.executing) return RC_ORIGINAL(pause)();
  return wait_for_handler("pause", RC_CALLER);
}

RC_INTERPOSE int sigsuspend(const sigset_t* mask) {
  if (!rt.executing) return RC_ORIGINAL(sigsuspend)(mask);
  return wait_for_handler("sigsuspend", RC_CALLER);
}

RC_INTERPOSE int sigwait(const sigset_t* signals, int* signal) {
  if (!rt.executing) return RC_ORIGINAL(sigwait)(signals, signal);
  const int received = wait_for_signal("sigwait", signals, nullptr, 0, RC_CALLER);
  if (received < 0) return errno;
  *signal = received;
  return 0;
}

RC_INTERPOSE int sigwaitinfo(const sigset_t* signals, siginfo_t* info) {
  if (!rt.executing) return RC_ORIGINAL(sigwaitinfo)(signals, info);
  return wait_for_signal("sigwaitinfo", signals, info, 0, RC_CALLER);
}

RC_INTERPOSE int sigtimedwait(const sigset_t* signals, siginfo_t* info, const timespec* timeout) {
  if (!rt.executing) return RC_ORIGINAL(sigtimedwait)(signals, info, timeout);
  const std::uint64_t deadline = timeout != nullptr ? rt.now + to_nanoseconds(*timeout) : 0;
  return wait_for_signal("sigtimedwait", signals, info, deadline, RC_CALLER);
}
