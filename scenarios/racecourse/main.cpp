// The racecourse command: lists the catalogue, runs it, judges the verdicts, replays a finding.
#include <fmt/core.h>
#include <racecourse/checkers/control/interrupt.h>
#include <racecourse/scenarios/racecourse/commands.h>
#include <racecourse/scenarios/racecourse/lab.h>
#include <racecourse/scenarios/racecourse/suggest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <exception>
#include <string>
#include <thread>

namespace racecourse::command {
namespace {

constexpr int kBadRequest = 2;

int refuse(std::string sentence) {
  std::ranges::replace(sentence, '\n', ' ');
  fmt::print(stderr, "racecourse: {}\n", sentence);
  return kBadRequest;
}

int give_up() {
  fmt::print(stderr, "racecourse: interrupted\n");
  return control::kExitInterrupted;
}

std::vector<Checker> parse_checkers(const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const Checker checker : catalogue::kCheckers) known.emplace_back(to_string(checker));
  std::vector<Checker> checkers;
  for (const std::string& name : names) {
    const auto checker = catalogue::checker_from_string(name);
    if (!checker) {
      throw BadRequest("no checker is called \"" + name + "\"; there are explore, tsan, property, relacy and proof");
    }
    checkers.push_back(*checker);
  }
  return checkers;
}

// CLI11 would call an unknown command an unexpected argument.
void check_command(const std::string& first, const CLI::App& app) {
  std::vector<std::string> commands;
  for (const CLI::App* command : app.get_subcommands(nullptr)) commands.push_back(command->get_name());
  if (first.starts_with("-") || std::ranges::find(commands, first) != commands.end()) return;
  std::string known = "there are ";
  for (const std::string& command : commands) {
    known += (&command == &commands.front() ? "" : &command == &commands.back() ? " and " : ", ") + command;
  }
  if (first.empty()) throw BadRequest("a command is missing; " + known + " (see --help)");
  const std::string hint = did_you_mean(first, commands);
  throw BadRequest("no command is called \"" + first + "\"" + (hint.empty() ? "; " + known : hint));
}

// CLI11 would take -1 for 2^64 - 1, and would explain what is no number by the range of the type.
template <typename Number>
std::string fault_of_number(const std::string& text, bool may_be_zero, const char* example) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc::result_out_of_range) return "\"" + text + "\" is too large";
  const bool is_number = error == std::errc() && rest == end && number >= 0;
  if (!is_number) return "\"" + text + "\" is no number; say one like " + example;
  return number == 0 && !may_be_zero ? "must be more than 0" : "";
}
const CLI::Validator kSeed([](auto& text) { return fault_of_number<std::uint64_t>(text, true, "7"); }, "");
const CLI::Validator kCount([](auto& text) { return fault_of_number<std::uint64_t>(text, false, "1000"); }, "");
const CLI::Validator kSeconds([](auto& text) { return fault_of_number<double>(text, false, "2.5"); }, "");

// "2/3".
Shard parse_shard(const std::string& text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto number = [&](std::size_t from, std::size_t to) {
    std::uint64_t value = 0;
    const auto [rest, error] = std::from_chars(text.data() + from, text.data() + to, value);
    return error == std::errc() && rest == text.data() + to ? value : 0;
  };
  const Shard shard{number(0, slash), number(std::min(slash + 1, text.size()), text.size())};
  if (shard.index >= 1 && shard.index <= shard.count && shard.count <= 100) return shard;
  throw BadRequest("--shard " + text + " is not one like 2/3: the second of three, of at most 100");
}

struct Arguments {
  ListRequest list;
  RunRequest run;
  std::vector<std::string> checkers;
  std::string shard;
  bool markdown = false, declared = false;
  ReplayRequest replay;
  ShowRequest show;
  ExplainRequest explain;
  OddsRequest odds;
  PlayRequest play;
  NewRequest fresh;
  MergeRequest merge;
};

