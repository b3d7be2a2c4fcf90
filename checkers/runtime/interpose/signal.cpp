// Signals that a body handles, and sends to itself. What a handler does is part of the thread that it interrupts.
//
// Some signals are the runtime's: those of crashes, the watchdog's and the clock's. Of these the body's handler is
// remembered, and called when the body itself raises the signal; a crash is a finding whatever handler there is.
#include <errno.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/own_number.h>
#include <racecourse/checkers/runtime/interpose/process.h>
#include <racecourse/checkers/runtime/interpose/signal.h>
#include <racecourse/checkers/runtime/interpose/stream.h>
#include <racecourse/checkers/runtime/process_state.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

extern "C" sighandler_t __sysv_signal(int signal, sighandler_t handler) noexcept;

RC_DECLARE_ORIGINAL(raise)
RC_DECLARE_ORIGINAL(kill)
RC_DECLARE_ORIGINAL(pthread_kill)
RC_DECLARE_ORIGINAL(sigaction)
RC_DECLARE_ORIGINAL(signal)
RC_DECLARE_ORIGINAL(__sysv_signal)
RC_DECLARE_ORIGINAL(sigaltstack)
RC_DECLARE_ORIGINAL(sigprocmask)
RC_DECLARE_ORIGINAL(pthread_sigmask)
RC_DECLARE_ORIGINAL(alarm)
RC_DECLARE_ORIGINAL(ualarm)
RC_DECLARE_ORIGINAL(setitimer)
RC_DECLARE_ORIGINAL(timer_create)

