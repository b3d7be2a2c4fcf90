#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/launch.h>
#include <racecourse/scenarios/racecourse/place.h>
#include <racecourse/scenarios/racecourse/suggest.h>

#include <algorithm>
#include <iterator>
#include <set>

namespace racecourse::command {
namespace {

bool means(const std::string& name, const Entry& entry) { return name == entry.scenario || name == full_name(entry); }

// What the program of the explore link says of the catalogue.
catalogue::Json ask(const std::string& option) {
  const std::string program = program_of_link("explore");
  const Launched launched = launch(program, {option}, 60);
  if (launched.exit_code == 2) throw BadRequest(refusal(launched));
  if (launched.exit_code != 0) {
    throw std::runtime_error(
        program + " cannot list the catalogue: " + (launched.output.empty() ? "it said nothing" : launched.output));
  }
  return catalogue::Json::parse(launched.answer);
}

[[noreturn]] void unknown(const std::vector<Entry>& entries, const std::string& name) {
  std::vector<std::string> known;
  for (const Entry& entry : entries) {
    if (known.empty() || std::ranges::find(known, entry.scenario) == known.end()) known.push_back(entry.scenario);
    known.push_back(full_name(entry));
  }
  const std::string hint = did_you_mean(name, known);
  throw BadRequest("no scenario or variant is called \"" + name + "\"" +
                   (hint.empty() ? "; `racecourse list` shows them all" : hint));
}

}  // namespace

std::vector<Entry> load_catalogue() {
  std::vector<Entry> entries;
  for (const auto& json : ask("--list")) entries.push_back(catalogue::entry_from_json(json));
  return entries;
}

std::vector<catalogue::Scenario> load_scenarios(const std::string& name) {
  std::vector<catalogue::Scenario> scenarios;
  for (const auto& json : ask("--scenarios")) {
    scenarios.push_back(catalogue::scenario_from_json(json));
    const std::string missing = json.at("missing");
    if (!missing.empty() && (name.empty() || name == scenarios.back().name)) throw BadRequest(missing);
  }
  return scenarios;
}

std::vector<Entry> of_families(std::vector<Entry> entries, const std::vector<std::string>& families) {
  std::set<std::string> known{"primitive", "notes", "classic", "field-bug"};
  for (const Entry& entry : entries) known.insert(entry.family);
  for (const std::string& family : families) {
    if (known.contains(family)) continue;
    std::string all;
    for (const std::string& one : known) all += (all.empty() ? "" : ", ") + one;
    throw BadRequest("no family is called \"" + family + "\"; there are " + all);
  }
  if (!families.empty()) {
    std::erase_if(entries,
                  [&](const Entry& entry) { return std::ranges::find(families, entry.family) == families.end(); });
  }
  return entries;
}

const char* role(const Entry& entry) {
  if (!entry.broken) return "right";
  if (!entry.still_breaks.empty()) return "wrong fix";
  return entry.slow ? "slow" : "broken";
}

std::string full_name(const Entry& entry) { return entry.scenario + "/" + entry.variant; }

Expectation expectation(const Entry& entry, Checker checker) {
  const auto found = entry.expected.find(checker);
  return found == entry.expected.end() ? catalogue::not_run("nothing is declared") : found->second;
}

std::vector<Entry> named(const std::vector<Entry>& entries, const std::vector<std::string>& names) {
  if (names.empty()) return entries;
  for (const std::string& name : names) {
    if (std::ranges::none_of(entries, [&](const Entry& entry) { return means(name, entry); })) unknown(entries, name);
  }
  std::vector<Entry> meant;
  std::ranges::copy_if(entries, std::back_inserter(meant), [&](const Entry& entry) {
    return std::ranges::any_of(names, [&](const std::string& name) { return means(name, entry); });
  });
  return meant;
}

std::vector<Cell> select(const std::vector<Entry>& entries, const std::vector<std::string>& names,
                         const std::vector<Checker>& checkers) {
  std::vector<Cell> cells;
  for (const Entry& entry : named(entries, names)) {
    for (const Checker checker : catalogue::kCheckers) {
      if (!checkers.empty() && std::ranges::find(checkers, checker) == checkers.end()) continue;
      if (expectation(entry, checker).says != Expectation::Says::not_run) cells.push_back({entry, checker, {}});
    }
  }
  return cells;
}

std::vector<Cell> from_seeds(const std::vector<Cell>& cells, std::uint64_t seeds) {
  std::vector<Cell> all;
  for (Cell cell : cells) {
    for (std::uint64_t seed = 1; seed <= seeds; seed++) {
      cell.seed = seed;
      all.push_back(cell);
    }
  }
  return all;
}

const Entry& only(const std::vector<Entry>& entries, const std::string& name) {
  const Entry* found = nullptr;
  std::string variants;
  for (const Entry& entry : entries) {
    if (!means(name, entry)) continue;
    variants += (found == nullptr ? "" : ", ") + full_name(entry);
    found = found == nullptr ? &entry : found;
  }
  if (found == nullptr) unknown(entries, name);
  if (variants != full_name(*found)) throw BadRequest("which variant of " + name + "? It has " + variants);
  return *found;
}

}  // namespace racecourse::command