void add_search_options(CLI::App& command, Arguments& arguments) {
  Settings& settings = arguments.run.settings;
  command.add_option("NAME", arguments.run.names, "scenario or scenario/variant; default: all of them");
  command.add_option("--checker", arguments.checkers, "explore, tsan, property, relacy or proof; default: all of them")
      ->allow_extra_args(false);
  command
      .add_option("--family", arguments.run.families, "primitive, notes, classic or field-bug; default: all of them")
      ->allow_extra_args(false);
  command.add_flag("--json", arguments.run.json, "rows as JSON");
  command.add_option("--seed", settings.seed, "seed of the searches; default: each entry's own")->check(kSeed);
  const auto count = [&](const char* name, auto& value, const char* help) {
    command.add_option(name, value, help)->check(kCount);
  };
  count("--executions", settings.executions, "budget of each search; default: each entry's own");
  count("--repetitions", settings.repetitions, "the same for tsan, whose executions are dear");
  command
      .add_option("--seconds", settings.seconds,
                  "of each search; without --executions the only limit; not for relacy and property")
      ->check(kSeconds);
  command.add_option("--strategy", settings.strategy,
                     "of explore: default, uniform, sticky, pct, pos, surw, rff or exhaustive");
  command.add_option("--preemptions", settings.preemptions, "at most so many, of an exhaustive search")->check(kSeed);
  count("--workers", settings.workers,
        "processes that share a search of explore; default: the processors, shared by the jobs");
  count("--jobs,-j", settings.jobs, "how many run at a time; default: two a processor");
}

