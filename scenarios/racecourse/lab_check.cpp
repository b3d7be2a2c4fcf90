// Builds an exercise and runs its checks, and says what came of it: about building, the contract, or concurrency.
#include <fmt/core.h>
#include <racecourse/scenarios/lab/paragraph.h>
#include <racecourse/scenarios/lab/phrases.h>
#include <racecourse/scenarios/lab/running.h>
#include <racecourse/scenarios/lab/view.h>
#include <racecourse/scenarios/lab/workspace.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/lab.h>
#include <racecourse/scenarios/racecourse/lab_build.h>
#include <racecourse/scenarios/racecourse/lab_last.h>
#include <racecourse/scenarios/racecourse/line_diff.h>
#include <racecourse/scenarios/racecourse/terminal.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace racecourse::command {

namespace fs = std::filesystem;
using lab::Check;
using lab::Exercise;
using lab::Outcome;
using lab::Rung;
using lab::Workspace;
namespace phrase = lab::phrase;

namespace {

const char* about(Rung rung) {
  switch (rung) {
    case Rung::contract:
      return phrase::kContract;
    case Rung::two_threads:
      return phrase::kTwoThreads;
    case Rung::three_threads:
      return phrase::kThreeThreads;
    case Rung::progress:
      return phrase::kOfProgress;
  }
  return "";
}

// A phrase for the terminal, broken where it does not fit its width.
template <class... Arguments>
void say(const Workspace& workspace, const char* english, const Arguments&... arguments) {
  fmt::print("{}", lab::wrapped(lab::said_in(workspace.language(), english, arguments...), lab::kTerminal, "  "));
}

// What to type next, as a column.
void say_command(const Workspace& workspace, const char* english, const std::string& line) {
  constexpr std::size_t kColumn = 17;
  const std::string label = lab::said_in(workspace.language(), english);
  fmt::print("{}{}{}\n", label, std::string(kColumn - std::min(kColumn - 1, lab::columns_of(label)), ' '), line);
}

void show_failure(const Workspace& workspace, const Exercise& exercise, const Check& check, const Outcome& outcome,
                  const std::string& command) {
  fmt::print("\n");
  say(workspace, about(check.rung));
  say(workspace, phrase::kAsked, lab::said_in(workspace.language(), check.asks));
  if (!outcome.problem.empty()) {
    say(workspace, phrase::kNoVerdict, outcome.problem);
    return;
  }
  say(workspace, phrase::kFound, outcome.kind + ": " + outcome.message);
  if (!outcome.picture.empty()) {
    // The program's own replay line does not know of this command.
    const std::string picture = outcome.picture.substr(0, outcome.picture.find("\nreplay: "));
    fmt::print("\n{}\n", picture.substr(0, picture.find_last_not_of('\n') + 1));
  }
  fmt::print("\n");
  say_command(workspace, phrase::kStep, command + " lab step");
  if (!outcome.token.empty()) say_command(workspace, phrase::kOtherWays, command + " lab step --play");
  say_command(workspace, phrase::kForAHint, command + " lab hint");
  if (!outcome.token.empty()) {
    say_command(
        workspace, phrase::kEveryEvent,
        fmt::format("{} lab replay {} --check {} --token {}", command, exercise.name, check.name, outcome.token));
  }
  keep_last(workspace, exercise, check, outcome);
}

void show_success(const Workspace& workspace, const Exercise& exercise) {
  const lab::Texts texts = lab::texts_in(exercise, workspace.language());
  fmt::print("\n");
  say(workspace, phrase::kGreen);
  fmt::print("\n{}\n", lab::wrapped(texts.explanation));
  say(workspace, phrase::kRemember, texts.rule);
  fmt::print("\n");
  say(workspace, phrase::kReference);
  fmt::print("\n{}", to_text(diff(lines_of(lab::starter_text(exercise)), lines_of(lab::reference_text(exercise))),
                             {.context = 2, .colour = may_mark(), .dots_at_the_end = false}));
}

}  // namespace

void print_row(bool passed, const char* rung, const std::string& name, const std::string& text) {
  const std::string row = fmt::format("  {:<4} {:<14} {:<28} ", passed ? "ok" : "NO", rung, name);
  // What does not fit beside it goes below.
  if (row.size() + lab::columns_of(text) <= lab::kTerminal) {
    fmt::print("{}{}\n", row, text);
  } else {
    const std::string indent(7, ' ');
    fmt::print("{}\n{}{}", row.substr(0, row.find_last_not_of(' ') + 1), indent,
               lab::wrapped(text, lab::kTerminal, indent, indent.size()));
  }
  std::fflush(stdout);
}

int lab_check(const std::string& name, const std::string& command) {
  Workspace workspace = Workspace::find(fs::current_path());
  const Exercise& exercise = meant(workspace, name);
  const fs::path file = workspace.file_of(exercise);
  if (!fs::exists(file)) {
    throw BadRequest(file.string() + " is missing; `racecourse lab reset " + exercise.name + "` brings it back");
  }
  fmt::print("{}\n", exercise.name);
  std::fflush(stdout);
  const bool schedule_shows_it = check_schedule(workspace, exercise);
  if (const std::string errors = build_mine(workspace, exercise); !errors.empty()) {
    fmt::print("\n");
    say(workspace, phrase::kBuilding);
    fmt::print("\n{}", errors);
    return 1;
  }
  const std::string program = program_of_mine(workspace, exercise).string();
  for (const Check& check : exercise.checks) {
    const Outcome outcome = lab::run_check(program, check.name, check_job(workspace), {"--narrow"});
    print_row(outcome.passed, to_string(check.rung), check.name, outcome.passed ? outcome.searched : outcome.kind);
    if (outcome.passed) continue;
    show_failure(workspace, exercise, check, outcome, command);
    check_test(workspace, exercise, false);
    show_judgement(workspace, exercise, command);
    return 1;
  }
  workspace.progress_of(exercise.name).done = true;
  workspace.save();
  forget_last(workspace);
  show_success(workspace, exercise);
  const bool test_is_good = check_test(workspace, exercise, true);
  show_judgement(workspace, exercise, command);
  fmt::print("\n");
  lab_status(command);
  return schedule_shows_it && test_is_good ? 0 : 1;
}

}  // namespace racecourse::command
