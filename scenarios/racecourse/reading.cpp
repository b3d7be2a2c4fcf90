#include <fmt/core.h>
#include <racecourse/scenarios/racecourse/line_diff.h>
#include <racecourse/scenarios/racecourse/reading.h>
#include <racecourse/scenarios/racecourse/suggest.h>

#include <algorithm>

namespace racecourse::command {

using catalogue::Scenario;

constexpr std::size_t kWidth = 80;

// A name may carry a variant: the texts are those of the scenario.
std::optional<Scenario> scenario_called(const std::vector<Entry>& entries, std::string name) {
  name = name.substr(0, name.find('/'));
  const auto scenarios = load_scenarios(name);
  const auto found = std::ranges::find(scenarios, name, &Scenario::name);
  if (found != scenarios.end()) return *found;
  if (std::ranges::find(entries, name, &Entry::scenario) != entries.end()) return std::nullopt;
  std::vector<std::string> known;
  for (const Entry& entry : entries) known.push_back(entry.scenario);
  const std::string hint = did_you_mean(name, known);
  throw BadRequest("no scenario is called \"" + name + "\"" +
                   (hint.empty() ? "; `racecourse list` shows them all" : hint));
}

void print_paragraph(std::string_view text, std::string_view indent) {
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

void print_code(const std::string& heading, const std::string& code) {
  if (code.empty()) return;
  fmt::print("\n{}\n", heading);
  for (const std::string& line : lines_of(code)) fmt::print("{}{}\n", line.empty() ? "" : "  ", line);
}

std::string contract_of(const std::string& primitive) { return "primitives/" + primitive + "/" + primitive + ".h"; }

}  // namespace racecourse::command
