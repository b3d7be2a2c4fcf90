#include <fcntl.h>
#include <racecourse/checkers/control/interrupt.h>
#include <racecourse/checkers/control/process.h>
#include <racecourse/checkers/tsan/child.h>
#include <racecourse/checkers/tsan/positions.h>
#include <racecourse/checkers/tsan/runner.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <new>
#include <utility>

namespace racecourse::tsan {
namespace {

using control::Child;

// A run that is late but shows signs of life (a report is being written, perhaps with the help of llvm-symbolizer, or a
// busy machine does not let its threads work) gets this many times its deadline.
constexpr double kMostPatience = 4;
constexpr double kGlance = 0.1;  // seconds between looks at a run that is late
constexpr std::size_t kMostOutput = 16 * 1024;
constexpr std::size_t kMostReport = 4 << 20;

int memory_file(const char* name) {
  const int file = memfd_create(name, MFD_CLOEXEC);
  if (file < 0) throw std::bad_alloc();
  return file;
}

void empty(int file) {
  // The position is shared with the runs, which write on from it.
  if (ftruncate(file, 0) != 0 || lseek(file, 0, SEEK_SET) != 0) throw std::bad_alloc();
}

off_t size_of(int file) {
  struct stat status {};
  return fstat(file, &status) == 0 ? status.st_size : 0;
}

std::string contents(int file, std::size_t most) {
  std::string text(std::min(static_cast<std::size_t>(size_of(file)), most), '\0');
  const ssize_t length = pread(file, text.data(), text.size(), 0);
  text.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  return text;
}

// llvm-symbolizer complains there of what it cannot read, such as the kernel's vdso.
std::string without_symbolizer(const std::string& text) {
  std::string kept;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string_view line(text.data() + at, end - at);
    if (!line.starts_with("LLVMSymbolizer:") && !line.starts_with("LLVM ERROR:")) kept += line;
    at = end;
  }
  return kept;
}

// Whether it hangs, as opposed to being slow or kept from the processors.
class Lateness {
 public:
  Lateness(pid_t process, int report, double deadline) : process_(process), report_(report), deadline_(deadline) {}

  bool hangs(double seconds) {
    if (seconds < deadline_) return false;
    if (seconds >= kMostPatience * deadline_) return true;
    const off_t reported = size_of(report_);
    const bool reporting = std::exchange(reported_, reported) != reported;
    const bool starved = !all_asleep(process_) && control::activity(process_).processor_seconds < deadline_;
    quiet_glances_ = reporting || starved ? 0 : quiet_glances_ + 1;
    return quiet_glances_ >= 3;
  }

 private:
  const pid_t process_;
  const int report_;
  const double deadline_;
  off_t reported_ = 0;
  int quiet_glances_ = 0;
};

enum class End { by_itself, hang, interrupted };

End watch(Child& child, int report, double deadline, const RunBlock& block) {
  const double start = control::now();
  Lateness lateness(child.process(), report, deadline);
  while (true) {
    const double late = control::now() - start - deadline;
    const double longest = late < 0 ? std::min(-late, kGlance) : kGlance;
    if (child.wait_up_to(longest) == Child::Event::ended) return End::by_itself;
    if (control::interrupted() != 0) return End::interrupted;
    if (lateness.hangs(control::now() - start)) break;
  }
  ask_for_positions(child.process(), block);
  return End::hang;
}

Seen simple(Kind kind, std::string message) {
  Seen seen;
  seen.kind = kind;
  seen.message = std::move(message);
  return seen;
}

Seen seen_of(const Note& note, const std::vector<Position>& positions) {
  Seen seen = simple(note.kind, note.message);
  seen.file = note.file;
  seen.line = note.line;
  if (!seen.file.empty() || positions.empty()) return seen;
  // An exception that nobody caught: the stack still stands where it was thrown.
  const Position& thrown = positions.front();
  seen.file = thrown.file;
  seen.line = thrown.line;
  if (!thrown.place.empty()) seen.message += ", in " + thrown.thread + ", " + thrown.place;
  seen.text = thrown.text;
  return seen;
}

Seen seen_hang(double deadline, const std::vector<Position>& positions) {
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%g", deadline);
  Seen hang = simple(Kind::hang, std::string("the body did not end within ") + seconds + " s");
  const char* separator = ": ";
  for (const Position& position : positions) {
    hang.text += position.text;
    if (position.place.empty()) continue;
    hang.message += separator + position.thread + " is in " + position.place;
    separator = ", ";
    if (hang.file.empty()) {
      hang.file = position.file;
      hang.line = position.line;
    }
  }
  if (!hang.text.empty()) hang.text = "where the threads were:\n" + hang.text;
  return hang;
}

// How the process ended, where neither a note nor ThreadSanitizer has said it better.
void judge_end(int status, Stage stage, bool explained, RunResult& result) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    if (signal == SIGKILL) {
      result.problem = "a run was killed from outside, perhaps for lack of memory";
    } else if (!explained) {
      const char* name = strsignal(signal);
      result.seen.push_back(simple(signal == SIGABRT ? Kind::abort : Kind::signal,
                                   std::string("the process was ended by a signal: ") + (name ? name : "unknown")));
    }
  } else if (stage == Stage::starting) {
    result.problem = "a run ended before it came to the body";
  } else if (stage == Stage::running && !explained) {
    result.seen.push_back(
        simple(Kind::exit, "the body ended the process, with exit code " + std::to_string(WEXITSTATUS(status))));
  }
}

}  // namespace

Runner::Runner(const std::function<void()>& body, std::uint64_t seed)
    : body_(body), seed_(seed), report_(memory_file("racecourse-report")), output_(memory_file("racecourse-output")) {}

Runner::~Runner() {
  close(report_);
  close(output_);
}

RunResult Runner::run(std::uint64_t run, double deadline_seconds) {
  RunResult result;
  RunBlock& block = run_block();
  block.stage = Stage::starting;
  block.note_count = 0;
  block.lock.clear();  // the run before may have died with it
  empty(report_);
  empty(output_);

  std::fflush(nullptr);  // what is buffered here must not be written by the run as well
  const pid_t parent = getpid();
  const pid_t process = fork();
  if (process < 0) {
    result.problem = std::string("no process could be made: ") + std::strerror(errno);
    return result;
  }
  if (process == 0) {
    setpgid(0, 0);  // so that processes which the body starts can be ended with it
    control::settle_child(parent, output_, output_);
    live_as_run(body_, {seed_, run, report_}, block);
  }

  End end;
  int status = 0;
  {
    Child child(process);
    end = watch(child, report_, deadline_seconds, block);
    status = child.status();
  }
  kill(-process, SIGKILL);
  if (end == End::interrupted) return result;

  ReportText report = read_report(contents(report_, kMostReport));
  result.output = without_symbolizer(contents(output_, kMostOutput));
  result.problem = std::move(report.problem);
  for (std::uint32_t i = 0; i < block.note_count; i++) result.seen.push_back(seen_of(block.notes[i], report.positions));
  if (end == End::hang) {
    result.seen.push_back(seen_hang(deadline_seconds, report.positions));
  } else {
    const bool explained = report.deadly || block.note_count > 0;
    judge_end(status, block.stage, explained, result);
  }
  std::move(report.seen.begin(), report.seen.end(), std::back_inserter(result.seen));
  return result;
}

}  // namespace racecourse::tsan
