#include <racecourse/checkers/control/grouped.h>
#include <racecourse/checkers/control/process.h>
#include <racecourse/checkers/control/progress.h>
#include <unistd.h>

#include <algorithm>
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

std::string text_of_progress(const Progress::State& state, double seconds) {
  std::string text = "explored " + grouped(state.executions);
  if (state.of > 0) text += " of " + grouped(state.of);
  const double rate = static_cast<double>(state.executions) / seconds;
  text += " executions, " + grouped(static_cast<std::uint64_t>(rate)) + " a second" + state.seen;
  double left = state.seconds > 0 ? state.seconds - seconds : -1;
  if (state.of > 0 && rate > 0) {
    const double needed = static_cast<double>(state.of - std::min(state.of, state.executions)) / rate;
    left = state.seconds > 0 ? std::min(left, needed) : needed;
  }
  if (state.part > 0) {
    const double needed = seconds * (1 - state.part) / state.part;
    left = left >= 0 ? std::min(left, needed) : needed;
  }
  if (left >= 0) text += ", " + grouped(static_cast<std::uint64_t>(left) + 1) + " s left";
  return text;
}

Progress::Progress(std::string name)
    : name_(std::move(name)), start_(now()), next_(start_ + kSilence), terminal_(isatty(STDERR_FILENO) == 1) {
  const char* wish = std::getenv("RACECOURSE_PROGRESS");
  enabled_ = wish != nullptr && *wish != '\0' ? std::strcmp(wish, "0") != 0 : terminal_;
}

Progress::~Progress() {
  if (shown_ && terminal_) write_all("\r\x1b[K");
}

bool Progress::is_due() {
  const double time = now();
  if (!enabled_ || time < next_) return false;
  next_ = time + (terminal_ ? kTerminalInterval : kLogInterval);
  return true;
}

void Progress::write(const std::string& text) {
  const std::string line = name_ + ": " + text;
  write_all(terminal_ ? "\r\x1b[K" + line.substr(0, 99) : line + "\n");
  shown_ = true;
}

void Progress::show(const State& state) {
  if (is_due()) write(text_of_progress(state, now() - start_));
}

void Progress::show(const std::string& what) {
  if (is_due()) write(what + ", " + grouped(static_cast<std::uint64_t>(now() - start_)) + " s");
}

}  // namespace racecourse::control
