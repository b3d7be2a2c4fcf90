// Checks an exercise whenever its file is saved.
#include <fmt/core.h>
#include <poll.h>
#include <racecourse/checkers/control/interrupt.h>
#include <racecourse/scenarios/lab/break_it.h>
#include <racecourse/scenarios/lab/judge_it.h>
#include <racecourse/scenarios/lab/phrases.h>
#include <racecourse/scenarios/lab/test_it.h>
#include <racecourse/scenarios/lab/workspace.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/lab.h>
#include <racecourse/scenarios/racecourse/lab_build.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <vector>

namespace racecourse::command {

namespace fs = std::filesystem;
using lab::Exercise;

namespace {

constexpr int kPauseMilliseconds = 300;

// When the student last saved one of the files that a check reads; the earliest time for one that is not there.
// Looks at the times rather than waiting for events: editors replace a file in many ways, and some file systems tell
// nothing.
std::vector<fs::file_time_type> times_of(const lab::Workspace& workspace, const Exercise& exercise) {
  const fs::path folder = workspace.folder() / exercise.name;
  std::vector<fs::file_time_type> times;
  for (const fs::path& file : {workspace.file_of(exercise), folder / lab::kScheduleFile, folder / lab::kAnswersFile,
                               folder / lab::kTestFile}) {
    std::error_code error;
    const auto time = fs::last_write_time(file, error);
    times.push_back(error ? fs::file_time_type::min() : time);
  }
  return times;
}

// While an editor puts a new file in the place of the old one, there may be none.
bool is_whole(const lab::Workspace& workspace, const Exercise& exercise) {
  return fs::exists(workspace.file_of(exercise));
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
  for (;;) {
    const lab::Workspace before = lab::Workspace::find(fs::current_path());
    const Exercise* checked = name.empty() ? before.current() : &meant(before, name);
    if (checked == nullptr) return lab_status(command);
    const auto saved = times_of(before, *checked);
    if (isatty(STDOUT_FILENO) != 0) fmt::print("\033[2J\033[H");
    try {
      lab_check(checked->name, command);
    } catch (const BadRequest& error) {  // what is wrong with a file is mended by saving it again
      fmt::print("{}\n", error.what());
    }
    // After a success that is the next one.
    const lab::Workspace workspace = lab::Workspace::find(fs::current_path());
    const Exercise* watched = name.empty() ? workspace.current() : checked;
    if (watched == nullptr) return 0;
    fmt::print("\n{}\n", lab::said_in(workspace.language(), lab::phrase::kWatching,
                                      fs::proximate(workspace.file_of(*watched)).string()));
    std::fflush(stdout);
    const auto times = watched == checked ? saved : times_of(workspace, *watched);
    while (times_of(workspace, *watched) == times || !is_whole(workspace, *watched)) {
      if (wants_to_quit()) return 0;
    }
  }
}

}  // namespace racecourse::command
