// What a student asks for beside the checks: where am I, a hint, the file as it was.
#include <fmt/core.h>
#include <racecourse/scenarios/lab/break_it.h>
#include <racecourse/scenarios/lab/judge_it.h>
#include <racecourse/scenarios/lab/paragraph.h>
#include <racecourse/scenarios/lab/phrases.h>
#include <racecourse/scenarios/lab/test_it.h>
#include <racecourse/scenarios/lab/workspace.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/lab.h>
#include <racecourse/scenarios/racecourse/lab_build.h>

#include <algorithm>
#include <filesystem>

namespace racecourse::command {

namespace fs = std::filesystem;
using lab::Exercise;
using lab::Workspace;
namespace phrase = lab::phrase;

namespace {

constexpr std::size_t kBar = 24, kLabel = 14;  // columns

}  // namespace

int lab_start(const std::string& folder, const std::vector<std::string>& names, const std::string& language,
              const std::string& command) {
  const Workspace made = Workspace::start(folder, names, language);
  const std::size_t all = made.progress().size();
  fmt::print("{} {} in {}. Go there:\n  cd {}\n  {} lab\n", all, all == 1 ? "exercise is" : "exercises are", folder,
             folder, command);
  return 0;
}

int lab_list(bool markdown) {
  if (markdown) {
    fmt::print("| exercise | teaches | belongs to | difficulty |\n|---|---|---|---|\n");
    for (const Exercise& exercise : lab::exercises()) {
      fmt::print("| {} | {} | {} | {} |\n", exercise.name, exercise.teaches, exercise.note, exercise.difficulty);
    }
    return 0;
  }
  std::vector<lab::Progress> progress;
  try {
    progress = Workspace::find(fs::current_path()).progress();
  } catch (const BadRequest&) {  // outside a workspace there is a list as well
  }
  fmt::print("exercise        state   difficulty of 5, and what it teaches\n");
  for (const Exercise& exercise : lab::exercises()) {
    const auto one = std::ranges::find(progress, exercise.name, &lab::Progress::name);
    const char* mark = one == progress.end() ? "" : one->done ? "done" : one->skipped ? "skipped" : "open";
    const std::string row = fmt::format("{:<15} {:<7} {}  ", exercise.name, mark, exercise.difficulty);
    fmt::print("{}{}", row, lab::wrapped(exercise.teaches, lab::kTerminal, std::string(row.size(), ' '), row.size()));
  }
  return 0;
}

int lab_status(const std::string& command) {
  Workspace workspace = Workspace::find(fs::current_path());
  const auto done = static_cast<std::size_t>(std::ranges::count(workspace.progress(), true, &lab::Progress::done));
  const std::size_t all = workspace.progress().size();
  const std::size_t filled = kBar * done / std::max<std::size_t>(all, 1);
  const std::string& language = workspace.language();
  fmt::print("[{}{}] {}\n\n", std::string(filled, '#'), std::string(kBar - filled, '.'),
             lab::said_in(language, phrase::kProgress, done, all));
  const Exercise* current = workspace.current();
  if (current == nullptr) {
    fmt::print("{}\n", lab::said_in(language, phrase::kAllDone));
    return 0;
  }
  const auto say = [&](const char* what, const std::string& text) {
    const std::string label = lab::said_in(language, what);
    fmt::print("  {}{}{}\n", label, std::string(kLabel - std::min(kLabel - 1, lab::columns_of(label)), ' '), text);
  };
  fmt::print("{}: {}\n", current->name, lab::texts_in(*current, language).title);
  const fs::path from = fs::current_path();
  const auto here = [&](const fs::path& file) { return fs::proximate(file, from).string(); };
  const fs::path folder = workspace.folder() / current->name;
  say(phrase::kTheStory, here(folder / "STORY.md"));
  say(phrase::kTheFile, here(workspace.file_of(*current)));
  const lab::Progress& progress = workspace.progress_of(current->name);
  if (!progress.judged) {
    say(phrase::kJudgeIt, lab::said_in(language, phrase::kBeforeYouRun, here(folder / lab::kAnswersFile)));
  }
  if (lab::can_be_broken(*current) && !progress.broke) say(phrase::kBreakIt, command + " lab play");
  if (!progress.tested && fs::exists(folder / lab::kRunTestFile)) {
    say(phrase::kTestIt, lab::said_in(language, phrase::kIfYouLike, here(folder / lab::kTestFile)));
  }
  say(phrase::kCheckIt, command + " lab check");
  say(phrase::kAtSaving, command + " lab watch");
  say(phrase::kAHint, command + " lab hint");
  return 0;
}

int lab_hint(const std::string& name, const std::string& command) {
  Workspace workspace = Workspace::find(fs::current_path());
  const Exercise& exercise = meant(workspace, name);
  lab::Progress& progress = workspace.progress_of(exercise.name);
  const std::vector<std::string> hints = lab::texts_in(exercise, workspace.language()).hints;
  if (progress.hints < hints.size()) ++progress.hints;
  for (unsigned i = 0; i < progress.hints; i++) {
    fmt::print("{}", lab::wrapped(lab::said_in(workspace.language(), phrase::kHint, i + 1, hints.size(), hints[i])));
  }
  if (progress.hints < hints.size()) {
    fmt::print("\n{}\n", lab::said_in(workspace.language(), phrase::kOneMore, command + " lab hint"));
  }
  workspace.save();
  return 0;
}

int lab_reset(const std::string& name) {
  Workspace workspace = Workspace::find(fs::current_path());
  const Exercise& exercise = meant(workspace, name);
  for (const lab::File& one : lab::files_of(exercise, workspace.language())) {
    const fs::path file = workspace.folder() / one.path;
    const std::string name = file.filename().string();
    // What was written is kept: a reset is often regretted.
    const std::string was = lab::read_file(file);
    if ((name == exercise.file || name == lab::kTestFile) && !was.empty() && was != one.text) {
      lab::write_file(file.string() + ".before_reset", was);
      fmt::print("{}\n", lab::said_in(workspace.language(), phrase::kKeptAs, name, name + ".before_reset"));
    }
    lab::write_file(file, one.text);
  }
  workspace.progress_of(exercise.name) = {.name = exercise.name};
  workspace.save();
  fmt::print("{}\n", lab::said_in(workspace.language(), phrase::kAsAtFirst, exercise.name));
  return 0;
}

int lab_skip(const std::string& name, const std::string& command) {
  Workspace workspace = Workspace::find(fs::current_path());
  const Exercise& exercise = meant(workspace, name);
  workspace.progress_of(exercise.name).skipped = true;
  workspace.save();
  fmt::print("{}\n\n", lab::said_in(workspace.language(), phrase::kLater, exercise.name));
  return lab_status(command);
}

}  // namespace racecourse::command
