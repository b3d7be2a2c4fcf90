// Builds an exercise and runs its checks, and says what came of it: about building, the contract, or concurrency.
#include <fmt/core.h>
#include <racecourse/scenarios/lab/paragraph.h>
#include <racecourse/scenarios/lab/running.h>
#include <racecourse/scenarios/lab/view.h>
#include <racecourse/scenarios/lab/workspace.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/lab.h>
#include <racecourse/scenarios/racecourse/lab_build.h>
#include <racecourse/scenarios/racecourse/lab_last.h>
#include <racecourse/scenarios/racecourse/line_diff.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace racecourse::command {

namespace fs = std::filesystem;
using lab::Check;
using lab::Exercise;
using lab::Outcome;
using lab::Rung;
using lab::Workspace;

namespace {

bool in_colour() { return isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr; }

const char* about(Rung rung) {
  switch (rung) {
    case Rung::contract:
      return "It is about the contract, not about threads: one thread is enough to see it.";
    case Rung::two_threads:
      return "It is about concurrency: two threads, in this order.";
    case Rung::three_threads:
      return "It is about concurrency: three threads, in this order.";
    case Rung::progress:
      return "It is about progress: the results are right, but somebody is held up who need not be, or waits without "
             "sleeping.";
  }
  return "";
}

// Sentences for the terminal, those that do not fit its width broken.
void say(const std::string& text, std::string_view indent = "") {
  fmt::print("{}", lab::wrapped(text, lab::kTerminal, indent));
}

void show_failure(const Workspace& workspace, const Exercise& exercise, const Check& check, const Outcome& outcome,
                  const std::string& command) {
  fmt::print("\n");
  say(about(check.rung));
  say("asked: " + check.asks, "       ");
  if (!outcome.problem.empty()) {
    say("but there is no verdict: " + outcome.problem);
    return;
  }
  say("found: " + outcome.kind + ": " + outcome.message, "       ");
  if (!outcome.picture.empty()) {
    // The program's own replay line does not know of this command.
    const std::string picture = outcome.picture.substr(0, outcome.picture.find("\nreplay: "));
    fmt::print("\n{}\n", picture);
  }
  fmt::print("\nstep through it: {} lab step\n", command);
  if (!outcome.token.empty()) fmt::print("try other ways:  {} lab step --play\n", command);
  fmt::print("a hint:          {} lab hint\n", command);
  if (!outcome.token.empty()) {
    fmt::print("every event:     {} lab replay {} --check {} --token {}\n", command, exercise.name, check.name,
               outcome.token);
  }
  keep_last(workspace, exercise, check, outcome);
}

void show_success(const Workspace& workspace, const Exercise& exercise) {
  const lab::Texts texts = lab::texts_in(exercise, workspace.language());
  fmt::print("\nEvery check is green.\n\n{}\n", lab::wrapped(texts.explanation));
  say("To remember: " + texts.rule);
  fmt::print("\nOne right answer, beside what was there first (- before, + after):\n\n{}",
             to_text(diff(lines_of(lab::starter_text(exercise)), lines_of(lab::reference_text(exercise))),
                     {.context = 2, .colour = in_colour(), .dots_at_the_end = false}));
}

}  // namespace

void print_row(bool passed, const char* rung, const std::string& name, const std::string& text) {
  const std::string row = fmt::format("  {:<4} {:<14} {:<28} ", passed ? "ok" : "NO", rung, name);
  fmt::print("{}{}", row, lab::wrapped(text, lab::kTerminal, std::string(row.size(), ' '), row.size()));
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
    fmt::print("\nIt is about building: the compiler does not accept it.\n\n{}", errors);
    return 1;
  }
  const std::string program = program_of_mine(workspace, exercise).string();
  for (const Check& check : exercise.checks) {
    const Outcome outcome = lab::run_check(program, check.name, check_job(workspace), {"--narrow"});
    print_row(outcome.passed, to_string(check.rung), check.name, outcome.passed ? outcome.searched : outcome.kind);
    if (outcome.passed) continue;
    show_failure(workspace, exercise, check, outcome, command);
    show_judgement(workspace, exercise, command);
    return 1;
  }
  workspace.progress_of(exercise.name).done = true;
  workspace.save();
  forget_last(workspace);
  show_success(workspace, exercise);
  show_judgement(workspace, exercise, command);
  fmt::print("\n");
  lab_status(command);
  return schedule_shows_it ? 0 : 1;
}

}  // namespace racecourse::command
