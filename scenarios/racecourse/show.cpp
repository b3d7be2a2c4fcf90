// `racecourse show`: what there is to read before the bug is found.
#include <fmt/core.h>
#include <racecourse/scenarios/racecourse/commands.h>
#include <racecourse/scenarios/racecourse/reading.h>
#include <racecourse/scenarios/racecourse/source_code.h>

#include <algorithm>
#include <optional>
#include <string>

namespace racecourse::command {
namespace {

using catalogue::Outcome;
using catalogue::Scenario;

void print_variants(const std::vector<Entry>& entries, const std::string& name) {
  fmt::print("\nVariants\n");
  for (const Entry& entry : entries) {
    if (entry.scenario != name) continue;
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

bool is_measured(const std::vector<Entry>& entries, const Scenario& scenario) {
  return std::ranges::any_of(entries,
                             [&](const Entry& entry) { return entry.scenario == scenario.name && entry.slow; });
}

// The code of the variant that was named, or of the first broken one; what marks the fault is left out.
void print_bare_code(const std::vector<Entry>& entries, const std::string& name, const std::string& file) {
  const auto is_it = [&](const Entry& entry) {
    return name.find('/') == std::string::npos ? entry.scenario == name && entry.broken : full_name(entry) == name;
  };
  const auto entry = std::ranges::find_if(entries, is_it);
  if (entry == entries.end()) {
    only(entries, name);  // says what is wrong with it
    return;
  }
  const std::string code = without_marks(code_of(*entry, *entry, file));
  print_code("The code of " + entry->variant, code);
}

// The contract that its header begins with, up to the list of variants and their faults.
int show_primitive(const std::vector<Entry>& entries, const ShowRequest& request) {
  const std::string name = request.name.substr(0, request.name.find('/'));
  if (request.json || request.hint > 0) {
    throw BadRequest(name + " is a primitive: its contract is all there is to read, and `" + request.command +
                     " explain " + name + "/VARIANT` tells the answer");
  }
  const std::string contract = opening_comment(read_source(contract_of(name)));
  if (contract.empty()) {
    fmt::print("{}: a primitive; its contract stands in {}\n", name, contract_of(name));
  } else {
    fmt::print("{}", contract.substr(0, contract.find("\nVariants")));
    fmt::print("\n");
  }
  print_variants(entries, name);
  if (request.name != name) print_bare_code(entries, request.name, "");
  fmt::print("\nThe code:    {} show {}/VARIANT\n", request.command, name);
  fmt::print("To play it:  {} play {}/VARIANT\n", request.command, name);
  fmt::print("The answer:  {} explain {}/VARIANT\n", request.command, name);
  return 0;
}

}  // namespace

int show(const ShowRequest& request) {
  const std::vector<Entry> entries = load_catalogue();
  const std::optional<Scenario> called = scenario_called(entries, request.name);
  if (!called) return show_primitive(entries, request);
  const Scenario& scenario = *called;
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
  print_variants(entries, scenario.name);
  print_outcomes(scenario);
  print_bare_code(entries, request.name, scenario.file);
  fmt::print("\nThe file:    {}\n", scenario.file);
  if (is_measured(entries, scenario)) fmt::print("What it costs: {} measure {}\n", request.command, scenario.name);
  fmt::print("A hint:      {} show {} --hint 1\n", request.command, scenario.name);
  fmt::print("To play it:  {} play {}\n", request.command, scenario.name);
  fmt::print("The answer:  {} explain {}\n", request.command, scenario.name);
  return 0;
}

}  // namespace racecourse::command
