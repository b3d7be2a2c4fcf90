#include <fmt/core.h>
#include <racecourse/scenarios/judge.h>
#include <racecourse/scenarios/racecourse/commands.h>
#include <racecourse/scenarios/racecourse/table.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <regex>
#include <string>

namespace racecourse::command {
namespace {

using Says = Expectation::Says;
using Rows = std::map<std::string, std::map<Checker, const Row*>>;

std::string caught_at(const Finding& finding) {
  return fmt::format("@{}", grouped(std::max<std::uint64_t>(finding.execution, 1)));
}

// "all 147,456 executions": how many there were is said in the verdict's sentence only.
std::string text_of_proof(const std::string& verdict, const Expectation& declared) {
  std::smatch match;
  if (!std::regex_search(verdict, match, std::regex("^proved: all ([0-9,]+) execution"))) return "its one execution";
  if (declared.preemptions < 0) return fmt::format("all {} executions", match[1].str());
  return fmt::format("{}, {} executions", catalogue::describe(declared), match[1].str());
}

// What came out.
std::string text_of(const Row& row, const Expectation& declared) {
  const Verdict& verdict = row.verdict;
  if (verdict.state == State::unreliable) return "unreliable";
  if (verdict.finding) {
    const std::string caught =
        fmt::format("{} {}", racecourse::to_string(verdict.finding->kind), caught_at(*verdict.finding));
    return declared.says == Says::false_alarm ? "false alarm: " + caught : caught;
  }
  if (declared.says == Says::cannot_see) return "cannot see it";
  if (declared.says == Says::proved && verdict.state == State::proved) return text_of_proof(verdict.text, declared);
  if (verdict.state == State::proved) return "proved in " + grouped(verdict.executions);
  return (declared.says == Says::may_find ? "missed in " : "nothing in ") + grouped(verdict.executions);
}

// A checker that does not apply to a broken variant is blind to it.
std::string text_of_not_run(const Entry& entry, Checker checker) {
  if (checker == Checker::proof) return entry.expected.contains(checker) ? "not proved" : "-";
  return entry.broken && entry.expected.contains(checker) ? "cannot see it" : "-";
}

std::string measured(const Entry& entry, Checker checker, const Row* row, Table& table) {
  const Expectation declared = expectation(entry, checker);
  std::string text = row == nullptr ? text_of_not_run(entry, checker) : text_of(*row, declared);
  if (row != nullptr && !row->as_declared) text = "RED " + text;
  return entry.expected.contains(checker) ? text + table.mark(declared.reason) : text;
}

// What was declared and, where the same seed always gives the same execution, when it was caught.
std::string declared(const Entry& entry, Checker checker, const Row* row, Table& table) {
  const Expectation expected = expectation(entry, checker);
  std::string text = expected.says == Says::not_run ? text_of_not_run(entry, checker) : catalogue::describe(expected);
  const bool repeatable = checker != Checker::tsan && expected.says == Says::finding;
  if (repeatable && row != nullptr && row->verdict.finding) text += " " + caught_at(*row->verdict.finding);
  if (expected.says == Says::proved && row != nullptr && row->as_declared) text = text_of(*row, expected);
  return entry.expected.contains(checker) ? text + table.mark(expected.reason) : text;
}

Table table_of(const std::vector<Entry>& entries, const Rows& rows, bool markdown,
               const std::vector<Checker>& columns) {
  Table table(columns);
  for (const Entry& entry : entries) {
    const auto found = rows.find(full_name(entry));
    if (found == rows.end()) continue;
    Table::Cells cells;
    for (const Checker checker : table.columns()) {
      const auto found_row = found->second.find(checker);
      const Row* row = found_row == found->second.end() ? nullptr : found_row->second;
      cells.push_back((markdown ? declared : measured)(entry, checker, row, table));
    }
    table.add(entry, cells);
  }
  return table;
}

}  // namespace

int matrix(const MatrixRequest& request) {
  const std::vector<Entry> entries = of_families(load_catalogue(), request.run.families);
  const std::vector<Cell> cells = select(entries, request.run.names, request.run.checkers);
  const std::vector<Row> rows =
      request.declared ? std::vector<Row>() : run_all(cells, request.run.settings, [](const Row&) {});

  // What is declared can be shown of every checker, run or not.
  const bool markdown = request.markdown || request.declared;
  Rows by_name;
  for (const Cell& cell : markdown ? select(entries, request.run.names, {}) : cells) by_name[full_name(cell.entry)];
  for (const Row& row : rows) by_name[full_name(row.cell.entry)][row.cell.checker] = &row;
  const bool any_proof = std::ranges::any_of(entries, [&](const Entry& entry) {
    return by_name.contains(full_name(entry)) && entry.expected.contains(Checker::proof);
  });
  std::vector<Checker> columns;
  std::ranges::copy_if(catalogue::kCheckers, std::back_inserter(columns), [&](Checker checker) {
    const std::vector<Checker>& asked = request.run.checkers;
    if (checker == Checker::proof && !any_proof) return false;
    return markdown || asked.empty() || std::ranges::find(asked, checker) != asked.end();
  });
  const Table table = table_of(entries, by_name, markdown, columns);
  fmt::print("{}", markdown ? table.as_markdown() : table.as_text());

  int exit_code = 0;
  for (const Row& row : rows) {
    if (row.as_declared) continue;
    exit_code = 1;
    fmt::print(stderr, "RED {} under {}: {}\n", full_name(row.cell.entry), to_string(row.cell.checker), row.reason);
  }
  return exit_code;
}

}  // namespace racecourse::command
