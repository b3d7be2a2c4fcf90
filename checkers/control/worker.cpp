#include <racecourse/checkers/control/interrupt.h>
#include <racecourse/checkers/control/process.h>
#include <racecourse/checkers/control/worker.h>
#include <racecourse/checkers/high_descriptors.h>
#include <racecourse/checkers/runtime/execution.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>

namespace racecourse::control {
namespace {

using runtime::SharedBlock;
using runtime::Stage;

constexpr double kGraceAfterAlarm = 1.0;  // for the runtime to record the finding and leave
constexpr int kExitOfRefuse = 2;          // of runtime::refuse()

// Inside the child: never returns to the caller's code.
[[noreturn]] void live(Workspace& space, const std::function<void()>& work) {
  sigset_t alarm;
  sigemptyset(&alarm);
  sigaddset(&alarm, SIGALRM);
  sigprocmask(SIG_UNBLOCK, &alarm, nullptr);
  try {
    work();
  } catch (const std::exception& error) {
    dprintf(STDERR_FILENO, "%s\n", error.what());
    _exit(runtime::kWorkerRefused);
  }
  space.work_returned.store(1, std::memory_order_release);  // pairs with the acquire in judge()
  _exit(runtime::kWorkerDone);
}

void add_death(SharedBlock& block, int status) {
  char text[200];
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    std::snprintf(text, sizeof text, "the body was ended by signal %d (%s)%s", signal, strsignal(signal),
                  signal == SIGKILL ? ", perhaps for lack of memory" : "");
    add_finding(block, signal == SIGABRT ? Kind::abort : Kind::signal, static_cast<std::uint64_t>(signal), text);
  } else {
    std::snprintf(text, sizeof text, "the body ended the process with exit status %d", WEXITSTATUS(status));
    add_finding(block, Kind::exit, static_cast<std::uint64_t>(WEXITSTATUS(status)), text);
  }
}

std::string describe(int status) {
  return WIFSIGNALED(status)
             ? std::string("signal ") + std::to_string(WTERMSIG(status)) + " (" + strsignal(WTERMSIG(status)) + ")"
             : "exit status " + std::to_string(WEXITSTATUS(status));
}

void add_stop(SharedBlock& block, bool asleep, long system_call) {
  if (!asleep) {
    add_finding(block, Kind::hang, 0, "the body used the processor without reaching a visible operation");
  } else if (system_call < 0) {
    add_finding(block, Kind::uncontrolled_blocking, 0,
                "the body waits in the kernel, in a call that is not controlled");
  } else {
    char text[200];
    std::snprintf(text, sizeof text, "the body waits in the kernel, in system call %ld, which is not controlled",
                  system_call);
    add_finding(block, Kind::uncontrolled_blocking, static_cast<std::uint64_t>(system_call), text);
  }
}

// Signals that come from a person or a supervisor, and reach the workers too.
bool asks_to_end(int signal) { return signal == SIGKILL || signal == SIGINT || signal == SIGTERM || signal == SIGHUP; }

bool left_with(int status, int code) { return WIFEXITED(status) && WEXITSTATUS(status) == code; }

}  // namespace

Worker::Worker(Workspace& space, const WorkerSettings& settings, const std::function<void()>& work)
    : space_(space), settings_(settings), watchdog_(space.block, settings.watchdog_seconds) {
  const pid_t parent = getpid();
  const pid_t process = fork();
  if (process == 0) {
    settle_child(parent, settings.output, settings.error_output);
    live(space, work);
  }
  if (process > 0) {
    child_.emplace(process);
  } else {
    start_failure_ = std::string("a worker process could not be started: ") + std::strerror(errno);
  }
}

// One that was killed has left what its last execution made.
Worker::~Worker() {
  child_.reset();
  space_.block.kernel_objects.remove(syscall);
}

