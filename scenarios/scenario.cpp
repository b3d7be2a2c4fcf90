#include <racecourse/scenarios/scenario.h>
#include <racecourse/scenarios/texts.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace racecourse::catalogue {
namespace {

// A function, because registrations in other files may run before a global of this one is made.
std::vector<Scenario>& registered() {
  static std::vector<Scenario> scenarios;
  return scenarios;
}

void require(bool holds, const Scenario& scenario, const std::string& fault) {
  if (!holds) throw std::logic_error("catalogue: the scenario " + scenario.name + " " + fault);
}

void check_texts(const Scenario& scenario) {
  const std::pair<const char*, const std::string&> texts[] = {
      {"title", scenario.title}, {"source: say in .from where it comes from", scenario.from},
      {"story", scenario.story}, {"explanation", scenario.explanation},
      {"rule", scenario.rule},   {"fix: say what the right variant does, and why that suffices", scenario.fix},
  };
  for (const auto& [what, text] : texts) require(!text.empty(), scenario, std::string("has no ") + what);
  constexpr std::string_view kFamilies[] = {"notes", "classic", "field-bug", "own"};
  require(std::ranges::find(kFamilies, scenario.family) != std::end(kFamilies), scenario,
          "is of the family \"" + scenario.family + "\"; there are notes, classic, field-bug and own");
  require(scenario.difficulty >= 1 && scenario.difficulty <= 5, scenario,
          "has the difficulty " + std::to_string(scenario.difficulty) + ", which must lie between 1 and 5");
  require(scenario.hints.size() == 3, scenario, "has " + std::to_string(scenario.hints.size()) + " hints instead of 3");
  for (const std::string& hint : scenario.hints) require(!hint.empty(), scenario, "has an empty hint");
  require(!scenario.reading.empty(), scenario, "names nothing to read further");
}

void check_outcomes(const Scenario& scenario) {
  std::set<std::string> results;
  for (const Outcome& outcome : scenario.outcomes) {
    require(!outcome.result.empty() && !outcome.meaning.empty(), scenario,
            "has an outcome without a result or without a sentence that says what it means");
    require(results.insert(outcome.result).second, scenario, "lists the outcome \"" + outcome.result + "\" twice");
  }
}

void check_variants(const Scenario& scenario) {
  const auto any = [&](auto is) { return std::ranges::any_of(scenario.variants, is); };
  require(any([](const Entry& entry) { return entry.broken && entry.still_breaks.empty(); }), scenario,
          "has no broken variant");
  require(any([](const Entry& entry) { return !entry.broken; }), scenario, "has no right variant: the fix");
  require(any([](const Entry& entry) { return !entry.still_breaks.empty(); }), scenario,
          "has no wrong fix: what would a hurried reader try?");
}

std::vector<std::string> forbidden(const std::vector<Outcome>& outcomes) {
  std::vector<std::string> results;
  for (const Outcome& outcome : outcomes) {
    if (outcome.is == Outcome::Is::forbidden) results.push_back(outcome.result);
  }
  return results;
}

// As a reader in the project's folder opens it: "scenarios/daemon_join/daemon_join.cpp".
std::string short_path(const std::string& file) {
  const auto folder = file.rfind("scenarios/");
  return folder == std::string::npos ? file : file.substr(folder);
}

Entry entry(std::string variant, std::string summary, std::function<void()> body,
            std::map<Checker, Expectation> expected) {
  Entry made;
  made.variant = std::move(variant);
  made.summary = std::move(summary);
  made.body = std::move(body);
  made.expected = std::move(expected);
  return made;
}

}  // namespace

ScenarioRegistration::ScenarioRegistration(Scenario scenario) {
  for (Entry& variant : scenario.variants) {
    variant.scenario = scenario.name;
    variant.family = scenario.family;
    variant.difficulty = scenario.difficulty;
    variant.options.forbidden = forbidden(scenario.outcomes);
    variant.expected.try_emplace(Checker::relacy, not_run("it is written with std types, which Relacy does not see"));
  }
  scenario.file = short_path(scenario.file);
  const Registration entries(scenario.variants);
  registered().push_back(std::move(scenario));
}

std::vector<Scenario> validated(std::vector<Scenario> scenarios) {
  std::ranges::stable_sort(scenarios, {}, &Scenario::name);
  for (const Scenario& scenario : scenarios) {
    check_texts(scenario);
    check_outcomes(scenario);
    check_variants(scenario);
  }
  const auto twice = std::ranges::adjacent_find(scenarios, {}, &Scenario::name);
  if (twice != scenarios.end()) throw std::logic_error("catalogue: two scenarios are called " + twice->name);
  return scenarios;
}

std::vector<Scenario> unchecked_scenarios() {
  std::vector<Scenario> all = registered();
  std::ranges::stable_sort(all, {}, &Scenario::name);
  return all;
}

std::string missing_in(const Scenario& scenario) {
  try {
    validated(std::vector<Scenario>{scenario});
    return "";
  } catch (const std::logic_error& error) {
    return error.what();
  }
}

const std::vector<Scenario>& scenarios() {
  static const std::vector<Scenario> all = validated(registered());
  return all;
}

const Scenario* find_scenario(std::string_view name) {
  const auto found = std::ranges::find(scenarios(), name, &Scenario::name);
  return found == scenarios().end() ? nullptr : &*found;
}

Entry broken(std::string variant, std::string summary, std::function<void()> body,
             std::map<Checker, Expectation> expected) {
  Entry made = entry(std::move(variant), std::move(summary), std::move(body), std::move(expected));
  made.broken = true;
  return made;
}

Entry right(std::string variant, std::string summary, std::function<void()> body,
            std::map<Checker, Expectation> expected) {
  if (expected.empty()) expected = {{Checker::explore, finds_nothing()}, {Checker::tsan, finds_nothing()}};
  return entry(std::move(variant), std::move(summary), std::move(body), std::move(expected));
}

Entry wrong_fix(std::string variant, std::string summary, std::string still_breaks, std::function<void()> body,
                std::map<Checker, Expectation> expected) {
  Entry made = broken(std::move(variant), std::move(summary), std::move(body), std::move(expected));
  made.still_breaks = std::move(still_breaks);
  return made;
}

Entry with(Options options, Entry entry) {
  entry.options = std::move(options);
  return entry;
}

Entry slow(Entry entry) {
  entry.slow = true;
  for (const Checker checker : {Checker::explore, Checker::tsan}) {
    entry.expected.try_emplace(checker,
                               cannot_see("it does what it should; only its time is wrong, which is measured"));
  }
  return entry;
}

Entry only_real(std::string why, Entry entry) {
  entry.real_body = std::move(entry.body);
  entry.body = nullptr;
  entry.expected[Checker::explore] = not_run(std::move(why));
  return entry;
}

}  // namespace racecourse::catalogue
