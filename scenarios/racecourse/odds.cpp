// "Why did my 10,000 stress runs pass?": how often plain repetition shows a bug, beside each search.
#include <fmt/core.h>
#include <racecourse/scenarios/plain.h>
#include <racecourse/scenarios/racecourse/commands.h>
#include <racecourse/scenarios/racecourse/launch.h>
#include <racecourse/scenarios/racecourse/place.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace racecourse::command {
namespace {

using catalogue::PlainRuns;

PlainRuns repeat_plainly(const Entry& entry, const OddsRequest& request) {
  const std::vector<std::string> arguments{"--run",
                                           full_name(entry),
                                           "--plainly",
                                           "--executions",
                                           std::to_string(request.repetitions),
                                           "--seconds",
                                           std::to_string(request.seconds)};
  const Launched launched = launch(program_of_link("explore"), arguments, request.seconds + 60);
  if (launched.exit_code != 0) throw BadRequest(full_name(entry) + " cannot be repeated: " + launched.output);
  return catalogue::plain_runs_from_json(catalogue::Json::parse(launched.answer));
}

void print_row(const std::string& how, const std::string& what) { fmt::print("  {:<34} {}\n", how, what); }

// "3 of 10,000 runs (hung 3)".
std::string describe(const PlainRuns& runs) {
  std::string text = fmt::format("{} of {} runs", grouped(runs.caught()), grouped(runs.runs));
  std::string endings;
  const auto add = [&](const char* how, std::uint64_t count) {
    if (count > 0) endings += fmt::format("{}{} {}", endings.empty() ? "" : ", ", how, grouped(count));
  };
  add("aborted", runs.aborted);
  add("crashed", runs.crashed);
  add("hung", runs.hung);
  return text + (endings.empty() ? "" : " (" + endings + ")") + fmt::format(", {:.1f} s", runs.seconds);
}

struct Catches {
  std::vector<std::uint64_t> executions;  // to the first catch, ascending
  std::uint64_t seeds = 0, budget = 0;
};

Catches catches(const Entry& entry, Checker checker, Settings settings, std::uint64_t seeds) {
  Catches result;
  result.seeds = seeds;
  for (const Row& row : run_all(from_seeds({{entry, checker, {}}}, seeds), settings, [](const Row&) {})) {
    if (row.verdict.finding) {
      result.executions.push_back(row.verdict.finding->execution);
    } else {
      result.budget = std::max(result.budget, row.verdict.executions);
    }
  }
  std::ranges::sort(result.executions);
  return result;
}

std::string describe(const Catches& catches) {
  if (catches.executions.empty()) {
    return fmt::format("not caught: {} seeds, {} executions each", catches.seeds, grouped(catches.budget));
  }
  const std::uint64_t median = catches.executions[(catches.executions.size() - 1) / 2];
  std::string text =
      fmt::format("execution {} (median), {} (worst)", grouped(median), grouped(catches.executions.back()));
  if (catches.executions.size() < catches.seeds) {
    text += fmt::format(", in {} of {} seeds", catches.executions.size(), catches.seeds);
  }
  return text;
}

void print_conclusion(const PlainRuns& runs) {
  if (runs.caught() == 0) {
    // The rule of three: with 95 % confidence the true rate is below 3 / runs.
    fmt::print("  Plain repetition never saw it: fewer than one run in {} would (95 % sure).\n",
               grouped(runs.runs / 3));
    return;
  }
  const double rate = static_cast<double>(runs.caught()) / static_cast<double>(runs.runs);
  if (rate >= 0.5) {
    fmt::print("  Plain repetition sees it at once.\n");
    return;
  }
  const double missed = std::pow(1 - rate, 1000) * 100;
  fmt::print("  A thousand plain runs would all pass with a probability of {:.2g} %.\n", missed);
}

void print_odds(const Entry& entry, const OddsRequest& request) {
  fmt::print("{}: {}\n", full_name(entry), entry.summary);
  const PlainRuns runs = repeat_plainly(entry, request);
  print_row("plain repetition, real threads", describe(runs));
  const auto runs_under = [&](Checker checker) {
    const auto says = expectation(entry, checker).says;
    return says != Expectation::Says::not_run && says != Expectation::Says::cannot_see;
  };
  if (runs_under(Checker::tsan)) {
    print_row("ThreadSanitizer, random delays", describe(catches(entry, Checker::tsan, request.settings, 3)));
  }
  for (const char* strategy : {"uniform", "sticky", "pct", "pos", "surw", "rff", "default"}) {
    if (!runs_under(Checker::explore)) break;
    Settings settings = request.settings;
    settings.strategy = strategy;
    print_row(fmt::format("search: {}", strategy), describe(catches(entry, Checker::explore, settings, request.seeds)));
  }
  print_conclusion(runs);
}

}  // namespace

int odds(const OddsRequest& request) {
  const std::vector<Entry> entries = load_catalogue();
  select(entries, {request.name}, {});  // refuses a name that nobody has
  bool any = false;
  for (const Entry& entry : entries) {
    const bool meant = request.name == entry.scenario || request.name == full_name(entry);
    if (entry.slow && meant) {
      throw BadRequest(entry.scenario + " is never wrong, only slow: try " + request.settings.command + " measure " +
                       entry.scenario);
    }
    if (!entry.broken || !meant) continue;
    if (any) fmt::print("\n");
    print_odds(entry, request);
    any = true;
  }
  if (!any) throw BadRequest(request.name + " is right: there is nothing to catch");
  return 0;
}

}  // namespace racecourse::command
