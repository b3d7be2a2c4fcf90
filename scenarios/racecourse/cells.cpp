#include <racecourse/checkers/control/interrupt.h>
#include <racecourse/checkers/control/processors.h>
#include <racecourse/scenarios/judge.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/launch.h>
#include <racecourse/scenarios/racecourse/merge.h>
#include <racecourse/scenarios/racecourse/place.h>
#include <racecourse/scenarios/racecourse/progress.h>
#include <racecourse/scenarios/racecourse/work_queue.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <exception>
#include <mutex>
#include <string_view>
#include <thread>

namespace racecourse::command {
namespace {

// Properties and proofs are in the explore link: they search with our runtime.
std::string program_of(Checker checker) {
  const bool explores = checker == Checker::property || checker == Checker::proof;
  return program_of_link(to_string(explores ? Checker::explore : checker));
}

std::string text_of(const Shard& shard) { return std::to_string(shard.index) + "/" + std::to_string(shard.count); }

std::vector<std::string> arguments_of(const Cell& cell, const Settings& settings) {
  std::vector<std::string> arguments{"--run",     full_name(cell.entry), "--checker", to_string(cell.checker),
                                     "--command", settings.command};
  const auto add = [&](const char* option, const std::string& value) {
    arguments.insert(arguments.end(), {option, value});
  };
  if (const auto seed = cell.seed ? cell.seed : settings.seed) add("--seed", std::to_string(*seed));
  // A property says itself how many cases it tries; a proof needs all that there are.
  const auto budget =
      cell.checker == Checker::tsan && settings.repetitions ? settings.repetitions : settings.executions;
  if (budget && cell.checker != Checker::property && cell.checker != Checker::proof)
    add("--executions", std::to_string(*budget));
  const bool can_be_timed = cell.checker == Checker::explore || cell.checker == Checker::tsan;
  if (settings.seconds && can_be_timed) add("--seconds", std::to_string(*settings.seconds));
  if (!settings.strategy.empty() && cell.checker == Checker::explore) add("--strategy", settings.strategy);
  if (settings.preemptions && cell.checker == Checker::explore) {
    add("--preemptions", std::to_string(*settings.preemptions));
  }
  if (settings.workers && cell.checker == Checker::explore) add("--workers", std::to_string(*settings.workers));
  if (settings.shard && is_split(cell)) add("--shard", text_of(*settings.shard));
  if (!settings.token.empty()) add("--token", settings.token);
  if (settings.trace) arguments.push_back("--trace");
  return arguments;
}

// A checker that ends without an answer has not caught anything, whatever it printed.
Verdict no_answer(const Cell& cell, const Launched& launched, double deadline_seconds) {
  Verdict verdict;
  verdict.state = State::unreliable;
  const std::string program = program_of(cell.checker);
  verdict.text = program.substr(program.rfind('/') + 1) + " gave no verdict: ";
  if (launched.out_of_time) {
    verdict.text += "not finished after " + std::to_string(static_cast<int>(deadline_seconds)) + " seconds";
  } else if (launched.signal != 0) {
    verdict.text += "ended by signal " + std::string(strsignal(launched.signal));
  } else {
    verdict.text += "exit code " + std::to_string(launched.exit_code.value_or(-1));
  }
  const std::string last = last_line(launched);
  if (!last.empty()) verdict.text += "; it last said: " + last;
  return verdict;
}

}  // namespace

Row run(const Cell& cell, const Settings& settings) {
  const Launched launched = launch(program_of(cell.checker), arguments_of(cell, settings), settings.deadline_seconds);
  Row row;
  row.cell = cell;
  row.output = launched.output;
  row.interrupted = control::interrupted() != 0 && launched.answer.empty();
  if (row.interrupted) return row;
  if (launched.exit_code == 2) throw BadRequest(refusal(launched));
  if (launched.exit_code == 0 && !launched.answer.empty()) {
    row.verdict = catalogue::verdict_from_json(catalogue::Json::parse(launched.answer));
  } else {
    row.verdict = no_answer(cell, launched, settings.deadline_seconds);
  }
  const auto judgement = catalogue::judge(expectation(cell.entry, cell.checker), row.verdict);
  row.as_declared = judgement.as_declared;
  row.reason = judgement.reason;
  if (settings.shard) row.part = part_of(cell, settings, program_of(cell.checker));
  if (settings.shard && is_split(cell) && !row.as_declared && row.verdict.state == State::not_found) {
    row.as_declared = true;
    row.reason = "not caught in this shard; `racecourse merge` judges all of them together";
  }
  return row;
}

bool is_split(const Cell& cell) { return cell.checker == Checker::explore; }

std::vector<Cell> of_shard(const std::vector<Cell>& cells, const Settings& settings) {
  if (!settings.shard) return cells;
  std::vector<Cell> mine;
  std::uint64_t whole = 0;  // cells so far that are not split
  for (const Cell& cell : cells) {
    if (is_split(cell) || whole++ % settings.shard->count + 1 == settings.shard->index) mine.push_back(cell);
  }
  return mine;
}

std::vector<Row> run_all(const std::vector<Cell>& cells, const Settings& asked,
                         const std::function<void(const Row&)>& done) {
  Settings settings = asked;
  std::vector<Row> rows(cells.size());
  std::vector<bool> finished(cells.size());
  const std::size_t count = std::clamp<std::size_t>(settings.jobs, 1, std::max<std::size_t>(cells.size(), 1));
  if (!settings.workers && count > 1) {
    settings.workers = static_cast<int>(std::max<std::size_t>(1, control::usable_processors() / count));
  }
  WorkQueue queue(cells, count);
  std::size_t told = 0;  // first cell not reported
  std::exception_ptr failure;
  std::mutex mutex;  // guards all of the above, and `done`
  Progress progress(cells.size());

  const auto work = [&](std::size_t worker) {
    for (;;) {
      std::size_t mine;
      {
        std::lock_guard lock(mutex);
        const auto next = queue.next(worker);
        if (!next || failure || control::interrupted() != 0) return;
        mine = *next;
      }
      const std::string label = full_name(cells[mine].entry) + " under " + to_string(cells[mine].checker);
      progress.begins(label);
      try {
        Row row = run(cells[mine], settings);
        std::lock_guard lock(mutex);
        rows[mine] = std::move(row);
        finished[mine] = true;
        for (; told < cells.size() && finished[told] && !rows[told].interrupted; told++) {
          progress.clear();
          done(rows[told]);
        }
      } catch (...) {
        std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
      }
      progress.ends(label);
    }
  };
  {
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < count; i++) workers.emplace_back(work, i);
  }
  if (failure) std::rethrow_exception(failure);
  if (control::interrupted() == 0) return rows;
  progress.clear();
  Interrupted interrupted;
  for (std::size_t i = 0; i < rows.size(); i++) {
    if (!finished[i]) continue;
    if (!rows[i].interrupted && i >= told) done(rows[i]);
    (rows[i].interrupted ? interrupted.broken_off : interrupted.finished).push_back(std::move(rows[i]));
  }
  throw interrupted;
}

