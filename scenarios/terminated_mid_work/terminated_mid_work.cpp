// Terminated in the middle of its work: a process writes a report, is told to go at once, and leaves half a line.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/process/child.h>
#include <racecourse/primitives/process/mutex.h>
#include <racecourse/primitives/process/shared_memory.h>
#include <racecourse/scenarios/scenario.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;
using process::Child;
using process::Ending;

// What the processes share beside the file.
struct Board {
  std::atomic<bool> begun{false};
  std::atomic<bool> stop{false};
  std::atomic<off_t> complete{0};  // so much of the file is whole lines
  process::Mutex mutex{process::kShared};
};

// A file without a name: it is gone with the last process that has it open.
class Report {
 public:
  Report() : file_(memfd_create("report", 0)) { assert(file_ >= 0); }
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;
  ~Report() { close(file_); }

  // In two writes, with some work between them.
  void write_line() const {
    append("total=");
    board->begun = true;
    std::this_thread::sleep_for(10ms);
    append("42\n");
  }
  void line_is_complete() const { board->complete = lseek(file_, 0, SEEK_CUR); }
  void drop_what_is_not() const { assert(ftruncate(file_, board->complete) == 0); }

  // The first `size` bytes, if there are so many, must be whole lines.
  void check(std::size_t size = kMost) const {
    char text[kMost];
    const ssize_t length = pread(file_, text, size, 0);
    assert(length >= 0);
    std::string_view rest(text, static_cast<std::size_t>(length));
    for (; !rest.empty(); rest.remove_prefix(kLine.size())) assert(rest.starts_with(kLine));
  }

  const process::SharedMemory<Board> board{0};

 private:
  static constexpr std::size_t kMost = 4096;
  static constexpr std::string_view kLine = "total=42\n";

  void append(std::string_view text) const {
    assert(write(file_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }

  const int file_;
};

void wait_until_begun(const Report& report) {
  while (!report.board->begun) std::this_thread::sleep_for(1ms);
}

// A process that writes, and is killed in the middle of a line, or `patience` later.
template <class Write>
void killed(const Report& report, Write write, std::chrono::milliseconds patience = 0ms) {
  Child writer([&] {
    for (;;) write();
  });
  wait_until_begun(report);
  std::this_thread::sleep_for(patience);
  writer.kill();
  writer.join();
}

void terminated_mid_line() {
  const Report report;
  killed(report, [&] { report.write_line(); });  // BUG: half a line
  report.check();
}

void asked_to_stop() {
  const Report report;
  Child writer([&] {
    while (!report.board->stop) report.write_line();
  });
  wait_until_begun(report);
  report.board->stop = true;
  assert(writer.join() == Ending::well);
  report.check();
}

void counted_when_complete() {
  const Report report;
  killed(report, [&] {
    report.write_line();
    report.line_is_complete();  // one store: the line counts, or it does not
  });
  report.check(static_cast<std::size_t>(report.board->complete));
}

void waits_a_little_first() {
  const Report report;
  killed(
      report, [&] { report.write_line(); }, 15ms);  // "let it finish its line"
  report.check();
}

void destructor_cleans_up() {
  struct Cleanup {
    const Report& report;
    ~Cleanup() { report.drop_what_is_not(); }
  };
  const Report report;
  killed(report, [&] {
    const Cleanup cleanup{report};
    report.write_line();
    report.line_is_complete();
  });
  report.check();
}

void locked_while_it_writes() {
  const Report report;
  killed(report, [&] {
    const std::lock_guard lock(report.board->mutex);
    report.write_line();
  });
  const std::lock_guard lock(report.board->mutex);  // "nobody reads half a line"
  report.check();
}

Entry real(Entry entry) {
  return only_real("explore cannot kill a process between two instructions", std::move(entry));
}

Options short_hang() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

std::map<Checker, Expectation> half_a_line() { return {{Checker::tsan, finds(Kind::assertion)}}; }

const ScenarioRegistration registration{{
    .name = "terminated_mid_work",
    .title = "Terminated in the middle of its work",
    .family = "notes",
    .difficulty = 2,
    .from = "note 002, terminate() of a process that counts on the screen",
    .story = "A process writes a report, line by line. Main has seen enough and terminates it. Later somebody reads "
             "the report, and its last line is `total=`.",
    .python = "Process.terminate() sends SIGTERM and kill() SIGKILL. Python handles neither: no finally block runs, no "
              "exit handler, and a queue or lock that the process was using may stay unusable for the others.",
    .hints = {"When does terminate take effect: at the end of a line, of a write, of a function?",
              "What runs in the process between the signal and its end?",
              "Nothing runs. So at every moment, what lies in the file must make sense to whoever reads it next."},
    .explanation =
        "The signal ends the process between two instructions, wherever it is. Here it is between the two writes of a "
        "line. No destructor runs, no exception is thrown, and no lock is given back: those are all things that the "
        "process itself would have to do. What it had done so far stays as it is, half of a line.",
    .rule = "Do not terminate what can be asked to stop; and write so that being cut off anywhere leaves sense behind.",
    .fix = "Ask: the writer looks at a flag between two lines, ends by itself, and main joins it. Or commit: the line "
           "is made complete first, and then counts by one single store, so a reader sees all of it or nothing. "
           "Renaming a finished file to its real name is the same for whole files.",
    .reading = {"Linux manual, kill(2), signal(7), rename(2)",
                "Python documentation, multiprocessing: Process.terminate(), and its warning",
                "Jim Gray and Andreas Reuter, Transaction Processing: Concepts and Techniques"},
    .variants =
        {
            real(broken("terminated_mid_line", "The process is killed between the two writes of a line.",
                        terminated_mid_line, half_a_line())),
            real(right("asked_to_stop", "The writer looks at a flag between two lines, and is joined.", asked_to_stop)),
            real(right("counted_when_complete", "One store makes a complete line count; readers see no others.",
                       counted_when_complete)),
            real(wrong_fix("waits_a_little_first", "Main lets the writer finish its line before it kills it.",
                           "By then it is in the middle of the next one.", waits_a_little_first, half_a_line())),
            real(wrong_fix("destructor_cleans_up", "The destructor of a guard takes an unfinished line back.",
                           "A killed process runs no destructors.", destructor_cleans_up, half_a_line())),
            with(short_hang(),
                 real(wrong_fix("locked_while_it_writes", "Writer and reader lock the report.",
                                "The writer dies with the lock in its hand, and the reader waits for ever.",
                                locked_while_it_writes, {{Checker::tsan, finds(Kind::hang)}}))),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