bool Worker::wait_for(int descriptor) {
  if (!child_) return false;
  watchdog_.begin();
  stopped_.alarmed = 0;
  while (true) {
    const Child::Event event = child_->wait_up_to(kLookInterval, descriptor);
    if (event != Child::Event::nothing) return event == Child::Event::readable;
    if (settings_.meanwhile) settings_.meanwhile();
    look();
  }
}

bool Worker::has_ended() { return !child_ || child_->has_ended(); }

void Worker::look() {
  if (!child_ || stopped_.killed) return;
  if (stopped_.alarmed == 0) {
    if (!watchdog_.expired(child_->process())) return;
    stopped_.asleep = watchdog_.mostly_asleep();
    if (stopped_.asleep) stopped_.system_call = waits_in_system_call(child_->process());
    stopped_.alarmed = now();
    if (watchdog_.in_execution()) {
      child_->send(SIGALRM);
      return;
    }
  } else if (!watchdog_.expired(child_->process())) {
    stopped_.alarmed = 0;  // it goes on after all: the alarm met it between two executions
    return;
  } else if (now() < stopped_.alarmed + kGraceAfterAlarm) {
    return;
  }
  stopped_.killed = true;
  child_->send(SIGKILL);
}

WorkerResult Worker::result() {
  if (!child_) return {WorkerEnd::failed, start_failure_};
  // pairs with the release in live()
  if (space_.work_returned.load(std::memory_order_acquire) != 0) return {WorkerEnd::returned, ""};
  SharedBlock& block = space_.block;
  const int status = child_->status();
  const bool in_execution = block.stage.load() == static_cast<std::uint32_t>(Stage::executing);
  if (in_execution && stopped_.killed) {
    add_stop(block, stopped_.asleep, stopped_.system_call);
    return {WorkerEnd::died, ""};
  }
  if (left_with(status, runtime::kWorkerEndedByBody) && finding_count(block) > 0) return {WorkerEnd::died, ""};
  if (left_with(status, runtime::kWorkerRefused) || (left_with(status, kExitOfRefuse) && !in_execution)) {
    return {WorkerEnd::refused, ""};
  }
  if (interrupted() != 0 && WIFSIGNALED(status) && asks_to_end(WTERMSIG(status))) {
    return {WorkerEnd::failed, "a worker process was interrupted"};
  }
  if (in_execution) {
    add_death(block, status);
    return {WorkerEnd::died, ""};
  }
  if (stopped_.killed) return {WorkerEnd::failed, "a worker process hung outside the body"};
  return {WorkerEnd::failed, "a worker process ended outside the body: " + describe(status)};
}

bool Worker::was_killed() const {
  return child_ && space_.work_returned.load(std::memory_order_acquire) == 0 && !stopped_.killed &&
         WIFSIGNALED(child_->status()) && asks_to_end(WTERMSIG(child_->status()));
}

std::string reason_to_refuse(Workspace& space, const WorkerSettings& settings, const std::function<void()>& work) {
  const int file = out_of_the_way(memfd_create("racecourse-worker", MFD_CLOEXEC));
  if (file < 0) return "it gave no reason";
  WorkerSettings listening = settings;
  listening.error_output = file;
  clear(space);
  Worker worker(space, listening, work);
  while (worker.wait_for()) continue;
  char text[1000];
  const ssize_t length = pread(file, text, sizeof text, 0);
  close(file);
  std::string reason(text, length > 0 ? static_cast<std::size_t>(length) : 0);
  while (!reason.empty() && reason.back() == '\n') reason.pop_back();
  return reason.empty() ? "it gave no reason" : reason;
}

WorkerResult run_worker(Workspace& space, const WorkerSettings& settings, const std::function<void()>& work) {
  clear(space);
  Worker worker(space, settings, work);
  while (worker.wait_for()) continue;
  WorkerResult result = worker.result();
  if (result.end == WorkerEnd::refused) {
    result = {WorkerEnd::failed, "a worker process cannot work here: " + reason_to_refuse(space, settings, work)};
  }
  return result;
}

}  // namespace racecourse::control
