#include <fmt/core.h>
#include <racecourse/scenarios/racecourse/progress.h>
#include <unistd.h>

#include <algorithm>

namespace racecourse::command {

Progress::Progress(std::size_t total)
    : total_(total),
      terminal_(isatty(STDERR_FILENO) == 1),
      start_(std::chrono::steady_clock::now()),
      watcher_([this](const std::stop_token& stop) { watch(stop); }) {}

Progress::~Progress() {
  watcher_.request_stop();
  watcher_.join();
  clear();
}

void Progress::begins(const std::string& label) {
  std::lock_guard lock(mutex_);
  running_.push_back(label);
}

void Progress::ends(const std::string& label) {
  std::lock_guard lock(mutex_);
  done_++;
  running_.erase(std::ranges::find(running_, label));
}

void Progress::clear() {
  std::lock_guard lock(mutex_);
  if (shown_ && terminal_) fmt::print(stderr, "\r\033[K");
  shown_ = false;
}

void Progress::watch(const std::stop_token& stop) {
  using std::chrono::seconds;
  auto next = start_ + seconds(2);
  for (std::unique_lock lock(mutex_); !stop.stop_requested();) {
    changed_.wait_until(lock, stop, next, [] { return false; });
    if (stop.stop_requested()) return;
    show();
    next += seconds(terminal_ ? 1 : 10);
  }
}

void Progress::show() {
  const auto elapsed = std::chrono::steady_clock::now() - start_;
  std::string line = fmt::format("racecourse: {} of {} done after {} s", done_, total_,
                                 std::chrono::duration_cast<std::chrono::seconds>(elapsed).count());
  if (!running_.empty()) line += "; running " + running_.front();
  if (terminal_) {
    fmt::print(stderr, "\r\033[K{}", line.substr(0, 99));
    std::fflush(stderr);
  } else {
    fmt::print(stderr, "{}\n", line);
  }
  shown_ = true;
}

}  // namespace racecourse::command
