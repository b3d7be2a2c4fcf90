// What there is to read about a scenario: before the bug is found, and after.
#include <fmt/core.h>
#include <racecourse/scenarios/racecourse/commands.h>
#include <racecourse/scenarios/racecourse/suggest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace racecourse::command {
namespace {

using catalogue::Outcome;
using catalogue::Scenario;

constexpr std::size_t kWidth = 80;

// A name may carry a variant: the texts are those of the scenario.
Scenario scenario_called(const std::vector<Entry>& entries, std::string name) {
  name = name.substr(0, name.find('/'));
  const auto scenarios = load_scenarios(name);
  const auto found = std::ranges::find(scenarios, name, &Scenario::name);
  if (found != scenarios.end()) return *found;
  if (std::ranges::find(entries, name, &Entry::scenario) != entries.end()) {
    throw BadRequest(name + " is a primitive: its story stands in primitives/" + name + "/" + name + ".h");
  }
  std::vector<std::string> known;
  for (const Scenario& scenario : scenarios) known.push_back(scenario.name);
  const std::string hint = did_you_mean(name, known);
  throw BadRequest("no scenario is called \"" + name + "\"" +
                   (hint.empty() ? "; `racecourse list` shows them all" : hint));
}

void print_paragraph(std::string_view text, std::string_view indent = "") {
  std::size_t column = kWidth;  // nothing fits on the line before the first
  bool first = true;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word.empty()) continue;
    if (column + 1 + word.size() > kWidth) {
      fmt::print("{}{}{}", first ? "" : "\n", indent, word);
      column = indent.size() + word.size();
    } else {
      fmt::print(" {}", word);
      column += 1 + word.size();
    }
    first = false;
  }
  fmt::print("\n");
}

void print_section(const char* heading, std::string_view text) {
  if (text.empty()) return;
  fmt::print("\n{}\n", heading);
  print_paragraph(text, "  ");
}

void print_variants(const std::vector<Entry>& entries, const Scenario& scenario) {
  fmt::print("\nVariants\n");
  for (const Entry& entry : entries) {
    if (entry.scenario != scenario.name) continue;
    fmt::print("  {} ({})\n", entry.variant, role(entry));
    print_paragraph(entry.summary, "      ");
  }
}

void print_outcomes(const Scenario& scenario) {
  if (scenario.outcomes.empty()) return;
  fmt::print("\nOutcomes\n");
  for (const Outcome& outcome : scenario.outcomes) {
    fmt::print("  {}: {}\n", outcome.result, to_string(outcome.is));
    print_paragraph(outcome.meaning, "      ");
  }
}

void print_wrong_fixes(const std::vector<Entry>& entries, const Scenario& scenario) {
  fmt::print("\nTempting, and wrong\n");
  for (const Entry& entry : entries) {
    if (entry.scenario != scenario.name || entry.still_breaks.empty()) continue;
    fmt::print("  {}\n", entry.variant);
    print_paragraph(entry.summary + " " + entry.still_breaks, "      ");
  }
}

void print_answer(const std::vector<Entry>& entries, const Scenario& scenario) {
  print_section("What happens", scenario.explanation);
  print_section("The rule", scenario.rule);
  print_section("The fix", scenario.fix);
  print_wrong_fixes(entries, scenario);
  fmt::print("\nTo read\n");
  for (const std::string& one : scenario.reading) print_paragraph(one, "  ");
}

bool is_measured(const std::vector<Entry>& entries, const Scenario& scenario) {
  return std::ranges::any_of(entries,
                             [&](const Entry& entry) { return entry.scenario == scenario.name && entry.slow; });
}

// Explore, which draws a picture, if it is declared to catch it; else the first checker that is.
Checker who_shows(const Entry& entry) {
  using Says = Expectation::Says;
  for (const Says says : {Says::finding, Says::may_find}) {
    for (const Checker checker : catalogue::kCheckers) {
      if (expectation(entry, checker).says == says) return checker;
    }
  }
  return Checker::explore;
}

