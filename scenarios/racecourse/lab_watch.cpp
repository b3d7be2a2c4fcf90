// Checks an exercise whenever its file is saved.
#include <fmt/core.h>
#include <poll.h>
#include <racecourse/checkers/control/interrupt.h>
#include <racecourse/scenarios/lab/workspace.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/lab.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

namespace racecourse::command {

namespace fs = std::filesystem;

namespace {

constexpr int kPauseMilliseconds = 300;

// Looks at the time of the last change rather than waiting for events: editors replace a file in many ways, and some
// file systems tell nothing.
fs::file_time_type changed(const fs::path& file) {
  std::error_code error;
  const auto time = fs::last_write_time(file, error);
  return error ? fs::file_time_type::min() : time;
}

// True if the reader pressed q (and Enter) or Ctrl-C, or there is no more to read.
bool wants_to_quit() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  if (poll(&input, 1, kPauseMilliseconds) <= 0) return control::interrupted() != 0;
  char text[64];
  const ssize_t length = read(STDIN_FILENO, text, sizeof text);
  return length <= 0 || text[0] == 'q';
}

}  // namespace

int lab_watch(const std::string& name, const std::string& command) {
  for (std::string watched = name;;) {
    const lab::Workspace workspace = lab::Workspace::find(fs::current_path());
    const lab::Exercise* exercise = watched.empty() ? workspace.current() : lab::exercises_called({watched}).front();
    if (exercise == nullptr) return lab_status(command);
    const fs::path file = workspace.file_of(*exercise);
    const auto before = changed(file);
    if (isatty(STDOUT_FILENO) != 0) fmt::print("\033[2J\033[H");
    lab_check(exercise->name, command);
    fmt::print("\nwatching {}; q and Enter: no more\n", fs::proximate(file).string());
    std::fflush(stdout);
    while (changed(file) == before) {
      if (wants_to_quit()) return 0;
    }
  }
}

}  // namespace racecourse::command
