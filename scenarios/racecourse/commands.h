// The commands. Each returns the exit code: 0 if every verdict is as declared, 1 if not.
#pragma once

#include <racecourse/checkers/control/grouped.h>
#include <racecourse/scenarios/racecourse/cells.h>

#include <string>
#include <vector>

namespace racecourse::command {

using control::grouped;

struct ListRequest {
  std::vector<std::string> names;
  bool json = false;
  bool markdown = false;  // the scenarios alone, as scenarios/README.md has them
  bool cells = false;     // one "scenario/variant checker right|caught|perhaps family difficulty" a line, for scripts:
                          // what CTest runs
};
int list(const ListRequest& request);

struct RunRequest {
  std::vector<std::string> names;
  std::vector<std::string> families;  // none: all
  std::vector<Checker> checkers;
  bool json = false;
  bool picture = false;  // show the picture of every finding
  Settings settings;
};
int run(const RunRequest& request);

struct MatrixRequest {
  RunRequest run;
  bool markdown = false;  // as the README has it: what is declared, and the executions to the first catch
  bool declared = false;  // the same without running anything
};
int matrix(const MatrixRequest& request);

// What there is to read about a scenario before its bug is found.
struct ShowRequest {
  std::string name;
  std::size_t hint = 0;  // show this hint alone; from 1
  bool json = false;
  std::string command;  // as the user typed it
};
int show(const ShowRequest& request);

// Finds the bug and tells all: the picture, how it happens, the rule, the fix, and what does not mend it.
struct ExplainRequest {
  std::string name;
  bool picture = false;  // that alone, without what differs from build to build
  Settings settings;
};
int explain(const ExplainRequest& request);

// How often plain repetition on real threads shows the bug, beside each search.
struct OddsRequest {
  std::string name;
  std::uint64_t repetitions = 10'000;
  double seconds = 20;  // of plain repetition, at most
  std::uint64_t seeds = 20;
  Settings settings;
};
int odds(const OddsRequest& request);

// What a scenario costs in time, where that is its point. Becomes the program that measures; returns only to say why
// not.
struct MeasureRequest {
  std::vector<std::string> arguments;  // that program's own: NAME, --runs, --scale, --svg
};
int measure(const MeasureRequest& request);

struct ReplayRequest {
  std::string name;
  bool json = false;
  Settings settings;  // with the token
};
int replay(const ReplayRequest& request);

// The user picks who runs, until the bug shows or is given up. Returns 0 if the game is won.
struct PlayRequest {
  std::string name;
  std::string schedule;  // words as a player types them, or a file of them; empty: the user plays
  bool lecture = false;  // step through the picture of the bug instead
  bool lines = false;    // whole lines, even at a terminal
  Settings settings;
};
int play(const PlayRequest& request);

// Says what is wrong with this machine, and what mends it. Returns 0 if nothing is.
int doctor();

// Joins what the shards of one run said with --json.
struct MergeRequest {
  std::vector<std::string> files;
  bool json = false;
};
int merge(const MergeRequest& request);

struct NewRequest {
  std::string name;
  std::string folder;  // "": where the user is, or the nearest folder above with a catalogue
};
int new_scenario(const NewRequest& request);

// A row as a line, and rows as the JSON of `run --json`.
void print_line(const Row& row);
void print_json(const std::vector<Row>& rows);
// "12 verdicts, all as declared."
void print_sum(const std::vector<Row>& rows);
// 0 if all is as declared, otherwise 1.
int exit_code(const std::vector<Row>& rows);

}  // namespace racecourse::command