void print_finding(const Finding& finding) {
  fmt::print("{}: {}\n", racecourse::to_string(finding.kind), finding.message);
  if (finding.picture.empty()) return;
  fmt::print("\n{}", finding.picture);
  if (!finding.picture.ends_with('\n')) fmt::print("\n");
}

// The picture as it is kept beside the scenario: the token depends on the compiler, so it is left out.
std::string without_replay(const std::string& picture) {
  std::string kept;
  for (std::string_view rest = picture; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (!line.starts_with("replay: ")) kept += std::string(line) + "\n";
  }
  return kept;
}

// The broken variant that shows the bug best: the one that was named, or the first that explore can run.
const Entry& shown_variant(const std::vector<Entry>& entries, const std::string& name, const Scenario& scenario) {
  const auto runs = [](const Entry& entry) {
    return expectation(entry, Checker::explore).says != Expectation::Says::not_run;
  };
  if (name.find('/') != std::string::npos) return only(entries, name);
  const Entry* first = nullptr;
  for (const Entry& entry : entries) {
    if (entry.scenario != scenario.name || !entry.broken) continue;
    if (runs(entry)) return entry;
    if (first == nullptr) first = &entry;
  }
  if (first == nullptr) throw BadRequest(scenario.name + " has no broken variant");
  return *first;
}

}  // namespace

int show(const ShowRequest& request) {
  const std::vector<Entry> entries = load_catalogue();
  const Scenario scenario = scenario_called(entries, request.name);
  if (request.json) {
    fmt::print("{}\n", catalogue::dump(catalogue::to_json(scenario)));
    return 0;
  }
  if (request.hint > 0) {
    const auto count = scenario.hints.size();
    if (request.hint > count) throw BadRequest(fmt::format("{} has {} hints", scenario.name, count));
    fmt::print("Hint {} of {}\n", request.hint, count);
    print_paragraph(scenario.hints[request.hint - 1], "  ");
    return 0;
  }
  fmt::print("{}: {}\n{}, difficulty {} of 5; {}\n\n", scenario.name, scenario.title, scenario.family,
             scenario.difficulty, scenario.from);
  print_paragraph(scenario.story);
  print_section("In Python", scenario.python);
  print_variants(entries, scenario);
  print_outcomes(scenario);
  fmt::print("\nThe code:    {}\n", scenario.file);
  if (is_measured(entries, scenario)) fmt::print("What it costs: {} measure {}\n", request.command, scenario.name);
  fmt::print("A hint:      {} show {} --hint 1\n", request.command, scenario.name);
  fmt::print("The answer:  {} explain {}\n", request.command, scenario.name);
  return 0;
}

int explain(const ExplainRequest& request) {
  const std::vector<Entry> entries = load_catalogue();
  const Scenario scenario = scenario_called(entries, request.name);
  const Entry& entry = shown_variant(entries, request.name, scenario);
  const Checker checker = who_shows(entry);
  fmt::print("{}: {}\n", full_name(entry), entry.summary);
  if (entry.slow) {
    fmt::print("no picture: {}\n", expectation(entry, Checker::explore).reason);
    if (!request.picture) fmt::print("What it costs: {} measure {}\n", request.settings.command, scenario.name);
    if (!request.picture) print_answer(entries, scenario);
    return 0;
  }
  if (request.picture && checker != Checker::explore) {
    fmt::print("no picture: {}\n", expectation(entry, Checker::explore).reason);
    return 0;
  }
  Row row = run({entry, checker, {}}, request.settings);
  if (checker != Checker::explore) fmt::print("(under {})\n", to_string(checker));
  if (row.verdict.finding) {
    if (request.picture) row.verdict.finding->picture = without_replay(row.verdict.finding->picture);
    print_finding(*row.verdict.finding);
  } else {
    fmt::print("{}\n", row.verdict.text);
  }
  if (request.picture) return row.as_declared ? 0 : 1;
  print_answer(entries, scenario);
  return row.as_declared ? 0 : 1;
}

}  // namespace racecourse::command