int command_main(int argc, char** argv) {
  const control::InterruptWatch watch;
  Arguments arguments;
  Settings& settings = arguments.run.settings;
  settings.command = argv[0];
  // One that computes and one that sleeps, see work_queue.h.
  settings.jobs = 2 * std::max(1u, std::thread::hardware_concurrency());
  arguments.replay.settings = settings;

  CLI::App app("Racecourse: concurrency bugs, found, explained and replayed.", "racecourse");
  app.require_subcommand(1);
  CLI::App* list_command = app.add_subcommand("list", "show every scenario and variant");
  list_command->add_option("NAME", arguments.list.names, "scenario or scenario/variant; default: all of them");
  list_command->add_flag("--json", arguments.list.json, "with what each checker must say");
  list_command->add_flag("--markdown", arguments.list.markdown, "the scenarios as a table");
  list_command->add_flag("--cells", arguments.list.cells,
                         "one \"scenario/variant checker right|caught|perhaps family difficulty\" a line");
  CLI::App* run_command = app.add_subcommand("run", "run scenarios and compare with what is declared");
  add_search_options(*run_command, arguments);
  run_command->add_option("--seeds", settings.seeds, "run each from the seeds 1 to this one")
      ->check(kCount)
      ->excludes("--seed");
  run_command->add_option("--shard", arguments.shard,
                          "2/3: the second of three parts of each search, also of an exhaustive one; cells of other "
                          "checkers are dealt out. Write "
                          "--json to a file, and give all of them to merge");
  run_command->add_flag("--picture", arguments.run.picture, "show the interleaving of every finding");
  CLI::App* matrix_command = app.add_subcommand("matrix", "run scenarios and print a table: variants by checkers");
  add_search_options(*matrix_command, arguments);
  matrix_command->add_flag("--markdown", arguments.markdown, "what is declared and when it was caught, for a README");
  matrix_command->add_flag("--declared", arguments.declared, "the same without running anything");
  CLI::App* replay_command = app.add_subcommand("replay", "run one schedule again and explain it");
  replay_command->add_option("NAME", arguments.replay.name, "scenario/variant")->required();
  replay_command->add_option("--token", arguments.replay.settings.token, "of the schedule")->required();
  replay_command->add_flag("--trace", arguments.replay.settings.trace, "show every event");
  replay_command->add_flag("--json", arguments.replay.json, "a row as JSON");
  CLI::App* merge_command = app.add_subcommand("merge", "join what the shards of a run said with --json");
  merge_command->add_option("FILE", arguments.merge.files, "one of each shard")->required();
  merge_command->add_flag("--json", arguments.merge.json, "rows as JSON");
  CLI::App* new_command = app.add_subcommand("new", "write the skeleton of a scenario of your own");
  new_command->add_option("NAME", arguments.fresh.name, "what it is to be called: a-z, 0-9 and _")->required();
  new_command->add_option("--dir", arguments.fresh.folder,
                          "a folder with a catalogue, or an empty one; default: where you are");

  CLI::App* show_command = app.add_subcommand("show", "read the story and the code of a scenario, or a hint");
  show_command->add_option("NAME", arguments.show.name, "scenario, primitive, or one with /variant")->required();
  show_command->add_option("--hint", arguments.show.hint, "this hint, from 1")->check(kCount);
  show_command->add_flag("--json", arguments.show.json, "all texts as JSON");
  arguments.show.command = argv[0];
  CLI::App* explain_command = app.add_subcommand("explain", "find the bug of a scenario, and explain it");
  explain_command->add_option("NAME", arguments.explain.name, "scenario or scenario/variant")->required();
  explain_command->add_flag("--picture", arguments.explain.picture, "the picture alone");
  arguments.explain.settings = settings;
  CLI::App* play_command = app.add_subcommand("play", "be the scheduler: pick who runs until the bug shows");
  play_command->add_option("NAME", arguments.play.name, "scenario or scenario/variant")->required();
  play_command->add_option("--schedule", arguments.play.schedule, "play this, as in \"1 1 2 u h\", or a file of it");
  play_command->add_flag("--lecture", arguments.play.lecture, "step through the picture of the bug, a key a step");
  play_command->add_flag("--lines", arguments.play.lines, "whole lines instead of keys");
  arguments.play.settings = settings;
  CLI::App* doctor_command = app.add_subcommand("doctor", "what is wrong with this machine, and what mends it");
  CLI::App* odds_command = app.add_subcommand("odds", "how often plain repetition shows a bug, beside each search");
  odds_command->add_option("NAME", arguments.odds.name, "scenario or scenario/variant")->required();
  odds_command->add_option("--repetitions", arguments.odds.repetitions, "plain runs; default 10,000")->check(kCount);
  odds_command->add_option("--seconds", arguments.odds.seconds, "at most, of plain runs; default 20")->check(kSeconds);
  odds_command->add_option("--seeds", arguments.odds.seeds, "of each search; default 20")->check(kCount);
  arguments.odds.settings = settings;

  CLI::App* measure_command = app.add_subcommand("measure", "time what is slow, beside what is not; --help says how");
  measure_command->prefix_command();
  measure_command->set_help_flag();  // the program that measures has its own
  CLI::App* lab_command = app.add_subcommand("lab", "exercises for a course: start, check, hint...; --help says more");
  lab_command->prefix_command();
  lab_command->set_help_flag();  // its own commands have theirs

  try {
    check_command(argc > 1 ? argv[1] : "", app);
    app.parse(argc, argv);
    arguments.run.checkers = parse_checkers(arguments.checkers);
    if (!arguments.shard.empty()) settings.shard = parse_shard(arguments.shard);
    if (list_command->parsed()) return list(arguments.list);
    if (merge_command->parsed()) return merge(arguments.merge);
    if (new_command->parsed()) return new_scenario(arguments.fresh);
    if (run_command->parsed()) return run(arguments.run);
    if (show_command->parsed()) return show(arguments.show);
    if (explain_command->parsed()) return explain(arguments.explain);
    if (doctor_command->parsed()) return doctor();
    if (play_command->parsed()) return play(arguments.play);
    if (odds_command->parsed()) return odds(arguments.odds);
    if (measure_command->parsed()) return measure({measure_command->remaining()});
    if (lab_command->parsed()) return lab(lab_command->remaining(), argv[0]);
    if (matrix_command->parsed()) return matrix({arguments.run, arguments.markdown, arguments.declared});
    return replay(arguments.replay);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help("", CLI::AppFormatMode::Normal));
    return 0;
  } catch (const CLI::ParseError& error) {
    return refuse(error.what());
  } catch (const Interrupted& interrupted) {
    return give_up();
  } catch (const std::exception& error) {
    return control::interrupted() != 0 ? give_up() : refuse(error.what());
  }
}

}  // namespace
}  // namespace racecourse::command

int main(int argc, char** argv) { return racecourse::command::command_main(argc, argv); }
