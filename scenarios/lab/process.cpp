#include <fcntl.h>
#include <poll.h>
#include <racecourse/checkers/control/interrupt.h>
#include <racecourse/scenarios/lab/confine.h>
#include <racecourse/scenarios/lab/own_folder.h>
#include <racecourse/scenarios/lab/process.h>
#include <racecourse/scenarios/lab/resident.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace racecourse::lab {
namespace {

constexpr int kCannotStart = 127;
constexpr std::size_t kMostKept = 1 << 20;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

int memory_file(const char* name) {
  const int fd = memfd_create(name, MFD_CLOEXEC);
  if (fd < 0) throw std::runtime_error(std::string("cannot make a memory file: ") + std::strerror(errno));
  return fd;
}

std::string text_of(int fd) {
  std::string all;
  char buffer[1 << 16];
  while (all.size() < kMostKept) {
    const ssize_t count = pread(fd, buffer, sizeof buffer, static_cast<off_t>(all.size()));
    if (count <= 0) break;
    all.append(buffer, static_cast<std::size_t>(count));
  }
  all.resize(std::min(all.size(), kMostKept));
  return all;
}

void limit(decltype(RLIMIT_CPU) what, std::uint64_t value) {
  const rlimit both{value, value};
  setrlimit(what, &both);
}

void set_limits(const Job& job) {
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, job.cpu_seconds);
  limit(RLIMIT_FSIZE, job.file_bytes);
  if (job.memory_bytes > 0) limit(RLIMIT_AS, job.memory_bytes);
  if (job.confined) limit(RLIMIT_NPROC, 256);
}

struct Wires {
  int result, output, nonce, problem;
};

[[noreturn]] void give_up(int problem, const std::string& clause) {
  [[maybe_unused]] const auto written = write(problem, clause.data(), clause.size());
  _exit(kCannotStart);
}

[[noreturn]] void become(const Job& job, const Wires& wires) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  dup2(nothing, STDIN_FILENO);
  dup2(wires.output, STDOUT_FILENO);
  dup2(wires.output, STDERR_FILENO);
  std::vector<std::string> arguments = job.arguments;
  if (job.nonce) {
    fcntl(wires.result, F_SETFD, 0);
    fcntl(wires.nonce, F_SETFD, 0);
    arguments.insert(arguments.end(),
                     {"--result-fd", std::to_string(wires.result), "--nonce-fd", std::to_string(wires.nonce)});
  }
  const char* path = std::getenv("PATH");
  std::vector<std::string> environment{std::string("PATH=") + (path == nullptr ? "/usr/bin:/bin" : path), "LANG=C",
                                       "TMPDIR=" + job.folder};
  environment.insert(environment.end(), job.environment.begin(), job.environment.end());
  std::vector<char*> argv, envp;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  for (std::string& variable : environment) envp.push_back(variable.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  if (chdir(job.folder.c_str()) != 0) give_up(wires.problem, "its folder cannot be entered");
  set_limits(job);
  if (job.confined) {
    if (const std::string clause = drop_rights(); !clause.empty()) give_up(wires.problem, clause);
  }
  execvpe(argv[0], argv.data(), envp.data());
  give_up(wires.problem, "cannot run " + job.arguments[0] + ": " + std::strerror(errno));
}

// As a shell would: 128 and more for a signal.
int as_exit_code(int status) { return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status); }

// Process 1 of a confinement. A signal that a process 1 sends to itself does nothing, so the program must be another;
// and when this one ends, all that the program has left behind is killed.
[[noreturn]] void watch_over(const Job& job, const Wires& wires) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const std::string clause = shut_file_system(job.folder, job.confined->hidden);
  if (!clause.empty()) give_up(wires.problem, clause);
  const pid_t program = fork();
  if (program < 0) give_up(wires.problem, "it cannot be started");
  if (program == 0) become(job, wires);
  int status = 0;
  for (pid_t ended = 0; ended != program;) {
    ended = wait(&status);
    if (ended < 0 && errno != EINTR) _exit(kCannotStart);
  }
  _exit(as_exit_code(status));
}

[[noreturn]] void begin(const Job& job, const Wires& wires, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kCannotStart);
  if (!job.confined) become(job, wires);
  if (const std::string clause = leave_namespaces(); !clause.empty()) give_up(wires.problem, clause);
  const pid_t first = fork();
  if (first < 0) give_up(wires.problem, "it cannot be started");
  if (first == 0) watch_over(job, wires);
  int status = 0;
  while (waitpid(first, &status, 0) < 0 && errno == EINTR) {
  }
  _exit(as_exit_code(status));
}

// Ctrl-C reaches the child as well, so that it proves nothing how that one has ended.
void refuse_if_interrupted() {
  if (control::interrupted() != 0) throw std::runtime_error("interrupted");
}

enum class Left { by_itself, out_of_time, out_of_memory };

Left wait_for(pid_t child, const Job& job, int& status) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::duration<double>(job.seconds);
  auto pause = std::chrono::microseconds(200);
  while (waitpid(child, &status, WNOHANG) != child) {
    const bool too_large = job.resident_bytes > 0 && most_resident(child) > job.resident_bytes;
    if (too_large || control::interrupted() != 0 || Clock::now() > deadline) {
      kill(child, SIGKILL);
      waitpid(child, &status, 0);
      refuse_if_interrupted();
      return too_large ? Left::out_of_memory : Left::out_of_time;
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds(5'000));
  }
  refuse_if_interrupted();
  return Left::by_itself;
}

}  // namespace

Ended run_job(const Job& job) {
  Descriptor result(memory_file("racecourse-result")), output(memory_file("racecourse-output")),
      problem(memory_file("racecourse-problem"));
  int nonce_pipe[2];
  if (pipe2(nonce_pipe, O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
  Descriptor nonce_out(nonce_pipe[0]), nonce_in(nonce_pipe[1]);
  const std::string nonce = job.nonce.value_or("");
  if (write(nonce_in.get(), nonce.data(), nonce.size()) != static_cast<ssize_t>(nonce.size())) {
    throw std::runtime_error("cannot write to a pipe");
  }
  nonce_in.close();

  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error(std::string("cannot start a process: ") + std::strerror(errno));
  if (child == 0) begin(job, {result.get(), output.get(), nonce_out.get(), problem.get()}, parent);
  Ended ended;
  int status = 0;
  const Left left = wait_for(child, job, status);
  ended.out_of_time = left == Left::out_of_time;
  ended.out_of_memory = left == Left::out_of_memory;
  if (WIFSIGNALED(status)) {
    ended.signal = WTERMSIG(status);
  } else if (job.confined && WEXITSTATUS(status) > 128) {
    ended.signal = WEXITSTATUS(status) - 128;
  } else {
    ended.exit_code = WEXITSTATUS(status);
  }
  ended.problem = text_of(problem.get());
  ended.answer = text_of(result.get());
  ended.output = text_of(output.get());
  return ended;
}

std::string why_not_confined() {
  const OwnFolder folder;
  chmod(folder.path().c_str(), 0777);
  Job job;
  job.arguments = {"true"};
  job.folder = folder.path().string();
  job.confined = Confinement{};
  const Ended ended = run_job(job);
  if (!ended.problem.empty()) return ended.problem;
  return ended.exit_code == 0 ? "" : "a confined program does not run";
}

}  // namespace racecourse::lab
