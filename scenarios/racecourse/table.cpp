#include <fmt/core.h>
#include <racecourse/scenarios/racecourse/table.h>

#include <algorithm>
#include <iterator>

namespace racecourse::command {
namespace {

const char* heading(Checker checker) {
  switch (checker) {
    case Checker::explore:
      return "explore";
    case Checker::tsan:
      return "TSan";
    case Checker::property:
      return "property";
    case Checker::relacy:
      return "Relacy";
    case Checker::proof:
      return "proved";
  }
  return "unknown";
}

}  // namespace

void Table::add(const Entry& entry, const Cells& cells) {
  rows_.push_back({entry.scenario, entry.variant, role(entry), cells});
}

std::string Table::mark(const std::string& reason) {
  if (reason.empty()) return "";
  const auto found = std::ranges::find(reasons_, reason);
  const auto index = found - reasons_.begin();
  if (found == reasons_.end()) reasons_.push_back(reason);
  return fmt::format(" [{}]", index + 1);
}

std::string Table::as_text() const {
  using Line = std::vector<std::string>;
  std::vector<Line> lines{{"variant", "is"}};
  std::ranges::transform(columns_, std::back_inserter(lines.front()), heading);
  std::string scenario;
  for (const Row& row : rows_) {
    if (row.scenario != scenario) lines.push_back({row.scenario});
    scenario = row.scenario;
    lines.push_back({"  " + row.variant, row.role});
    std::ranges::copy(row.cells, std::back_inserter(lines.back()));
  }
  std::vector<std::size_t> widths(lines.front().size());
  for (const Line& line : lines) {
    if (line.size() == 1) continue;  // the name of a scenario
    for (std::size_t i = 0; i < line.size(); i++) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string text;
  for (const Line& line : lines) {
    std::string shown;
    for (std::size_t i = 0; i < line.size(); i++) shown += fmt::format("{:<{}}", line[i], widths[i] + 2);
    shown.erase(shown.find_last_not_of(' ') + 1);
    text += shown + "\n";
  }
  text += "\n@n: caught in execution n (under TSan: run n). nothing in n: n executions without a finding, no proof.\n";
  for (std::size_t i = 0; i < reasons_.size(); i++) text += fmt::format("[{}] {}\n", i + 1, reasons_[i]);
  return text;
}

std::string Table::as_markdown() const {
  std::string text = "| variant | is |", rule = "|---|---|";
  for (const Checker column : columns_) text += fmt::format(" {} |", heading(column)), rule += "---|";
  text += "\n" + rule + "\n";
  std::string scenario;
  for (const Row& row : rows_) {
    if (row.scenario != scenario) {
      text += fmt::format("| **{}** | |", row.scenario);
      for (std::size_t i = 0; i < columns_.size(); i++) text += " |";
      text += "\n";
    }
    scenario = row.scenario;
    text += fmt::format("| {} | {} |", row.variant, row.role);
    for (const std::string& cell : row.cells) text += fmt::format(" {} |", cell);
    text += "\n";
  }
  text += "\n";
  for (std::size_t i = 0; i < reasons_.size(); i++)
    text += fmt::format("{}[{}] {}", i ? "<br>\n" : "", i + 1, reasons_[i]);
  return text + "\n";
}

}  // namespace racecourse::command
