// The programs that run one entry under one checker: racecourse-explore, racecourse-tsan and racecourse-relacy. They
// are separate because the links differ; the racecourse command launches them and judges what they answer.
//
//   racecourse-explore --list
//   racecourse-explore --scenarios
//   racecourse-explore --run account/check_then_act --plainly [--executions N] [--seconds N]
//   racecourse-explore --run account/check_then_act --steer [--result-fd N]
//   racecourse-explore --run account/check_then_act [--checker property] [--seed N] [--executions N]
//                      [--strategy S] [--preemptions N] [--workers N] [--shard I/N] [--token T] [--trace]
//                      [--command racecourse] [--result-fd N]
//
// The answer is one line of JSON (see json.h) on standard output, or in the file --result-fd, since a body may print.
// Exit 0: answered; 2: bad arguments, with one line on standard error. Nothing here depends on anything but the
// arguments and RACECOURSE_OPTIONS, because a finding is confirmed by starting this program afresh with the same ones.
#pragma once

#include <racecourse/scenarios/json.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace racecourse::catalogue {

struct Request {
  std::string name;                   // "scenario/variant"
  std::optional<std::uint64_t> seed;  // unset: the entry's own
  std::optional<std::uint64_t> executions;
  std::optional<double> seconds;       // of the search; without `executions` the only limit
  std::string strategy;                // of the search; empty: the entry's own
  std::optional<int> preemptions;      // of an exhaustive search
  std::optional<int> workers;          // that share the search
  std::string shard;                   // "2/3": this part of the search; empty: all of it
  std::string token;                   // replay this and nothing else
  std::string command = "racecourse";  // how the user starts the racecourse command
};

// Throws std::invalid_argument with one sentence if the request cannot be met.
using Run = std::function<Verdict(const Request&)>;

struct Runner {
  std::map<Checker, Run> checkers;                          // the first one is the default
  std::function<Json(const Request&)> plainly;              // --plainly: see plain.h
  std::function<int(const Request&, int result_fd)> steer;  // --steer: see steered.h
  bool has_catalogue = true;                                // whether --list works: the entries are linked in
};

int runner_main(int argc, char** argv, const Runner& runner);

// The entry's options with the request laid over them.
Options options_for(const Entry& entry, const Request& request);

const Entry& entry_for(const Request& request);

// For the explore and the tsan link: searches the entry's body for what its declaration under `checker` says.
Verdict run_body(Checker checker, const Request& request);

// For the explore link: searches every execution of what the entry's proof is about.
Verdict run_proof(const Request& request);

}  // namespace racecourse::catalogue
