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
  std::string folder, name, language = "en";
  std::vector<std::string> names;
  CLI::App app("Concurrency bugs to mend, one after the other.", "racecourse lab");
  app.require_subcommand(0, 1);
  app.get_formatter()->column_width(14);
  CLI::App* start = app.add_subcommand("start", "make a workspace: a folder with exercises");
  start->add_option("DIR", folder, "a new or empty folder")->required();
  add_names(*start, "--labs", names, "these exercises; default: all of them");
  start->add_option("--language", language, "of the stories and hints; default: en");
  CLI::App* list = app.add_subcommand("list", "show every exercise");
  bool markdown = false;
  list->add_flag("--markdown", markdown, "as a table");
  const auto of_exercise = [&](const char* word, const char* help) {
    CLI::App* made = app.add_subcommand(word, help);
    made->add_option("NAME", name, "exercise; default: the current one");
    return made;
  };
  CLI::App* checks = of_exercise("check", "build an exercise and run its checks");
  CLI::App* watch = of_exercise("watch", "build and check whenever something is saved, until q or Ctrl-C");
  CLI::App* judge = of_exercise("judge", "what you have judged in answers.txt, and what is right");
  HowToPlay how;
  const auto add_how = [&](CLI::App* made) {
    made->add_option("--schedule", how.schedule, "play this, as in \"1 1 2 u h\", or a file of it");
    made->add_flag("--lines", how.lines, "whole lines instead of keys");
  };
  CLI::App* play = of_exercise("play", "be the scheduler of the code as it was, until its bug shows");
  add_how(play);
  CLI::App* step = of_exercise("step", "walk through the last failure, a step per Enter");
  bool take_over = false;
  CLI::Option* over = step->add_flag("--play", take_over, "be the scheduler of it; s does the step that it did");
  add_how(step);
  for (const char* one : {"--schedule", "--lines"}) step->get_option(one)->needs(over);
  CLI::App* hint = of_exercise("hint", "the next of three hints");
  CLI::App* reset = of_exercise("reset", "make an exercise's file as it was at first");
  app.add_subcommand("next", "show the next exercise");
  CLI::App* skip = of_exercise("skip", "leave an exercise for later");
  CLI::App* replay = app.add_subcommand("replay", "run one failing execution again, every event shown");
  ReplayOfCheck again;
  replay->add_option("NAME", again.name, "exercise")->required();
  replay->add_option("--check", again.check, "the check that failed")->required();
  replay->add_option("--token", again.token, "of the schedule")->required();
  replay->add_flag("--handed-out", again.handed_out, "of the code that was handed out, not of yours");

  GradeRequest request;
  CLI::App* grade = app.add_subcommand("grade", "mark what students hand in");
  grade->add_option("SUBMISSION", request.submissions, "folders")->required();
  add_names(*grade, "--labs", request.names, "these exercises; default: those that are handed in")
      ->allow_extra_args(false);
  add_names(*grade, "--parts", request.parts, "mend, break, judge, test; default: mend, and what is handed in")
      ->allow_extra_args(false);
  grade->add_option("--out", request.out, "Gradescope's results.json");
  grade->add_option("--junit", request.junit, "JUnit's XML");
  grade->add_option("--csv", request.csv, "a table of the class, with the misconceptions that it holds");
  const char* const kUnsafe = "--unsafe-without-isolation";
  grade->add_flag(kUnsafe, request.unsafe, "run the code of others as yourself, with all that you may do");
  bool texts_only = false;
  CLI::App* verify = app.add_subcommand("verify", "prove that each exercise is what it says");
  verify->add_option("NAME", names, "exercises; default: all of them");
  verify->add_flag("--texts", texts_only, "without building anything");
  verify->add_flag(kUnsafe, request.unsafe, "where code cannot be confined: it is the kit's own");
  CLI::App* confines = app.add_subcommand("confines", "whether the code of others can be confined on this machine");
  CLI::App* exports = app.add_subcommand("export", "a repository for students, and one for the instructor");
  exports->add_option("DIR", folder, "where they go")->required();
  add_names(*exports, "--labs", names, "these exercises; default: all of them");
  exports->add_option("--language", language, "of the texts; default: en");

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
  if (list->parsed()) return lab_list(markdown);
  if (checks->parsed()) return lab_check(name, command);
  if (watch->parsed()) return lab_watch(name, command);
  if (judge->parsed()) return lab_judge(name, command);
  if (play->parsed()) return lab_play(name, how, command);
  if (step->parsed()) return take_over ? lab_take_over(name, how, command) : lab_step(name);
  if (hint->parsed()) return lab_hint(name, command);
  if (reset->parsed()) return lab_reset(name);
  if (skip->parsed()) return lab_skip(name, command);
  if (replay->parsed()) return lab_replay(again);
  if (grade->parsed()) return lab_grade(request);
  if (verify->parsed()) return lab_verify(names, texts_only, request.unsafe);
  if (confines->parsed()) return lab_confines();
  if (exports->parsed()) return lab_export(folder, names, language, command);
  return lab_status(command);  // `next` too: the next is the current one
}

}  // namespace racecourse::command
