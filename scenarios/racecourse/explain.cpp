// `racecourse explain`: finds the bug and tells all: the picture, how it happens, the rule, and the fix.
#include <fmt/core.h>
#include <racecourse/scenarios/racecourse/commands.h>
#include <racecourse/scenarios/racecourse/line_diff.h>
#include <racecourse/scenarios/racecourse/reading.h>
#include <racecourse/scenarios/racecourse/source_code.h>

#include <algorithm>
#include <optional>
#include <regex>
#include <string>
#include <string_view>

namespace racecourse::command {
namespace {

using catalogue::Scenario;

// The right variant whose code differs least from that of the broken one, and how.
struct Fix {
  const Entry* right = nullptr;
  std::vector<DiffLine> diff;
};
Fix fix_of(const std::vector<Entry>& entries, const Entry& broken, const std::string& file) {
  Fix best;
  for (const Entry& entry : entries) {
    if (entry.scenario != broken.scenario || entry.broken || entry.slow) continue;
    const std::string before = code_of(broken, entry, file), after = code_of(entry, broken, file);
    if (before.empty() || after.empty()) continue;
    auto change = diff(lines_of(before), lines_of(after));
    if (best.right == nullptr || changed_lines(change) < changed_lines(best.diff)) best = {&entry, std::move(change)};
  }
  return best;
}

void print_fix(const std::vector<Entry>& entries, const Entry& broken, const std::string& file) {
  const Fix fix = fix_of(entries, broken, file);
  if (fix.right == nullptr) return;
  print_code(fmt::format("The fix in code: - {}, + {}", broken.variant, fix.right->variant), to_text(fix.diff));
}

// The lines of a primitive's contract that a variant's comment says to be broken: of "(against L2)" the one that begins
// with L2, and those that go on with it.
std::string rules_against(const std::string& comment, const std::string& contract) {
  std::string rules;
  const std::regex cited("against ([A-Z][0-9]+)|, ([A-Z][0-9]+)\\)");
  for (auto at = std::sregex_iterator(comment.begin(), comment.end(), cited); at != std::sregex_iterator(); ++at) {
    const std::string rule = "  " + ((*at)[1].matched ? (*at)[1].str() : (*at)[2].str()) + "  ";
    bool inside = false;
    for (const std::string& line : lines_of(contract)) {
      inside = line.starts_with(rule) || (inside && line.starts_with("      "));
      if (inside) rules += line.substr(2) + "\n";
    }
  }
  return rules;
}

void print_answer_of_primitive(const std::vector<Entry>& entries, const Entry& entry) {
  const std::string header = read_source("primitives/" + entry.scenario + "/" + entry.variant + ".h");
  const std::string comment = opening_comment(header);
  print_code("What is broken", comment);
  print_code("The rule", rules_against(comment, opening_comment(read_source(contract_of(entry.scenario)))));
  print_fix(entries, entry, "");
  fmt::print("\nThe whole contract: {}\n", contract_of(entry.scenario));
}

void print_wrong_fixes(const std::vector<Entry>& entries, const Scenario& scenario) {
  fmt::print("\nTempting, and wrong\n");
  for (const Entry& entry : entries) {
    if (entry.scenario != scenario.name || entry.still_breaks.empty()) continue;
    fmt::print("  {}\n", entry.variant);
    print_paragraph(entry.summary + " " + entry.still_breaks, "      ");
  }
}

void print_answer(const std::vector<Entry>& entries, const Entry& entry, const Scenario& scenario) {
  print_section("What happens", scenario.explanation);
  print_section("The rule", scenario.rule);
  print_section("The fix", scenario.fix);
  print_fix(entries, entry, scenario.file);
  print_wrong_fixes(entries, scenario);
  fmt::print("\nTo read\n");
  for (const std::string& one : scenario.reading) print_paragraph(one, "  ");
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
const Entry& shown_variant(const std::vector<Entry>& entries, const std::string& name) {
  const auto runs = [](const Entry& entry) {
    return expectation(entry, Checker::explore).says != Expectation::Says::not_run;
  };
  if (name.find('/') != std::string::npos) return only(entries, name);
  const Entry* first = nullptr;
  for (const Entry& entry : entries) {
    if (entry.scenario != name || !entry.broken) continue;
    if (runs(entry)) return entry;
    if (first == nullptr) first = &entry;
  }
  if (first == nullptr) throw BadRequest(name + " has no broken variant");
  return *first;
}

}  // namespace

int explain(const ExplainRequest& request) {
  const std::vector<Entry> entries = load_catalogue();
  const std::optional<Scenario> scenario = scenario_called(entries, request.name);
  const Entry& entry = shown_variant(entries, request.name);
  const auto answer = [&] {
    if (scenario)
      print_answer(entries, entry, *scenario);
    else if (entry.broken)
      print_answer_of_primitive(entries, entry);
  };
  const Checker checker = who_shows(entry);
  fmt::print("{}: {}\n", full_name(entry), entry.summary);
  if (entry.slow) {
    fmt::print("no picture: {}\n", expectation(entry, Checker::explore).reason);
    if (!request.picture) fmt::print("What it costs: {} measure {}\n", request.settings.command, entry.scenario);
    if (!request.picture) answer();
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
  answer();
  return row.as_declared ? 0 : 1;
}

}  // namespace racecourse::command
