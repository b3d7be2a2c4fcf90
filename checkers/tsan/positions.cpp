#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <racecourse/checkers/tsan/delays.h>
#include <racecourse/checkers/tsan/interface.h>
#include <racecourse/checkers/tsan/positions.h>
#include <racecourse/checkers/tsan/report_text.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace racecourse::tsan {
namespace {

// A thread that has not answered is given up when nothing in its process has moved for so long, and in any case after
// the longer time: the first to answer has to load the debug information, which a busy machine may put off.
constexpr int kQuietMs = 500;
constexpr int kLongestMs = 20'000;
constexpr int kPauseMs = 5;

int position_signal() { return SIGRTMAX - 5; }

std::string read_text(const std::string& path) {
  std::string text(4096, '\0');
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const ssize_t length = file >= 0 ? read(file, text.data(), text.size()) : -1;
  if (file >= 0) close(file);
  text.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  return text;
}

std::string task_folder(pid_t process) { return "/proc/" + std::to_string(process) + "/task/"; }

std::vector<pid_t> threads_of(pid_t process) {
  std::vector<pid_t> threads;
  DIR* folder = opendir(task_folder(process).c_str());
  if (folder == nullptr) return threads;
  while (const dirent* entry = readdir(folder)) {
    const pid_t thread = std::atoi(entry->d_name);
    if (thread > 0) threads.push_back(thread);
  }
  closedir(folder);
  std::sort(threads.begin(), threads.end());
  return threads;
}

// ThreadSanitizer's background thread blocks every signal, which no other thread does for long.
bool of_runtime(pid_t process, pid_t thread) {
  const std::string status = read_text(task_folder(process) + std::to_string(thread) + "/status");
  const std::size_t at = status.find("SigBlk:");
  if (at == std::string::npos) return false;
  const std::uint64_t blocked = std::strtoull(status.c_str() + at + 7, nullptr, 16);
  return (blocked >> (position_signal() - 1) & 1) != 0;
}

char state_of(pid_t process, pid_t thread) {
  const std::string stat = read_text(task_folder(process) + std::to_string(thread) + "/stat");
  // "12 (name) S ...": the name may itself hold parentheses.
  const std::size_t end = stat.rfind(')');
  return end != std::string::npos && end + 2 < stat.size() ? stat[end + 2] : '?';
}

std::vector<pid_t> children_of(pid_t process, pid_t thread) {
  std::istringstream words(read_text(task_folder(process) + std::to_string(thread) + "/children"));
  return {std::istream_iterator<pid_t>(words), std::istream_iterator<pid_t>()};
}

constinit int report_descriptor = -1;

// A signal handler: system calls, and the runtime's own printing.
void answer(int) {
  const int saved = errno;
  print_position();
  run_block().positions.fetch_add(1);
  errno = saved;
}

void pause_ms(long ms) {
  const timespec pause{0, ms * 1'000'000};
  nanosleep(&pause, nullptr);
}

}  // namespace

void answer_position_requests(int descriptor) {
  report_descriptor = descriptor;
  // The C library's own sigaction: the runtime's would put the handler off until the thread leaves the call that it
  // hangs in.
  using SigAction = int (*)(int, const struct sigaction*, struct sigaction*);
  void* library = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
  const auto set = library != nullptr ? reinterpret_cast<SigAction>(dlsym(library, "sigaction")) : nullptr;
  if (set == nullptr) return;
  struct sigaction action {};
  action.sa_handler = answer;
  action.sa_flags = SA_RESTART;
  set(position_signal(), &action, nullptr);
}

void print_position() {
  char title[64];
  const int length = std::snprintf(title, sizeof title, "%.*s%u\n", static_cast<int>(kPositionMark.size()),
                                   kPositionMark.data(), this_thread_number());
  system_call()(SYS_write, report_descriptor, title, length);
  __sanitizer_print_stack_trace();
}

int other_threads() {
  const pid_t process = getpid();
  int count = 0;
  for (const pid_t thread : threads_of(process)) count += thread != process && !of_runtime(process, thread) ? 1 : 0;
  return count;
}

void ask_for_positions(pid_t process, const RunBlock& block) {
  for (const pid_t thread : threads_of(process)) {
    if (of_runtime(process, thread)) continue;
    const std::uint32_t before = block.positions;
    if (syscall(SYS_tgkill, process, thread, position_signal()) != 0) continue;
    for (int ms = 0, quiet = 0; ms < kLongestMs && quiet < kQuietMs && block.positions == before; ms += kPauseMs) {
      pause_ms(kPauseMs);
      quiet = all_asleep(process) ? quiet + kPauseMs : 0;
    }
  }
}

bool all_asleep(pid_t process) {
  for (const pid_t thread : threads_of(process)) {
    const char state = state_of(process, thread);
    if (state == 'R' || state == 'D') return false;  // D: it waits for a page of its program, say
    for (const pid_t child : children_of(process, thread)) {
      if (!all_asleep(child)) return false;
    }
  }
  return true;
}

}  // namespace racecourse::tsan