catalogue::Json to_json(const Row& row) {
  const Verdict& verdict = row.verdict;
  const Finding* finding = verdict.finding ? &*verdict.finding : nullptr;
  catalogue::Json also = catalogue::Json::array();
  for (const Kind kind : finding ? finding->also : std::vector<Kind>{}) also.push_back(racecourse::to_string(kind));
  const auto or_null = [](bool present, auto value) { return present ? catalogue::Json(value) : catalogue::Json(); };
  catalogue::Json json{{"name", row.cell.entry.scenario},
                       {"variant", row.cell.entry.variant},
                       {"checker", to_string(row.cell.checker)},
                       {"expected", catalogue::describe(expectation(row.cell.entry, row.cell.checker))},
                       {"verdict", racecourse::to_string(verdict.state)},
                       {"kind", or_null(finding != nullptr, finding ? racecourse::to_string(finding->kind) : "")},
                       {"also", also},
                       {"executions", verdict.executions},
                       {"first_catch", or_null(finding != nullptr, finding ? finding->execution : 0)},
                       {"seconds", verdict.seconds},
                       {"seed", verdict.seed},
                       {"token", or_null(finding && !finding->token.empty(), finding ? finding->token : "")},
                       {"as_declared", row.as_declared},
                       {"reason", row.reason},
                       {"text", verdict.text},
                       {"message", finding ? finding->message : ""},
                       {"replay_command", finding ? finding->replay_command : ""}};
  if (!verdict.tree.empty()) json["tree"] = catalogue::Json::parse(verdict.tree);
  if (!row.part.is_null()) json.update(row.part);
  return json;
}

}  // namespace racecourse::command
