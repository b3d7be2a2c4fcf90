#include <fmt/core.h>
#include <racecourse/scenarios/racecourse/commands.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>

namespace racecourse::command {
namespace {

using Says = Expectation::Says;

constexpr std::array<const char*, 4> kTitles = {"explore", "TSan", "property", "Relacy"};
static_assert(kTitles.size() == std::size(catalogue::kCheckers));

// Reasons are printed once, below the table.
class Notes {
 public:
  std::string mark(const std::string& reason) {
    if (reason.empty()) return "";
    const auto found = std::ranges::find(reasons_, reason);
    const auto index = found - reasons_.begin();
    if (found == reasons_.end()) reasons_.push_back(reason);
    return fmt::format(" [{}]", index + 1);
  }
  void print() const {
    for (std::size_t i = 0; i < reasons_.size(); i++) fmt::print("[{}] {}\n", i + 1, reasons_[i]);
  }

 private:
  std::vector<std::string> reasons_;
};

std::string text_of(const Row& row, const Expectation& declared) {
  const Verdict& verdict = row.verdict;
  if (verdict.state == State::unreliable) return "unreliable";
  if (verdict.finding) {
    const std::string caught = fmt::format("{} @{}", racecourse::to_string(verdict.finding->kind),
                                           grouped(std::max<std::uint64_t>(verdict.finding->execution, 1)));
    return declared.says == Says::false_alarm ? "false alarm: " + caught : caught;
  }
  if (declared.says == Says::cannot_see) return "cannot see it";
  if (verdict.state == State::proved) return "proved in " + grouped(verdict.executions);
  return (declared.says == Says::may_find ? "missed in " : "nothing in ") + grouped(verdict.executions);
}

using Line = std::array<std::string, kTitles.size() + 2>;

Line line_of(const Entry& entry, const std::map<Checker, const Row*>& rows, Notes& notes) {
  Line line;
  line[0] = "  " + entry.variant;
  line[1] = entry.broken ? "broken" : "right";
  for (std::size_t i = 0; i < kTitles.size(); i++) {
    const Checker checker = catalogue::kCheckers[i];
    const Expectation declared = expectation(entry, checker);
    const auto row = rows.find(checker);
    if (row == rows.end() && declared.says != Says::not_run) continue;  // left out by --checker
    std::string& cell = line[i + 2];
    // A checker that does not apply to a broken variant is blind to it.
    const char* not_run = entry.broken && entry.expected.contains(checker) ? "cannot see it" : "-";
    cell = row == rows.end() ? not_run : text_of(*row->second, declared);
    if (row != rows.end() && !row->second->as_declared) cell = "RED " + cell;
    if (entry.expected.contains(checker)) cell += notes.mark(declared.reason);
  }
  return line;
}

void print(const std::vector<Line>& lines) {
  std::array<std::size_t, std::tuple_size_v<Line>> widths{};
  for (const Line& line : lines) {
    if (line[1].empty()) continue;  // the name of a scenario
    for (std::size_t i = 0; i < line.size(); i++) widths[i] = std::max(widths[i], line[i].size());
  }
  for (const Line& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); i++) text += fmt::format("{:<{}}", line[i], widths[i] + 2);
    text.erase(text.find_last_not_of(' ') + 1);
    fmt::print("{}\n", text);
  }
}

}  // namespace

int matrix(const RunRequest& request) {
  const std::vector<Entry> entries = load_catalogue();
  const std::vector<Cell> cells = select(entries, request.names, request.checkers);
  const std::vector<Row> rows = run_all(cells, request.settings, [](const Row&) {});

  std::map<std::string, std::map<Checker, const Row*>> by_name;
  for (const Row& row : rows) by_name[full_name(row.cell.entry)][row.cell.checker] = &row;

  Notes notes;
  std::vector<Line> lines;
  Line header{"variant", "is"};
  std::ranges::copy(kTitles, header.begin() + 2);
  lines.push_back(header);
  std::string scenario;
  for (const Entry& entry : entries) {
    const auto found = by_name.find(full_name(entry));
    if (found == by_name.end()) continue;
    if (entry.scenario != scenario) lines.push_back({entry.scenario});
    scenario = entry.scenario;
    lines.push_back(line_of(entry, found->second, notes));
  }
  print(lines);
  fmt::print(
      "\n@n: caught in execution n (under TSan: run n). nothing in n: n executions without a finding, no proof.\n");
  notes.print();

  int exit_code = 0;
  for (const Row& row : rows) {
    if (row.as_declared) continue;
    exit_code = 1;
    fmt::print("RED {} under {}: {}\n", full_name(row.cell.entry), to_string(row.cell.checker), row.reason);
  }
  return exit_code;
}

}  // namespace racecourse::command
