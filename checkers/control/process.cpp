#include <fcntl.h>
#include <poll.h>
#include <racecourse/checkers/control/interrupt.h>
#include <racecourse/checkers/control/process.h>
#include <racecourse/checkers/high_descriptors.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

namespace racecourse::control {
namespace {

// First part of a file of /proc, terminated; false if it cannot be read.
bool read_proc(pid_t process, const char* name, char (&text)[512]) {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%d/%s", static_cast<int>(process), name);
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  if (length <= 0) return false;
  text[length] = '\0';
  return true;
}

// Waits in the kernel, but called nothing: "-1", and where it is.
bool waits_for_a_page(pid_t process) {
  char text[512];
  return read_proc(process, "syscall", text) && std::strncmp(text, "-1 ", 3) == 0;
}

void redirect(int to, int from, int nowhere) { dup2(from >= 0 ? from : nowhere, to); }

}  // namespace

double now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

Activity activity(pid_t process) {
  Activity result;
  clockid_t clock = 0;
  timespec used{};
  if (clock_getcpuclockid(process, &clock) == 0 && clock_gettime(clock, &used) == 0) {
    result.processor_seconds = static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
  }
  char text[512];
  if (read_proc(process, "stat", text)) {
    // "pid (name) state ...": the name may itself hold parentheses.
    const char* name_end = std::strrchr(text, ')');
    const char state = name_end != nullptr && name_end[1] != '\0' ? name_end[2] : '?';
    result.asleep = (state == 'S' || state == 'D') && !waits_for_a_page(process);
  }
  return result;
}

long waits_in_system_call(pid_t process) {
  char text[512];
  if (!read_proc(process, "syscall", text) || text[0] < '0' || text[0] > '9') return -1;
  return std::strtol(text, nullptr, 10);
}

Child::Child(pid_t process)
    : process_(process), pid_descriptor_(out_of_the_way(static_cast<int>(syscall(SYS_pidfd_open, process, 0)))) {}

Child::~Child() {
  if (!ended_) {
    send(SIGKILL);
    reap(true);
  }
  if (pid_descriptor_ >= 0) close(pid_descriptor_);
}

bool Child::reap(bool block) {
  if (ended_) return true;
  pid_t result;
  do {
    result = waitpid(process_, &status_, block ? 0 : WNOHANG);
  } while (result < 0 && errno == EINTR);
  // An error means that somebody else (a SIGCHLD that is ignored) reaped it: it is gone either way.
  ended_ = result != 0;
  return ended_;
}

Child::Event Child::wait_up_to(double seconds, int descriptor) {
  // Without a pidfd, look often at first, since most children end soon.
  int pause = pid_descriptor_ >= 0 ? static_cast<int>(seconds * 1000) + 1 : 1;
  const double end = now() + seconds;
  while (true) {
    // poll() passes over negative descriptors.
    pollfd waits[] = {{descriptor, POLLIN, 0}, {pid_descriptor_, POLLIN, 0}};
    poll(waits, 2, pause);
    if ((waits[0].revents & POLLIN) != 0) return Event::readable;
    if (reap(false)) return Event::ended;
    if (now() >= end) return Event::nothing;
    if (pid_descriptor_ < 0) pause = std::min(pause * 2, 8);
  }
}

void wait_for_any(std::span<const int> descriptors, double seconds) {
  constexpr int kShort = 2;  // milliseconds
  std::vector<pollfd> waits;
  int timeout = static_cast<int>(seconds * 1000) + 1;
  for (const int descriptor : descriptors) {
    waits.push_back({descriptor, POLLIN, 0});
    if (descriptor < 0) timeout = std::min(timeout, kShort);
  }
  poll(waits.data(), waits.size(), timeout);
}

void Child::send(int signal) {
  if (!ended_) kill(process_, signal);
}

void settle_child(pid_t parent, int output, int error_output) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);  // it died before we asked
  forget_interrupts();
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nowhere < 0) return;
  redirect(STDOUT_FILENO, output, nowhere);
  redirect(STDERR_FILENO, error_output, nowhere);
  if (nowhere > STDERR_FILENO) close(nowhere);
}

}  // namespace racecourse::control
