#include <racecourse/checkers/process.h>
#include <racecourse/checkers/progress.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace racecourse::control {
namespace {

constexpr double kSilence = 2;  // seconds
constexpr double kTerminalInterval = 0.2;
constexpr double kLogInterval = 5;  // a log keeps every line, so it gets few

void write_all(const std::string& text) {
  // Not worth a failure: a progress line that cannot be written is simply not seen.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

Progress::Progress(std::string name)
    : name_(std::move(name)), start_(now()), next_(start_ + kSilence), terminal_(isatty(STDERR_FILENO) == 1) {
  const char* wish = std::getenv("RACECOURSE_PROGRESS");
  enabled_ = wish != nullptr && *wish != '\0' ? std::strcmp(wish, "0") != 0 : terminal_;
}

Progress::~Progress() {
  if (shown_ && terminal_) write_all("\r\x1b[K");
}

void Progress::show(const std::string& what) {
  const double time = now();
  if (!enabled_ || time < next_) return;
  next_ = time + (terminal_ ? kTerminalInterval : kLogInterval);
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, ", %.0f s", time - start_);
  const std::string line = name_ + ": " + what + seconds;
  write_all(terminal_ ? "\r\x1b[K" + line.substr(0, 99) : line + "\n");
  shown_ = true;
}

}  // namespace racecourse::control
