#include <fcntl.h>
#include <racecourse/checkers/control/interrupt.h>
#include <racecourse/scenarios/racecourse/launch.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

namespace racecourse::command {
namespace {

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what + ": " + std::strerror(errno)); }

// An anonymous file: unlike a pipe it never fills up, and nobody has to read while the child runs.
class MemoryFile {
 public:
  explicit MemoryFile(const char* name) : fd_(memfd_create(name, MFD_CLOEXEC)) {
    if (fd_ < 0) fail("cannot make a memory file");
  }
  ~MemoryFile() { close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  int fd() const { return fd_; }

  std::string text() const {
    std::string all;
    char buffer[1 << 16];
    for (off_t at = 0;;) {
      const ssize_t count = pread(fd_, buffer, sizeof buffer, at);
      if (count <= 0) return all;
      all.append(buffer, static_cast<std::size_t>(count));
      at += count;
    }
  }

 private:
  int fd_;
};

// Between fork and exec only async-signal-safe calls: other threads of this process may hold any lock.
[[noreturn]] void become(char* const* argv, int result_fd, int output_fd, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  control::forget_interrupts();
  setpgid(0, 0);  // Ctrl-C comes from us, once
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  dup2(nothing, STDIN_FILENO);
  dup2(output_fd, STDOUT_FILENO);
  dup2(output_fd, STDERR_FILENO);
  fcntl(result_fd, F_SETFD, 0);
  execv(argv[0], argv);
  _exit(127);
}

// Waits for the child, but not beyond the deadline. Ctrl-C is passed on, and it gets some seconds to tell what it
// found.
int wait_for(pid_t child, double deadline_seconds, bool& out_of_time) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::seconds kLastWords{10};
  auto deadline = Clock::now() + std::chrono::duration<double>(deadline_seconds);
  auto pause = std::chrono::microseconds(200);
  bool told = false;
  for (int status = 0;;) {
    const pid_t ended = waitpid(child, &status, WNOHANG);
    if (ended == child) return status;
    if (ended < 0 && errno != EINTR) fail("cannot wait for a program");
    if (control::interrupted() != 0 && !told) {
      told = true;
      kill(child, control::interrupted());
      deadline = std::min<decltype(deadline)>(deadline, Clock::now() + kLastWords);
    }
    if (!out_of_time && Clock::now() > deadline) {
      out_of_time = true;
      kill(child, SIGKILL);
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds(5'000));
  }
}

Launched run_to_end(const std::string& program, std::vector<std::string> arguments, const MemoryFile& result,
                    double deadline_seconds) {
  if (access(program.c_str(), X_OK) != 0) fail("cannot run " + program);
  const MemoryFile output("racecourse-output");
  arguments.insert(arguments.begin(), program);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);

  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) fail("cannot start " + program);
  if (child == 0) become(argv.data(), result.fd(), output.fd(), parent);

  Launched launched;
  const int status = wait_for(child, deadline_seconds, launched.out_of_time);
  if (WIFEXITED(status)) launched.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) launched.signal = WTERMSIG(status);
  launched.answer = result.text();
  launched.output = output.text();
  return launched;
}

}  // namespace

Launched launch(const std::string& program, std::vector<std::string> arguments, double deadline_seconds) {
  const MemoryFile result("racecourse-result");
  arguments.insert(arguments.end(), {"--result-fd", std::to_string(result.fd())});
  return run_to_end(program, std::move(arguments), result, deadline_seconds);
}

Launched launch_plainly(const std::string& program, std::vector<std::string> arguments, double deadline_seconds) {
  return run_to_end(program, std::move(arguments), MemoryFile("racecourse-no-result"), deadline_seconds);
}

std::string last_line(const Launched& launched) {
  std::string_view text = launched.output;
  while (text.ends_with('\n')) text.remove_suffix(1);
  return std::string(text.substr(text.rfind('\n') + 1));
}

std::string refusal(const Launched& launched) {
  constexpr std::string_view kPrefix = "racecourse: ";
  const std::string said = last_line(launched);
  return said.starts_with(kPrefix) ? said.substr(kPrefix.size()) : said;
}

}  // namespace racecourse::command
