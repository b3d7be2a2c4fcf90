#include <fmt/core.h>
#include <racecourse/scenarios/judge.h>
#include <racecourse/scenarios/racecourse/commands.h>

#include <algorithm>

namespace racecourse::command {
namespace {

// What must come of a cell: a catch for certain, silence because the variant is right, or neither for certain.
const char* certainty(const Cell& cell) {
  if (!cell.entry.broken) return "right";
  return expectation(cell.entry, cell.checker).says == Expectation::Says::finding ? "caught" : "perhaps";
}

void print_cells(const std::vector<Entry>& entries) {
  for (const Cell& cell : select(entries, {}, {})) {
    fmt::print("{} {} {} {} {}\n", full_name(cell.entry), to_string(cell.checker), certainty(cell), cell.entry.family,
               cell.entry.difficulty);
  }
}

void print_json(const std::vector<Entry>& entries) {
  const char* separator = "[";
  for (const Entry& entry : entries) {
    fmt::print("{}\n{}", separator, catalogue::dump(catalogue::to_json(entry)));
    separator = ",";
  }
  fmt::print("{}\n]\n", entries.empty() ? "[" : "");
}

void print_markdown(std::vector<catalogue::Scenario> scenarios) {
  std::ranges::stable_sort(scenarios, {}, &catalogue::Scenario::difficulty);
  fmt::print("| scenario | what it is about | family | difficulty | from |\n|---|---|---|---|---|\n");
  for (const catalogue::Scenario& scenario : scenarios) {
    fmt::print("| [{0}]({0}/{0}.cpp) | {1} | {2} | {3} | {4} |\n", scenario.name, scenario.title, scenario.family,
               scenario.difficulty, scenario.from);
  }
}

void print_for_a_person(const std::vector<Entry>& entries) {
  std::string scenario;
  for (const Entry& entry : entries) {
    if (entry.scenario != scenario) {
      fmt::print("{}{}  ({})\n", scenario.empty() ? "" : "\n", entry.scenario, entry.family);
      scenario = entry.scenario;
    }
    fmt::print("  {:<30} {:<9}  {}\n", entry.variant, role(entry), entry.summary);
  }
}

}  // namespace

int list(const ListRequest& request) {
  const std::vector<Entry> entries = named(load_catalogue(), request.names);
  if (request.cells) {
    print_cells(entries);
  } else if (request.markdown) {
    print_markdown(load_scenarios());
  } else if (request.json) {
    print_json(entries);
  } else {
    print_for_a_person(entries);
  }
  return 0;
}

}  // namespace racecourse::command
