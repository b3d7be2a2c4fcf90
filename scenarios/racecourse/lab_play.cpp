// The student is the scheduler: of the code that was handed out, to break it, or of the own code, to see why it fails.
#include <fmt/core.h>
#include <racecourse/scenarios/lab/break_it.h>
#include <racecourse/scenarios/lab/paragraph.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/lab.h>
#include <racecourse/scenarios/racecourse/lab_build.h>
#include <racecourse/scenarios/racecourse/lab_last.h>
#include <racecourse/scenarios/racecourse/play_loop.h>
#include <racecourse/scenarios/racecourse/steered_program.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>
#include <utility>

namespace racecourse::command {

namespace fs = std::filesystem;
using lab::Exercise;
using lab::Workspace;

namespace {

// One check of an exercise. The way to its bug is asked for when a hint is.
class CheckWorld final : public World {
 public:
  CheckWorld(const std::string& name, const fs::path& program, const std::string& check,
             std::function<std::string()> find_token)
      : program_(name, {program.string(), "--check", check, "--steer"}), find_token_(std::move(find_token)) {}

  Position after(const std::vector<Turn>& turns) override { return program_.after(turns); }
  Position run_on(const std::vector<Turn>& turns) override { return program_.run_on(turns); }
  std::optional<Hint> hint(const std::vector<Turn>& turns) override {
    if (!token_) token_ = find_token_();
    if (token_->empty()) return std::nullopt;
    return program_.toward(*token_, turns);
  }
  // What is played here has a bug, so that nobody asks.
  Judgement judge() override { return {}; }

 private:
  SteeredProgram program_;
  std::function<std::string()> find_token_;
  std::optional<std::string> token_;
};

std::string asked_by(const Exercise& exercise, const std::string& check) {
  const auto found = std::ranges::find(exercise.checks, check, &lab::Check::name);
  return found == exercise.checks.end() ? "" : check + " asks: " + found->asks;
}

fs::path schedule_of(const Workspace& workspace, const Exercise& exercise) {
  return workspace.folder() / exercise.name / lab::kScheduleFile;
}

// Nothing is lost: end at once.
void end_at_signals() {
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, SIG_DFL);
}

}  // namespace

int lab_play(const std::string& name, const HowToPlay& how, const std::string& command) {
  const Workspace workspace = Workspace::find(fs::current_path());
  const Exercise& exercise = meant(workspace, name);
  if (!lab::can_be_broken(exercise)) {
    throw BadRequest(exercise.name + " need not be played: its bug is a data race, which every order shows");
  }
  const lab::Goal goal = lab::goal_of(exercise);
  const fs::path program = build_handed_out(workspace, exercise);
  end_at_signals();
  CheckWorld world(exercise.name, program, goal.check,
                   [&] { return lab::run_check(program.string(), goal.check, check_job(workspace)).token; });
  const Aim aim{exercise.name,
                goal.kind,
                asked_by(exercise, goal.check),
                command,
                fmt::format("{} lab play {}", command, exercise.name),
                fmt::format("{} lab replay {} --handed-out --check {} --token", command, exercise.name, goal.check)};
  Game game(world, aim);
  play_out(game, how);
  if (!game.is_won()) return 1;
  const fs::path file = schedule_of(workspace, exercise);
  const std::string turns = to_text(game.turns());
  if (!lab::break_it(program.string(), exercise, turns, check_job(workspace)).shown) {
    fmt::print("\n{}", lab::wrapped("not kept: it was not your turns that led there; take the last steps yourself, "
                                    "without r"));
    return 1;
  }
  lab::write_file(file, fmt::format("# Under this schedule {} ends in: {}\n{}\n", goal.check,
                                    racecourse::to_string(goal.kind), turns));
  fmt::print("\nkept in {}; `{} lab check` replays it\n", fs::proximate(file, fs::current_path()).string(), command);
  return 0;
}

int lab_take_over(const std::string& name, const HowToPlay& how, const std::string& command) {
  const Workspace workspace = Workspace::find(fs::current_path());
  const LastFailure last = last_failure(workspace, name);
  const Exercise& exercise = meant(workspace, last.exercise);
  const auto kind = kind_from_string(last.kind);
  const fs::path program = program_of_mine(workspace, exercise);
  if (!fs::exists(program)) throw BadRequest(exercise.name + " is not built; `racecourse lab check` does it");
  if (!kind || last.token.empty()) throw BadRequest("the last failure has no schedule that could be played");
  end_at_signals();
  CheckWorld world(exercise.name, program, last.check, [&] { return last.token; });
  const Aim aim{exercise.name,
                kind,
                asked_by(exercise, last.check),
                command,
                fmt::format("{} lab step --play", command),
                fmt::format("{} lab replay {} --check {} --token", command, exercise.name, last.check)};
  Game game(world, aim);
  fmt::print("s does the next step of the way on which the check failed; any other is yours.\n");
  play_out(game, how);
  return game.is_won() ? 0 : 1;
}

bool check_schedule(Workspace& workspace, const Exercise& exercise) {
  const std::string text = lab::read_file(schedule_of(workspace, exercise));
  if (!lab::can_be_broken(exercise) || words_of(text).empty()) return true;
  const lab::Broken broken =
      lab::break_it(build_handed_out(workspace, exercise).string(), exercise, text, check_job(workspace));
  print_row(broken.shown, "break it", lab::goal_of(exercise).check, broken.text);
  workspace.progress_of(exercise.name).broke = broken.shown;
  workspace.save();
  return broken.shown;
}

}  // namespace racecourse::command
