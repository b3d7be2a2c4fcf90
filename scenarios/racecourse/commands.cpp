#include <fmt/core.h>
#include <racecourse/checkers/control/interrupt.h>
#include <racecourse/checkers/schedule/schedule.h>
#include <racecourse/scenarios/judge.h>
#include <racecourse/scenarios/racecourse/commands.h>
#include <racecourse/scenarios/racecourse/merge.h>

#include <algorithm>
#include <cstdio>

namespace racecourse::command {
namespace {

std::string result_of(const Row& row) {
  const Verdict& verdict = row.verdict;
  if (verdict.finding) {
    return fmt::format("{}: {}, execution {}", racecourse::to_string(verdict.state),
                       racecourse::to_string(verdict.finding->kind), grouped(verdict.finding->execution));
  }
  return fmt::format("{} in {} executions", racecourse::to_string(verdict.state), grouped(verdict.executions));
}

void print_report(const Row& row) {
  if (!row.verdict.finding) {
    if (row.as_declared && !row.verdict.text.empty()) fmt::print("\n{}\n", row.verdict.text);
    if (!row.as_declared && !row.output.empty()) fmt::print("\nIt printed:\n{}\n", row.output);
    return;
  }
  const Finding& finding = *row.verdict.finding;
  fmt::print("\n{}\n", finding.report.empty() ? finding.message : finding.report);
}

void print_picture(const Row& row) {
  if (!row.verdict.finding) return;
  const Finding& finding = *row.verdict.finding;
  if (finding.picture.empty()) return;
  fmt::print("\n{} under {}: {}: {}\n\n{}\n", full_name(row.cell.entry), to_string(row.cell.checker),
             racecourse::to_string(finding.kind), finding.message, finding.picture);
  const bool says_how = finding.picture.find(finding.replay_command) != std::string::npos;
  if (!says_how) fmt::print("replay: {}\n", finding.replay_command);
}

// What was asked for by name but is declared not to run: said, so that silence is never taken for a verdict.
void explain_absence(const RunRequest& request, const std::vector<Entry>& entries) {
  for (const Entry& entry : entries) {
    const bool named = std::ranges::any_of(
        request.names, [&](const std::string& name) { return name == entry.scenario || name == full_name(entry); });
    if (!named) continue;
    for (const Checker checker : request.checkers) {
      const Expectation declared = expectation(entry, checker);
      if (declared.says != Expectation::Says::not_run) continue;
      fmt::print(stderr, "racecourse: {} is not run under {}: {}\n", full_name(entry), to_string(checker),
                 declared.reason);
    }
  }
}

void print_broken_off(const Row& row) {
  fmt::print("--  {:<38} {:<8} interrupted\n{}\n", full_name(row.cell.entry), to_string(row.cell.checker), row.output);
}

// What was found until Ctrl-C.
int tell_so_far(const Interrupted& interrupted, std::size_t of, bool json) {
  if (json) {
    print_json(interrupted.finished);
  } else {
    std::ranges::for_each(interrupted.broken_off, print_broken_off);
    print_sum(interrupted.finished);
  }
  std::fflush(stdout);
  fmt::print(stderr, "racecourse: interrupted; {} of {} verdicts were given\n", interrupted.finished.size(), of);
  return control::kExitInterrupted;
}

}  // namespace

void print_line(const Row& row) {
  fmt::print("{:<3} {:<38} {:<8} {:<42} {:>6.2f} s{}\n", row.as_declared ? "ok" : "RED", full_name(row.cell.entry),
             to_string(row.cell.checker), result_of(row), row.verdict.seconds,
             row.cell.seed ? fmt::format("  seed {}", *row.cell.seed) : "");
  if (!row.as_declared) fmt::print("    {}\n", row.reason);
}

void print_json(const std::vector<Row>& rows) {
  std::string text = "[";
  for (const Row& row : rows) text += (text == "[" ? "\n" : ",\n") + catalogue::dump(to_json(row));
  fmt::print("{}\n]\n", text);
}

void print_sum(const std::vector<Row>& rows) {
  const auto red = std::ranges::count(rows, false, &Row::as_declared);
  if (rows.size() <= 1 && red == 0) return;
  fmt::print("\n{} verdicts, {}.\n", rows.size(),
             red == 0 ? "all as declared" : fmt::format("{} NOT as declared", red));
}

int exit_code(const std::vector<Row>& rows) { return std::ranges::all_of(rows, &Row::as_declared) ? 0 : 1; }

int run(const RunRequest& request) {
  const std::vector<Entry> entries = of_families(load_catalogue(), request.families);
  std::vector<Cell> cells = select(entries, request.names, request.checkers);
  if (request.settings.seeds) cells = from_seeds(cells, *request.settings.seeds);
  cells = of_shard(cells, request.settings);
  explain_absence(request, entries);
  const bool alone = cells.size() == 1;
  const auto tell = [&](const Row& row) {
    if (request.json) return;
    print_line(row);
    if (!request.picture && (alone || !row.as_declared)) print_report(row);
    std::fflush(stdout);  // somebody may be reading along, through a pipe too
  };
  std::vector<Row> rows;
  try {
    rows = run_all(cells, request.settings, tell);
  } catch (const Interrupted& interrupted) {
    return tell_so_far(interrupted, cells.size(), request.json);
  }
  if (request.json && rows.empty() && request.settings.shard) {
    print_empty_shard(*request.settings.shard);
    return 0;
  }
  if (request.json) {
    print_json(rows);
    return exit_code(rows);
  }
  if (request.picture) std::ranges::for_each(rows, print_picture);
  print_sum(rows);
  return exit_code(rows);
}

int replay(const ReplayRequest& request) {
  const std::vector<Entry> entries = load_catalogue();
  const Entry& entry = only(entries, request.name);
  try {
    schedule::from_token(request.settings.token);
  } catch (const schedule::BadToken& error) {
    throw BadRequest(error.what());
  }
  const Row row = run({entry, Checker::explore, {}}, request.settings);
  if (row.interrupted) return tell_so_far({{}, {row}}, 1, request.json);
  if (request.json) {
    print_json({row});
    return row.as_declared ? 0 : 1;
  }
  if (!row.verdict.finding) {
    fmt::print("{}: {}\n", full_name(entry), row.verdict.text);
    return row.as_declared ? 0 : 1;
  }
  print_report(row);
  if (!row.as_declared) fmt::print("RED {}\n", row.reason);
  return row.as_declared ? 0 : 1;
}

}  // namespace racecourse::command
