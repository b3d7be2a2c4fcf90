#include <fcntl.h>
#include <poll.h>
#include <racecourse/checkers/forbidden.h>
#include <racecourse/scenarios/plain.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <system_error>

namespace racecourse::catalogue {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLongestRun{500};  // bodies take microseconds, some sleep for milliseconds

[[noreturn]] void live(const std::function<void()>& body, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  prctl(PR_SET_DUMPABLE, 0);  // no core file for each bug that is found
  const int nothing = open("/dev/null", O_RDWR);
  dup2(nothing, STDOUT_FILENO);
  dup2(nothing, STDERR_FILENO);
  body();
  _exit(0);
}

// One run, counted.
void run_once(const std::function<void()>& body, PlainRuns& runs) {
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) live(body, parent);
  pollfd end{static_cast<int>(syscall(SYS_pidfd_open, child, 0)), POLLIN, 0};
  const bool ended = poll(&end, 1, static_cast<int>(kLongestRun.count())) == 1;
  if (!ended) kill(child, SIGKILL);
  close(end.fd);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  runs.runs++;
  if (!ended) {
    runs.hung++;
  } else if (WIFSIGNALED(status)) {
    (WTERMSIG(status) == SIGABRT ? runs.aborted : runs.crashed)++;
  } else if (WEXITSTATUS(status) != 0) {
    runs.crashed++;
  }
}

}  // namespace

PlainRuns run_plainly(const Request& request) {
  const Entry& entry = entry_for(request);
  const auto& body = entry.real_body ? entry.real_body : entry.body;
  if (!body) throw std::invalid_argument(request.name + " has no body to run");
  const ForbiddenOutcomes forbidden(entry.options.forbidden);
  const std::uint64_t limit = request.executions.value_or(10'000);
  const std::chrono::duration<double> time(request.seconds.value_or(20));
  const auto start = Clock::now();
  PlainRuns runs;
  while (runs.runs < limit && Clock::now() - start < time) run_once(body, runs);
  runs.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return runs;
}

}  // namespace racecourse::catalogue