namespace racecourse::runtime {

namespace {

// What the body wants of the signals that are ours. Like all ordinary variables, it is set back for each execution.
constexpr int kSignals = 65;
struct sigaction wanted[kSignals];
bool alarm_is_set;

bool is_ours(int signal) {
  switch (signal) {
    case SIGSEGV:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGTRAP:
    case SIGABRT:
    case SIGALRM:
    case SIGPROF:
      return true;
    default:
      return false;
  }
}

bool is_default(const struct sigaction& action) {
  return (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_DFL;
}

bool ends_process(int signal) {
  switch (signal) {
    case SIGABRT:
    case SIGSEGV:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGKILL:
      return true;
    case SIGCHLD:
    case SIGCONT:
    case SIGURG:
    case SIGWINCH:
      return false;
    default: {
      if (is_ours(signal)) return is_default(wanted[signal]);
      struct sigaction action;
      return signal >= 1 && RC_ORIGINAL(sigaction)(signal, nullptr, &action) == 0 && is_default(action);
    }
  }
}

// All threads share one mask, that of the worker.
bool is_blocked(int signal) {
  unsigned long mask = 0;
  raw_syscall(SYS_rt_sigprocmask, SIG_BLOCK, 0, reinterpret_cast<long>(&mask), sizeof mask);
  return signal >= 1 && signal < kSignals && (mask >> (signal - 1) & 1) != 0;
}

// Not through the C library, to which the running thread is one that the kernel does not know. One that is blocked
// stays pending, for sigwait() in whatever thread or until the mask opens. Returns 0 or an error code.
int send_to_worker(int signal) {
  order_before(descriptors_clock());
  return -static_cast<int>(raw_syscall(SYS_tgkill, raw_syscall(SYS_getpid), raw_syscall(SYS_gettid), signal));
}

void call_handler(int signal) {
  const struct sigaction action = wanted[signal];
  if ((action.sa_flags & SA_RESETHAND) != 0) wanted[signal] = {};
  if ((action.sa_flags & SA_SIGINFO) != 0) {
    siginfo_t info = {};
    ucontext_t context = {};
    info.si_signo = signal;
    info.si_code = SI_TKILL;
    action.sa_sigaction(signal, &info, &context);
  } else if (action.sa_handler != SIG_IGN) {
    action.sa_handler(signal);
  }
}

[[noreturn]] void fail_signal(int signal, const Fiber& to, std::uint64_t pc) {
  if (&to == &self())
    fail(Kind::signal, pc, nullptr, "T%u sends itself signal %d (%s)", self().id, signal, strsignal(signal));
  fail(Kind::signal, pc, &to, "T%u sends T%u signal %d (%s), which ends the process", self().id, to.id, signal,
       strsignal(signal));
}

}  // namespace

int signal_self(int signal, std::uint64_t pc) {
  enter(pc, on(nullptr, Access::other));
  if (signal == SIGABRT) fail_abort(pc);
  if (is_blocked(signal)) return send_to_worker(signal);
  if (ends_process(signal)) fail_signal(signal, self(), pc);
  if (is_ours(signal)) {
    call_handler(signal);
    return 0;
  }
  return send_to_worker(signal);
}

int signal_thread(const Fiber* to, int signal, std::uint64_t pc) {
  if (to == nullptr) return ESRCH;
  if (signal == 0) return 0;
  if (to == &self()) return signal_self(signal, pc);
  if (is_blocked(signal)) {
    enter(pc, on(nullptr, Access::other));
    return send_to_worker(signal);
  }
  if (ends_process(signal)) fail_signal(signal, *to, pc);
  fail(Kind::nondeterminism, pc, to,
       "T%u sends signal %d to T%u: signals between threads cannot be scheduled inside explore()", self().id, signal,
       to->id);
}

namespace {

int set_errno(int error) {
  if (error == 0) return 0;
  errno = error;
  return -1;
}

[[noreturn]] void fail_timer(const char* function, std::uint64_t pc) {
  fail(Kind::nondeterminism, pc, nullptr,
       "T%u calls %s(): its signal would come when the clock likes, beyond the search's control; raise() it instead",
       self().id, function);
}

// An alarm that nobody handles is to end a program that hangs, which the search sees by itself.
void set_alarm(const char* function, bool on, std::uint64_t pc) {
  if (on && !is_default(wanted[SIGALRM])) fail_timer(function, pc);
  alarm_is_set = on;
}

int change_action(int signal, const struct sigaction* action, struct sigaction* old, std::uint64_t pc) {
  if (!is_ours(signal)) {
    if (action != nullptr) keep_handler(signal);
    return RC_ORIGINAL(sigaction)(signal, action, old);
  }
  const struct sigaction before = wanted[signal];
  if (action != nullptr) {
    wanted[signal] = *action;
    if (signal == SIGALRM && alarm_is_set && !is_default(*action)) fail_timer("alarm", pc);
  }
  if (old != nullptr) *old = before;
  return 0;
}

sighandler_t change_handler(int signal, sighandler_t handler, int flags, std::uint64_t pc) {
  struct sigaction action = {}, old = {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  return change_action(signal, &action, &old, pc) == 0 ? old.sa_handler : SIG_ERR;
}

// Which of the signals that are ours the body believes to block. They stay open: the first write to a protected page is
// one of them.
sigset_t believed;

int change_mask(decltype(&::pthread_sigmask) change, int how, const sigset_t* set, sigset_t* old) {
  if (!rt.executing) return change(how, set, old);
  keep_mask();
  sigset_t kept_open, was_believed = believed;
  if (set != nullptr) {
    kept_open = *set;
    for (int signal = 1; signal < kSignals; ++signal) {
      if (!is_ours(signal)) continue;
      sigdelset(&kept_open, signal);
      const bool named = sigismember(set, signal) != 0;
      if (how == SIG_SETMASK ? named : named && how == SIG_BLOCK) sigaddset(&believed, signal);
      if (how == SIG_SETMASK ? !named : named && how == SIG_UNBLOCK) sigdelset(&believed, signal);
    }
  }
  sigset_t before;
  const int result = change(how, set != nullptr ? &kept_open : nullptr, &before);
  if (old == nullptr || result != 0) return result;
  *old = before;
  for (int signal = 1; signal < kSignals; ++signal)
    if (is_ours(signal) && sigismember(&was_believed, signal) != 0) sigaddset(old, signal);
  return result;
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int raise(int signal) noexcept {
  if (!rt.executing) return RC_ORIGINAL(raise)(signal);
  return set_errno(signal_self(signal, RC_CALLER));
}

RC_INTERPOSE int kill(pid_t process, int signal) noexcept {
  if (!is_own(process)) return RC_ORIGINAL(kill)(process, signal);
  if (signal == 0) return 0;
  return set_errno(signal_self(signal, RC_CALLER));
}

RC_INTERPOSE int pthread_kill(pthread_t thread, int signal) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_kill)(thread, signal);
  return signal_thread(fiber_of(thread), signal, RC_CALLER);
}

RC_INTERPOSE int sigaction(int signal, const struct sigaction* action, struct sigaction* old) noexcept {
  if (!rt.executing) return RC_ORIGINAL(sigaction)(signal, action, old);
  return change_action(signal, action, old, RC_CALLER);
}

RC_INTERPOSE sighandler_t signal(int signal, sighandler_t handler) noexcept {
  if (!rt.executing) return RC_ORIGINAL(signal)(signal, handler);
  return change_handler(signal, handler, SA_RESTART, RC_CALLER);
}

RC_INTERPOSE_UNRESERVED sighandler_t ssignal(int signal, sighandler_t handler) noexcept {
  if (!rt.executing) return RC_ORIGINAL(signal)(signal, handler);
  return change_handler(signal, handler, SA_RESTART, RC_CALLER);
}

// What signal() is where a program asks for a standard without GNU's extensions.
RC_INTERPOSE sighandler_t __sysv_signal(int signal, sighandler_t handler) noexcept {
  if (!rt.executing) return RC_ORIGINAL(__sysv_signal)(signal, handler);
  return change_handler(signal, handler, static_cast<int>(SA_RESETHAND | SA_NODEFER), RC_CALLER);
}

RC_INTERPOSE_UNRESERVED sighandler_t sysv_signal(int signal, sighandler_t handler) noexcept {
  if (!rt.executing) return RC_ORIGINAL(__sysv_signal)(signal, handler);
  return change_handler(signal, handler, static_cast<int>(SA_RESETHAND | SA_NODEFER), RC_CALLER);
}

// A stack overflow must find the runtime's own stack.
RC_INTERPOSE int sigaltstack(const stack_t* stack, stack_t* old) noexcept {
  if (!rt.executing) return RC_ORIGINAL(sigaltstack)(stack, old);
  if (old != nullptr) *old = {nullptr, SS_DISABLE, 0};
  return 0;
}

RC_INTERPOSE int sigprocmask(int how, const sigset_t* set, sigset_t* old) noexcept {
  return change_mask(RC_ORIGINAL(sigprocmask), how, set, old);
}

RC_INTERPOSE int pthread_sigmask(int how, const sigset_t* set, sigset_t* old) noexcept {
  return change_mask(RC_ORIGINAL(pthread_sigmask), how, set, old);
}

RC_INTERPOSE_UNRESERVED unsigned alarm(unsigned seconds) noexcept {
  if (!rt.executing) return RC_ORIGINAL(alarm)(seconds);
  set_alarm("alarm", seconds != 0, RC_CALLER);
  return 0;
}

RC_INTERPOSE useconds_t ualarm(useconds_t microseconds, useconds_t interval) noexcept {
  if (!rt.executing) return RC_ORIGINAL(ualarm)(microseconds, interval);
  set_alarm("ualarm", microseconds != 0, RC_CALLER);
  return 0;
}

RC_INTERPOSE int setitimer(__itimer_which_t which, const itimerval* timer, itimerval* old) noexcept {
  if (!rt.executing) return RC_ORIGINAL(setitimer)(which, timer, old);
  const bool on = timer->it_value.tv_sec != 0 || timer->it_value.tv_usec != 0;
  if (on && which != ITIMER_REAL) fail_timer("setitimer", RC_CALLER);
  set_alarm("setitimer", on, RC_CALLER);
  if (old != nullptr) *old = {};
  return 0;
}

RC_INTERPOSE int timer_create(clockid_t clock, sigevent* event, timer_t* timer) noexcept {
  if (!rt.executing) return RC_ORIGINAL(timer_create)(clock, event, timer);
  if (event != nullptr && event->sigev_notify == SIGEV_NONE) return RC_ORIGINAL(timer_create)(clock, event, timer);
  fail_timer("timer_create", RC_CALLER);
}
