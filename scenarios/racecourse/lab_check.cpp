// Builds an exercise and runs its checks, and says what came of it: about building, the contract, or concurrency.
#include <fmt/core.h>
#include <racecourse/scenarios/json.h>
#include <racecourse/scenarios/lab/diff.h>
#include <racecourse/scenarios/lab/running.h>
#include <racecourse/scenarios/lab/view.h>
#include <racecourse/scenarios/lab/workspace.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/lab.h>
#include <racecourse/scenarios/racecourse/place.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>

namespace racecourse::command {

namespace fs = std::filesystem;
using lab::Check;
using lab::Exercise;
using lab::Outcome;
using lab::Rung;
using lab::Workspace;

namespace {

constexpr const char* kLast = ".racecourse-last.json";
constexpr int kMostLines = 30;

bool in_colour() { return isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr; }

const Exercise& meant(const Workspace& workspace, const std::string& name) {
  const Exercise* current = name.empty() ? workspace.current() : lab::exercises_called({name}).front();
  if (current == nullptr) throw BadRequest("every exercise is done; name one");
  if (!workspace.has(current->name)) throw BadRequest(current->name + " is not in this workspace");
  return *current;
}

lab::Ended run_tool(const Workspace& workspace, std::vector<std::string> arguments) {
  lab::Job job;
  job.arguments = std::move(arguments);
  job.folder = workspace.folder().string();
  job.cpu_seconds = 1'200;
  for (const char* name : {"HOME", "CXX", "CMAKE_PREFIX_PATH", "CMAKE_GENERATOR", "CCACHE_DIR"}) {
    if (const char* value = std::getenv(name)) job.environment.push_back(std::string(name) + "=" + value);
  }
  lab::Ended ended = lab::run_job(job);
  if (!ended.problem.empty()) throw BadRequest(ended.problem);
  return ended;
}

// From the first line that says so: what comes before is about files that were well.
std::string errors_in(const std::string& output) {
  std::string text;
  int lines = 0;
  bool begun = false;
  std::istringstream stream(output);
  for (std::string line; std::getline(stream, line) && lines < kMostLines;) {
    begun = begun || line.find("error") != std::string::npos || line.find("Error") != std::string::npos ||
            line.find("undefined reference") != std::string::npos;
    if (!begun) continue;
    text += "  " + line + "\n";
    ++lines;
  }
  return text.empty() ? output : text;
}

// Empty: it is built.
std::string build(const Workspace& workspace, const Exercise& exercise) {
  const std::string folder = (workspace.folder() / "build").string();
  if (!fs::exists(workspace.folder() / "build" / "CMakeCache.txt")) {
    fmt::print("preparing the build, once...\n");
    std::fflush(stdout);
    std::vector<std::string> configure{"cmake", "-S", workspace.folder().string(), "-B", folder};
    if (!installed_prefix().empty()) configure.push_back("-DCMAKE_PREFIX_PATH=" + installed_prefix());
    const lab::Ended configured = run_tool(workspace, configure);
    if (configured.exit_code != 0) {
      fs::remove(workspace.folder() / "build" / "CMakeCache.txt");
      return errors_in(configured.output);
    }
  }
  const lab::Ended built = run_tool(workspace, {"cmake", "--build", folder, "--target", exercise.name});
  return built.exit_code == 0 ? "" : errors_in(built.output);
}

lab::Job check_job(const Workspace& workspace) {
  lab::Job job;
  job.folder = workspace.folder().string();
  return job;
}

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

void keep_last(const Workspace& workspace, const Exercise& exercise, const Check& check, const Outcome& outcome) {
  catalogue::Json json;
  json["exercise"] = exercise.name;
  json["check"] = check.name;
  json["asks"] = check.asks;
  json["message"] = outcome.kind + ": " + outcome.message;
  json["picture"] = outcome.picture;
  lab::write_file(workspace.folder() / kLast, json.dump(2) + "\n");
}

void show_failure(const Workspace& workspace, const Exercise& exercise, const Check& check, const Outcome& outcome,
                  const std::string& command) {
  fmt::print("\n{}\nasked: {}\n", about(check.rung), check.asks);
  if (!outcome.problem.empty()) {
    fmt::print("but there is no verdict: {}\n", outcome.problem);
    return;
  }
  fmt::print("found: {}: {}\n", outcome.kind, outcome.message);
  if (!outcome.picture.empty()) {
    // The program's own replay line does not know of this command.
    const std::string picture = outcome.picture.substr(0, outcome.picture.find("\nreplay: "));
    fmt::print("\n{}\n", picture);
  }
  fmt::print("\nstep through it: {} lab step\n", command);
  if (!outcome.token.empty()) {
    fmt::print("every event:     {} lab replay {} --check {} --token {}\n", command, exercise.name, check.name,
               outcome.token);
  }
  keep_last(workspace, exercise, check, outcome);
}

void show_success(const Workspace& workspace, const Exercise& exercise) {
  const lab::Texts texts = lab::texts_in(exercise, workspace.language());
  fmt::print("\nEvery check is green.\n\n{}\n{}", lab::wrapped(texts.explanation, 80),
             lab::wrapped("To remember: " + texts.rule, 80));
  fmt::print("\nOne right answer, beside what was there first (- before, + after):\n\n{}",
             lab::diff_text(lab::starter_text(exercise), lab::reference_text(exercise), 2, in_colour()));
}

}  // namespace

int lab_check(const std::string& name, const std::string& command) {
  Workspace workspace = Workspace::find(fs::current_path());
  const Exercise& exercise = meant(workspace, name);
  const fs::path file = workspace.file_of(exercise);
  if (!fs::exists(file)) {
    throw BadRequest(file.string() + " is missing; `racecourse lab reset " + exercise.name + "` brings it back");
  }
  fmt::print("{}\n", exercise.name);
  std::fflush(stdout);
  if (const std::string errors = build(workspace, exercise); !errors.empty()) {
    fmt::print("\nIt is about building: the compiler does not accept it.\n\n{}", errors);
    return 1;
  }
  const std::string program = (workspace.folder() / "build" / exercise.name).string();
  for (const Check& check : exercise.checks) {
    const Outcome outcome = lab::run_check(program, check, check_job(workspace));
    fmt::print("  {:<4} {:<14} {:<28} {}\n", outcome.passed ? "ok" : "NO", to_string(check.rung), check.name,
               outcome.passed ? outcome.searched : outcome.kind);
    std::fflush(stdout);
    if (outcome.passed) continue;
    show_failure(workspace, exercise, check, outcome, command);
    return 1;
  }
  workspace.progress_of(exercise.name).done = true;
  workspace.save();
  fs::remove(workspace.folder() / kLast);
  show_success(workspace, exercise);
  fmt::print("\n");
  return lab_status(command);
}

int lab_replay(const std::string& name, const std::string& check, const std::string& token) {
  const Workspace workspace = Workspace::find(fs::current_path());
  const Exercise& exercise = meant(workspace, name);
  const std::string program = (workspace.folder() / "build" / exercise.name).string();
  if (!fs::exists(program)) throw BadRequest(exercise.name + " is not built; `racecourse lab check` does it");
  lab::Job job = check_job(workspace);
  job.arguments = {program, "--check", check, "--token", token, "--trace"};
  job.nonce = "replay";
  const lab::Ended ended = lab::run_job(job);
  const catalogue::Json answer = catalogue::Json::parse(ended.answer, nullptr, false);
  if (ended.exit_code == 2) {
    constexpr std::string_view kPrefix = "racecourse: ";
    std::string said = ended.output.substr(0, ended.output.find('\n'));
    throw BadRequest(said.starts_with(kPrefix) ? said.substr(kPrefix.size()) : said);
  }
  if (!answer.is_object()) throw BadRequest("the checks gave no answer");
  fmt::print("{}\n", answer.contains("report") ? answer["report"].get<std::string>() : answer.value("text", ""));
  return 0;
}

int lab_step(const std::string& name) {
  const Workspace workspace = Workspace::find(fs::current_path());
  const catalogue::Json last = catalogue::Json::parse(lab::read_file(workspace.folder() / kLast), nullptr, false);
  if (!last.is_object()) throw BadRequest("no check has failed; `racecourse lab check` runs them");
  if (!name.empty() && last.value("exercise", "") != name) {
    throw BadRequest("the last failure is one of " + last.value("exercise", "another exercise"));
  }
  fmt::print("{}, {}: {}\n", last.value("exercise", ""), last.value("check", ""), last.value("asks", ""));
  const bool waits = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
  if (waits) fmt::print("Enter: the next step; q and Enter: no more\n\n");
  std::istringstream picture(last.value("picture", ""));
  bool heading = true;
  for (std::string line; std::getline(picture, line);) {
    if (line.starts_with("replay: ")) continue;
    if (!waits || heading) {
      fmt::print("{}\n", line);
    } else {
      fmt::print("{} ", line);
      std::fflush(stdout);
      std::string answer;
      if (!std::getline(std::cin, answer) || answer == "q") return 0;
    }
    heading = false;
  }
  fmt::print("{}\n", last.value("message", ""));
  return 0;
}

}  // namespace racecourse::command
