#include <fmt/core.h>
#include <racecourse/scenarios/json.h>
#include <racecourse/scenarios/runner.h>
#include <racecourse/scenarios/texts.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

namespace racecourse::catalogue {
namespace {

constexpr int kBadArguments = 2;

int refuse(std::string_view sentence) {
  constexpr std::string_view kPrefix = "racecourse: ";  // the library's own sentences begin with it
  if (sentence.starts_with(kPrefix)) sentence.remove_prefix(kPrefix.size());
  fmt::print(stderr, "{}{}\n", kPrefix, sentence);
  return kBadArguments;
}

bool write_line(int fd, std::string text) {
  text += '\n';
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t written = write(fd, rest.data(), rest.size());
    if (written <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Json list_entries() {
  Json list = Json::array();
  for (const Entry& entry : entries()) list.push_back(to_json(entry));
  return list;
}

Json list_scenarios() {
  Json list = Json::array();
  for (const Scenario& scenario : unchecked_scenarios()) {
    Json json = to_json(scenario);
    json["missing"] = missing_in(scenario);
    list.push_back(json);
  }
  return list;
}

// The environment, not an option, carries this to the fresh process that confirms a finding.
void ask_for_the_whole_trace() {
  const char* options = std::getenv("RACECOURSE_OPTIONS");
  const std::string text = options == nullptr ? "trace=1" : std::string(options) + " trace=1";
  setenv("RACECOURSE_OPTIONS", text.c_str(), 1);
}

}  // namespace

int runner_main(int argc, char** argv, const Runner& runner) {
  Request request;
  std::string checker_name = to_string(runner.checkers.begin()->first);
  int result_fd = STDOUT_FILENO;
  bool list = false, list_texts = false, check_texts = false, trace = false, plainly = false, steered = false;

  CLI::App app("Runs one entry of the catalogue; usually started by the racecourse command.");
  app.add_flag("--list", list, "print the catalogue");
  app.add_flag("--scenarios", list_texts, "print the scenarios: stories, hints, explanations");
  app.add_flag("--texts", check_texts, "refuse if a scenario lacks something");
  app.add_option("--run", request.name, "scenario/variant");
  app.add_option("--checker", checker_name, "which checker of this program");
  app.add_option("--seed", request.seed, "seed of the search");
  app.add_option("--executions", request.executions, "budget");
  app.add_option("--seconds", request.seconds, "the same in seconds");
  app.add_option("--strategy", request.strategy, "of the search");
  app.add_option("--preemptions", request.preemptions, "at most so many, of an exhaustive search");
  app.add_option("--workers", request.workers, "that share the search");
  app.add_option("--shard", request.shard, "2/3: the second of three parts of the search");
  app.add_flag("--plainly", plainly, "repeat the body on real threads, unwatched");
  app.add_flag("--steer", steered, "run the body as questions on standard input say");
  app.add_option("--token", request.token, "replay this schedule");
  app.add_flag("--trace", trace, "append every event to the report");
  app.add_option("--command", request.command, "how to start the racecourse command");
  app.add_option("--result-fd", result_fd, "where the answer goes");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    return refuse(error.what());
  }

  try {
    if (list || list_texts) {
      if (!runner.has_catalogue) return refuse("this program has no catalogue of its own");
      return write_line(result_fd, dump(list ? list_entries() : list_scenarios())) ? 0 : 1;
    }
    if (check_texts) {
      scenarios();
      return 0;
    }
    const auto checker = checker_from_string(checker_name);
    const auto run = checker ? runner.checkers.find(*checker) : runner.checkers.end();
    if (run == runner.checkers.end()) return refuse("this program has no checker called " + checker_name);
    if (request.name.empty()) return refuse("--run or --list is missing");
    if (plainly) {
      if (!runner.plainly) return refuse("this program cannot run a body plainly");
      return write_line(result_fd, dump(runner.plainly(request))) ? 0 : 1;
    }
    if (steered) {
      if (!runner.steer) return refuse("this program cannot be steered");
      return runner.steer(request, result_fd);
    }
    if (trace) ask_for_the_whole_trace();
    return write_line(result_fd, dump(to_json(run->second(request)))) ? 0 : 1;
  } catch (const std::invalid_argument& error) {
    return refuse(error.what());
  } catch (const std::logic_error& error) {
    return refuse(error.what());
  }
}

}  // namespace racecourse::catalogue
