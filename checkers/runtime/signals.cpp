#include <racecourse/checkers/detect/finding.h>
#include <racecourse/checkers/runtime/execution.h>
#include <racecourse/checkers/runtime/fiber.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <racecourse/checkers/runtime/signals.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>

#include <algorithm>
#include <cstring>

namespace racecourse::runtime {

namespace {

constexpr std::size_t kSignalStack = 64 << 10;
constexpr double kReportSeconds = 0.25;  // of processor time, at most: often enough for the watchdog

[[noreturn]] void leave(int code) {
  raw_syscall(SYS_exit_group, code);
  __builtin_unreachable();
}

std::uint64_t instruction_pointer(const void* context) {
  return static_cast<std::uint64_t>(static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
}

bool in_system_call(const void* context) {
  const auto* before = reinterpret_cast<const unsigned char*>(instruction_pointer(context)) - 2;
  return before[0] == 0x0f && before[1] == 0x05;  // the `syscall` instruction
}

// The process cannot go on: complete what the parent reads, and leave.
[[noreturn]] void end_worker() {
  finish_execution();
  leave(kWorkerEndedByBody);
}

const char* fault_name(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "segmentation fault (SIGSEGV)";
    case SIGBUS:
      return "bus error (SIGBUS)";
    case SIGFPE:
      return "arithmetic error (SIGFPE)";
    case SIGILL:
      return "illegal instruction (SIGILL)";
    case SIGTRAP:
      return "trap (SIGTRAP)";
    case SIGABRT:
      return "abort in the C library (SIGABRT)";
    default:
      return "fatal signal";
  }
}

void on_crash(int signal, siginfo_t* info, void* context) {
  if ((signal == SIGSEGV || signal == SIGBUS) && snapshot_fault(info->si_addr)) return;
  if (!rt.executing) {  // not the body's doing: let it show as a crash of the worker
    ::signal(signal, SIG_DFL);
    return;
  }
  const std::uint64_t pc = instruction_pointer(context) + 1;  // like a return address: reports look up pc - 1
  const bool overflow = signal == SIGSEGV && in_stack_guard(info->si_addr);
  const Kind kind = signal == SIGABRT ? Kind::abort : Kind::signal;
  if (report::RawFinding* finding = detect::add_finding(kind, pc, info->si_addr, pc)) {
    if (overflow)
      detect::set_message(*finding, "stack overflow in T%u", self().id);
    else if (signal == SIGSEGV || signal == SIGBUS)
      detect::set_message(*finding, "%s at address %p", fault_name(signal), info->si_addr);
    else
      detect::set_message(*finding, "%s", fault_name(signal));
  }
  rt.pending_event = 0;  // the access that was announced did not happen
  end_worker();
}

void on_watchdog(int, siginfo_t*, void* context) {
  if (!rt.executing) return;  // the body is not to blame, and whoever sent it sees that the worker goes on
  const std::uint64_t pc = instruction_pointer(context) + 1;
  const bool blocked = in_system_call(context);
  const Kind kind = blocked ? Kind::uncontrolled_blocking : Kind::hang;
  // A loop is the same loop wherever in it the signal arrives.
  if (report::RawFinding* finding = detect::add_finding(kind, pc, nullptr, static_cast<std::uint64_t>(kind))) {
    detect::set_message(*finding,
                        blocked ? "T%u blocks in a system call that is not under control"
                                : "T%u runs without reaching any operation that could end it (a loop whose condition "
                                  "the compiler lifted out, a wait in assembly, or a long computation: raise "
                                  "watchdog_seconds)",
                        self().id);
  }
  end_worker();
}

// Tells the watchdog how far a long execution has come.
void on_profile(int, siginfo_t*, void*) {
  if (rt.executing) rt.shared->ticks = rt.tick;
}

void handle(int signal, void (*handler)(int, siginfo_t*, void*), int flags = 0) {
  struct sigaction action = {};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | flags;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

}  // namespace

void install_signal_handlers() {
  void* stack = mmap(nullptr, kSignalStack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack == MAP_FAILED) refuse("cannot map a signal stack");
  stack_t description = {};
  description.ss_sp = stack;
  description.ss_size = kSignalStack;
  sigaltstack(&description, nullptr);
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) handle(signal, on_crash);
  handle(SIGALRM, on_watchdog);
  handle(SIGPROF, on_profile, SA_RESTART);  // the body must not notice
  const double seconds = std::clamp(rt.watchdog_seconds / 4, 0.01, kReportSeconds);
  const timeval period = {0, static_cast<suseconds_t>(seconds * 1e6)};
  const itimerval every = {period, period};
  setitimer(ITIMER_PROF, &every, nullptr);
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_UNBLOCK, &all, nullptr);
}

}  // namespace racecourse::runtime
