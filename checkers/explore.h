// The front door: run a body of ordinary C++ under every schedule that a search can think of.
//
//   TEST(Account, NeverOverdrawn) {
//     racecourse::explore([] {
//       Account account{1000};
//       std::thread a([&] { account.withdraw(800); }), b([&] { account.withdraw(800); });
//       a.join();
//       b.join();
//       EXPECT_GE(account.balance(), 0);
//     });
//   }
//
// Contract
//  - The body is unmodified C++ or pthread code, in objects compiled with -fsanitize=thread -g.
//  - It runs in forked worker processes. Each execution starts from the state at the call of explore():
//    globals, heap and captured variables. What it changes is invisible to the caller; use `outcome()` to
//    report a value.
//  - In the explore link every thread of the body is controlled: threads switch only where the search says so.
//    In the tsan link the same call repeats the body on real threads under the compiler's ThreadSanitizer.
//  - Not thread-safe: call explore() from one thread, with no other thread of the program running.
//
// Shards: of a budget in executions, shard i of n runs the n-th part by execution number; of one in seconds alone, it
// counts its executions from (i - 1) * 10^11; of an exhaustive search it explores a part of the tree, and all are
// a proof if each comes to its end (schedule/forest.h). Each is a search by itself: the same seed finds the same there.
// (GoogleTest's variables deal whole tests out, as they always do.) `racecourse merge` joins what `run --shard` says.
//
// Errors: bad options (an unknown strategy, a corrupt token) throw std::invalid_argument with one sentence.
#pragma once

#include <racecourse/checkers/finding.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace racecourse {

// Every field can also be set by the environment variable RACECOURSE_OPTIONS, as in
// RACECOURSE_OPTIONS="executions=100000 seconds=30 seed=7 strategy=pct"; the environment wins.
struct Options {
  std::string strategy = "default";   // default (all of the following in turns), uniform, sticky, pct, pos, surw, rff;
                                      // exhaustive (each execution once; the verdict may then be `proved`)
  std::uint64_t executions = 10'000;  // budget; 0: no limit, then `seconds` must be set
  double seconds = 0;                 // budget in seconds of wall time; 0: no limit
  std::uint64_t seed = 1;             // the same seed finds the same finding
  int workers = 0;                    // processes that share the search, at most 64; 0: as many as there are
                                      // processors that this process may use. With a budget in executions, a search
                                      // finds and counts the same whatever their number. `exhaustive` shares trees
                                      // that have large parts; within a bound on preemptions it has one.
  std::string shard;                  // "2/3": only the second of three parts of the search, see above
  std::uint64_t max_steps = 20'000;   // synchronisation steps after which an execution must end (see `non_termination`)
  double switch_probability = 0.125;  // of the sticky walk
  int depth = 3;                      // of PCT: the number of ordering constraints that a bug may need
  int preemptions = -1;               // of `exhaustive`: only executions with at most so many switches away from a
                                      // thread that could go on; -1: all executions
  bool race_check = true;             // judge data races
  bool stop_at_race = false;          // end an execution at its first race instead of showing its consequence
  std::optional<bool> spurious;       // waits may end, and weak compare-exchanges fail, for no reason, as the standard
                                      // allows: up to two in some executions of a random search, unless this is false;
                                      // up to one a thread, at every place, in an exhaustive one, if this is true
  std::vector<Kind> judge;            // only findings of these kinds count; empty: all do
  std::string suppressions;           // a file of findings that do not count, each with its reason; see suppression.h
  std::vector<std::string> forbidden;  // results that no execution may report through outcome(): a `forbidden-outcome`
  double watchdog_seconds = 2;         // processor time without a visible operation before it is called a hang
  std::string token;                   // replay this one schedule and nothing else
  std::string name;                    // shown in reports; default: the running test's name
  std::string replay_command;          // shown in reports; "{token}" is replaced; default: made from argv

  // Tsan link only.
  std::uint64_t repetitions = 200;  // runs of the body on real threads
  double deadline_seconds = 5;      // of one run, after which it is a `hang`
};

enum class State : std::uint8_t {
  failed,      // `finding` holds the bug
  proved,      // the space was exhausted, under the bound that `text` states
  not_found,   // budget spent; `text` says how much was searched, in different traces. Never "correct".
  unreliable,  // the body is not deterministic: a finding could not be replayed; its report shows two replays
};
const char* to_string(State state);  // "failed", "proved", "not-found", "unreliable"

struct Verdict {
  State state = State::not_found;
  std::optional<Finding> finding;  // set when state is failed (and, unconfirmed, when unreliable)
  std::uint64_t executions = 0;
  double seconds = 0;
  std::uint64_t seed = 0;
  std::string text;                               // one sentence for a person
  std::map<std::string, std::uint64_t> outcomes;  // what the body reported through outcome(), with counts
  std::string tree;                               // JSON for `racecourse merge`, of a shard of an exhaustive search
                                                  // that came to its end (see control/tree_part.h); else empty
};

// Searches and returns the verdict; reports nothing.
Verdict search(const std::function<void()>& body, const Options& options = {});

// Searches; a finding fails the running GoogleTest test once, with the whole report. Without GoogleTest the report
// goes to standard error.
Verdict explore(const std::function<void()>& body, const Options& options = {});

// The body is broken and must be caught: fails the running test unless `required` is found within the budget. Kinds
// in `allowed` may be found before or beside it; any other kind fails the test.
Verdict expect_finding(const std::function<void()>& body, Kind required, const Options& options = {});
Verdict expect_finding(const std::function<void()>& body, Kind required, const std::vector<Kind>& allowed,
                       const Options& options = {});

// expect_finding() without the report: what expect_finding would have judged.
Verdict search_for(const std::function<void()>& body, Kind required, const std::vector<Kind>& allowed,
                   const Options& options = {});

// Called inside a body: counts one execution that ended with this result. At most 63 characters count. A result that
// the options call forbidden ends the execution there, with a finding.
void outcome(std::string_view text);

// "explore" or "tsan": which checker this program was linked with.
const char* linked_checker();

}  // namespace racecourse
