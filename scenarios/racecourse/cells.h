// A cell of the matrix: one variant under one checker, what was declared, and what came out.
#pragma once

#include <racecourse/scenarios/catalogue.h>
#include <racecourse/scenarios/json.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace racecourse::command {

using catalogue::Checker;
using catalogue::Entry;
using catalogue::Expectation;

// What the user asked for cannot be done: one line, exit 2.
struct BadRequest : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The catalogue, as racecourse-explore lists it.
std::vector<Entry> load_catalogue();

// Those of the families only; none: all. Throws BadRequest for a family that nobody is of.
std::vector<Entry> of_families(std::vector<Entry> entries, const std::vector<std::string>& families);

// The stories, hints and explanations, as racecourse-explore lists them. Throws BadRequest if that of `name` lacks one;
// without a name, if any does.
std::vector<catalogue::Scenario> load_scenarios(const std::string& name = "");

std::string full_name(const Entry& entry);

// "right", "broken", "slow" or "wrong fix".
const char* role(const Entry& entry);

// What `checker` is declared to say of the entry; not_run if nothing is declared.
Expectation expectation(const Entry& entry, Checker checker);

struct Cell {
  Entry entry;
  Checker checker = Checker::explore;
  std::optional<std::uint64_t> seed;  // when one cell is run from several seeds
};

// Those of the entries that `names` ("scenario" or "scenario/variant"; none: all) mean. Throws BadRequest for an
// unknown name.
std::vector<Entry> named(const std::vector<Entry>& entries, const std::vector<std::string>& names);

// The cells of named() and `checkers` (none: all), those that are not run left out.
std::vector<Cell> select(const std::vector<Entry>& entries, const std::vector<std::string>& names,
                         const std::vector<Checker>& checkers);

// Each cell from the seeds 1 to `seeds`.
std::vector<Cell> from_seeds(const std::vector<Cell>& cells, std::uint64_t seeds);

// The one entry that `name` means. Throws BadRequest if it is unknown or means several.
const Entry& only(const std::vector<Entry>& entries, const std::string& name);

// A part of a run: `index` of `count`, from 1.
struct Shard {
  std::uint64_t index = 1;
  std::uint64_t count = 1;
};

struct Settings {
  std::optional<std::uint64_t> seed;
  std::optional<std::uint64_t> seeds;  // run each cell from the seeds 1 to this one
  std::optional<std::uint64_t> executions;
  std::optional<std::uint64_t> repetitions;  // executions of the tsan checker, if they are to differ
  std::optional<double> seconds;             // of each search; without `executions` the only limit
  std::string strategy;                      // of explore; empty: the entry's own
  std::optional<int> preemptions;            // of an exhaustive search
  std::optional<int> workers;                // that share a search; unset: the processors are shared by the jobs
  std::optional<Shard> shard;
  std::string token;
  bool trace = false;
  std::string command = "racecourse";  // as the user typed it: replay commands begin with it
  double deadline_seconds = 600;       // of one cell
  unsigned jobs = 1;                   // cells that run at a time
};

// Whether each shard runs a part of the cell's search. The others are dealt out to the shards as they are: real threads
// and properties have no execution numbers, and most proofs are not worth it.
bool is_split(const Cell& cell);
// Those that this shard has to run.
std::vector<Cell> of_shard(const std::vector<Cell>& cells, const Settings& settings);

struct Row {
  Cell cell;
  Verdict verdict;
  bool as_declared = false;
  std::string reason;        // when it is not
  std::string output;        // what the program and the body printed
  bool interrupted = false;  // there is no verdict; `output` says what was found so far
  catalogue::Json part;      // with a shard: which, and of what; see merge.cpp
};

// Ctrl-C: the rows that were finished, and those that were broken off.
struct Interrupted {
  std::vector<Row> finished, broken_off;
};

// Runs one cell in the program of its checker. Throws BadRequest if that program refuses the request.
Row run(const Cell& cell, const Settings& settings);

// Runs all of them, `settings.jobs` at a time; `done` hears of each in the order of `cells`. A line of progress goes to
// standard error when it takes longer than two seconds. Throws Interrupted, after `done` has heard of all that was
// done.
std::vector<Row> run_all(const std::vector<Cell>& cells, const Settings& settings,
                         const std::function<void(const Row&)>& done);

// One row of `run --json`.
catalogue::Json to_json(const Row& row);

}  // namespace racecourse::command
