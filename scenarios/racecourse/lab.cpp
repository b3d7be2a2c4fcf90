// The command line of `racecourse lab`.
#include <fmt/core.h>
#include <racecourse/scenarios/lab/exercise.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/lab.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>

namespace racecourse::command {
namespace {

// "a,b" and "a b" alike.
CLI::Option* add_names(CLI::App& app, const char* name, std::vector<std::string>& names, const char* help) {
  return app.add_option(name, names, help)->delimiter(',');
}

}  // namespace

int lab(const std::vector<std::string>& arguments, const std::string& command) {
  std::string folder, name, check, token, language = "en";
  std::vector<std::string> names;
  CLI::App app("Concurrency bugs to mend, one after the other.", "racecourse lab");
  app.require_subcommand(0, 1);
  CLI::App* start = app.add_subcommand("start", "make a workspace: a folder with exercises");
  start->add_option("DIR", folder, "a new or empty folder")->required();
  add_names(*start, "--labs", names, "these exercises; default: all of them");
  start->add_option("--language", language, "of the stories and hints; default: en");
  CLI::App* list = app.add_subcommand("list", "show every exercise");
  const auto of_exercise = [&](const char* word, const char* help) {
    CLI::App* made = app.add_subcommand(word, help);
    made->add_option("NAME", name, "exercise; default: the current one");
    return made;
  };
  CLI::App* checks = of_exercise("check", "build an exercise and run its checks");
  CLI::App* watch = of_exercise("watch", "build and check whenever its file is saved, until q or Ctrl-C");
  CLI::App* step = of_exercise("step", "walk through the last failure, a step per Enter");
  CLI::App* hint = of_exercise("hint", "the next of three hints");
  CLI::App* reset = of_exercise("reset", "make an exercise's file as it was at first");
  app.add_subcommand("next", "show the next exercise");
  CLI::App* skip = of_exercise("skip", "leave an exercise for later");
  CLI::App* replay = app.add_subcommand("replay", "run one failing execution again, every event shown");
  replay->add_option("NAME", name, "exercise")->required();
  replay->add_option("--check", check, "the check that failed")->required();
  replay->add_option("--token", token, "of the schedule")->required();

  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}",
               app.help("", app.get_subcommands().empty() ? CLI::AppFormatMode::Normal : CLI::AppFormatMode::All));
    return 0;
  } catch (const CLI::ParseError& error) {
    throw BadRequest(error.what());
  }
  if (start->parsed()) return lab_start(folder, names, language, command);
  if (list->parsed()) return lab_list();
  if (checks->parsed()) return lab_check(name, command);
  if (watch->parsed()) return lab_watch(name, command);
  if (step->parsed()) return lab_step(name);
  if (hint->parsed()) return lab_hint(name, command);
  if (reset->parsed()) return lab_reset(name);
  if (skip->parsed()) return lab_skip(name, command);
  if (replay->parsed()) return lab_replay(name, check, token);
  return lab_status(command);  // `next` too: the next is the current one
}

}  // namespace racecourse::command
