// What would end the process, and what would start another.
#include <racecourse/checkers/program/whole.h>
#include <racecourse/checkers/runtime/interpose/call.h>

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdlib>

RC_DECLARE_ORIGINAL(exit)
RC_DECLARE_ORIGINAL(_exit)
RC_DECLARE_ORIGINAL(quick_exit)
RC_DECLARE_ORIGINAL(abort)
RC_DECLARE_ORIGINAL(raise)
RC_DECLARE_ORIGINAL(kill)
RC_DECLARE_ORIGINAL(pthread_kill)
RC_DECLARE_ORIGINAL(fork)
RC_DECLARE_ORIGINAL(system)
RC_DECLARE_ORIGINAL(popen)
RC_DECLARE_ORIGINAL(posix_spawn)
RC_DECLARE_ORIGINAL(posix_spawnp)
RC_DECLARE_ORIGINAL(execve)
RC_DECLARE_ORIGINAL(execv)
RC_DECLARE_ORIGINAL(execvp)

namespace racecourse::runtime {

namespace {

[[noreturn]] void fail_exit(const char* function, int status, std::uint64_t pc) {
  if (program::is_whole != nullptr && status == 0) end_execution();
  fail(Kind::exit, pc, nullptr, "T%u calls %s(%d)", self().id, function, status);
}

[[noreturn]] void fail_abort(std::uint64_t pc) { fail(Kind::abort, pc, nullptr, "T%u calls abort()", self().id); }

// Another process runs when the kernel likes: what it does to this one is beyond replay.
[[noreturn]] void fail_process(const char* function, std::uint64_t pc) {
  fail(Kind::nondeterminism, pc, nullptr,
       "T%u calls %s(): other processes are beyond the search's control; start them outside the body of explore()",
       self().id, function);
}

bool ends_process(int signal) {
  switch (signal) {
    case SIGABRT:
    case SIGSEGV:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGKILL:
      // Whatever handler there is, it is the runtime's: it turns the signal into a finding.
      return true;
    case SIGCHLD:
    case SIGCONT:
    case SIGURG:
    case SIGWINCH: return false;
    default: {
      struct sigaction action;
      if (signal < 1 || sigaction(signal, nullptr, &action) != 0) return false;
      return (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_DFL;
    }
  }
}

// Sends `signal` to the calling thread; a handler of the body runs before this returns. Returns 0 or an error code.
int signal_self(int signal, std::uint64_t pc) {
  enter(pc, on(nullptr, Access::other));
  if (signal == SIGABRT) fail_abort(pc);
  if (ends_process(signal))
    fail(Kind::signal, pc, nullptr, "T%u sends itself signal %d (%s)", self().id, signal, strsignal(signal));
  // Not through the C library, to which the running thread is one that the kernel does not know.
  return -static_cast<int>(raw_syscall(SYS_tgkill, raw_syscall(SYS_getpid), raw_syscall(SYS_gettid), signal));
}

int set_errno(int error) {
  if (error == 0) return 0;
  errno = error;
  return -1;
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE void exit(int status) noexcept {
  if (rt.executing) fail_exit("exit", status, RC_CALLER);
  RC_ORIGINAL(exit)(status);
  __builtin_unreachable();
}

RC_INTERPOSE void _exit(int status) {
  if (rt.executing) fail_exit("_exit", status, RC_CALLER);
  RC_ORIGINAL(_exit)(status);
  __builtin_unreachable();
}

RC_INTERPOSE void _Exit(int status) noexcept {
  if (rt.executing) fail_exit("_Exit", status, RC_CALLER);
  RC_ORIGINAL(_exit)(status);
  __builtin_unreachable();
}

RC_INTERPOSE void quick_exit(int status) noexcept {
  if (rt.executing) fail_exit("quick_exit", status, RC_CALLER);
  RC_ORIGINAL(quick_exit)(status);
  __builtin_unreachable();
}

RC_INTERPOSE void abort() noexcept {
  if (rt.executing) fail_abort(RC_CALLER);
  RC_ORIGINAL(abort)();
  __builtin_unreachable();
}

RC_INTERPOSE int raise(int signal) noexcept {
  if (!rt.executing) return RC_ORIGINAL(raise)(signal);
  return set_errno(signal_self(signal, RC_CALLER));
}

RC_INTERPOSE int kill(pid_t process, int signal) noexcept {
  if (!rt.executing || (process != 0 && process != getpid()) || signal == 0) return RC_ORIGINAL(kill)(process, signal);
  return set_errno(signal_self(signal, RC_CALLER));
}

RC_INTERPOSE int pthread_kill(pthread_t thread, int signal) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_kill)(thread, signal);
  const Fiber* fiber = fiber_of(thread);
  if (fiber == nullptr) return ESRCH;
  if (signal == 0) return 0;
  if (fiber == &self() || ends_process(signal)) return signal_self(signal, RC_CALLER);
  fail(Kind::nondeterminism, RC_CALLER, fiber,
       "T%u sends signal %d to T%u: signals between threads cannot be scheduled inside explore()", self().id, signal,
       fiber->id);
}

RC_INTERPOSE pid_t fork() noexcept {
  if (rt.executing) fail_process("fork", RC_CALLER);
  return RC_ORIGINAL(fork)();
}

// A function that calls the original vfork would return on a stack that the child has used; a fork is a legal vfork.
RC_INTERPOSE pid_t vfork() noexcept {
  if (rt.executing) fail_process("vfork", RC_CALLER);
  return RC_ORIGINAL(fork)();
}

RC_INTERPOSE int system(const char* command) {
  if (rt.executing) fail_process("system", RC_CALLER);
  return RC_ORIGINAL(system)(command);
}

RC_INTERPOSE FILE* popen(const char* command, const char* mode) {
  if (rt.executing) fail_process("popen", RC_CALLER);
  return RC_ORIGINAL(popen)(command, mode);
}

RC_INTERPOSE int posix_spawn(pid_t* process, const char* path, const posix_spawn_file_actions_t* actions,
                             const posix_spawnattr_t* attributes, char* const arguments[], char* const environment[]) {
  if (rt.executing) fail_process("posix_spawn", RC_CALLER);
  return RC_ORIGINAL(posix_spawn)(process, path, actions, attributes, arguments, environment);
}

RC_INTERPOSE int posix_spawnp(pid_t* process, const char* file, const posix_spawn_file_actions_t* actions,
                              const posix_spawnattr_t* attributes, char* const arguments[], char* const environment[]) {
  if (rt.executing) fail_process("posix_spawnp", RC_CALLER);
  return RC_ORIGINAL(posix_spawnp)(process, file, actions, attributes, arguments, environment);
}

RC_INTERPOSE int execve(const char* path, char* const arguments[], char* const environment[]) noexcept {
  if (rt.executing) fail_process("execve", RC_CALLER);
  return RC_ORIGINAL(execve)(path, arguments, environment);
}

RC_INTERPOSE int execv(const char* path, char* const arguments[]) noexcept {
  if (rt.executing) fail_process("execv", RC_CALLER);
  return RC_ORIGINAL(execv)(path, arguments);
}

RC_INTERPOSE int execvp(const char* file, char* const arguments[]) noexcept {
  if (rt.executing) fail_process("execvp", RC_CALLER);
  return RC_ORIGINAL(execvp)(file, arguments);
}
