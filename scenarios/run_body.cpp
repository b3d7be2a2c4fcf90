#include <racecourse/scenarios/runner.h>

#include <stdexcept>
#include <string>

namespace racecourse::catalogue {
namespace {

// Real threads have no schedule to replay: the same runs are made again.
std::string tsan_command(const Entry& entry, const Options& options, const Request& request) {
  std::string command =
      request.command + " run " + request.name + " --checker tsan --seed " + std::to_string(options.seed);
  // Fewer runs than usual need not be said: the search ends where it finds.
  if (request.executions && *request.executions > entry.options.repetitions) {
    command += " --repetitions " + std::to_string(*request.executions);
  }
  return command;
}

}  // namespace

const Entry& entry_for(const Request& request) {
  const auto slash = request.name.find('/');
  const Entry* entry =
      slash == std::string::npos ? nullptr : find(request.name.substr(0, slash), request.name.substr(slash + 1));
  if (entry == nullptr) throw std::invalid_argument("no entry is called " + request.name);
  return *entry;
}

Options options_for(const Entry& entry, const Request& request) {
  Options options = entry.options;
  if (request.seed) options.seed = *request.seed;
  if (request.executions) {
    options.executions = *request.executions;
    options.repetitions = *request.executions;
  }
  if (request.seconds) {
    options.seconds = *request.seconds;
    if (!request.executions) {
      options.executions = 0;
      options.repetitions = 1'000'000'000;  // has no "no limit"; nobody waits for so many
    }
  }
  if (!request.strategy.empty()) options.strategy = request.strategy;
  if (request.preemptions) options.preemptions = *request.preemptions;
  if (request.workers) options.workers = *request.workers;
  options.shard = request.shard;
  options.token = request.token;
  options.name = request.name;
  options.replay_command = request.command + " replay " + request.name + " --token {token}";
  return options;
}

Verdict run_body(Checker checker, const Request& request) {
  using Says = Expectation::Says;
  const Entry& entry = entry_for(request);
  const auto& body = checker == Checker::tsan && entry.real_body ? entry.real_body : entry.body;
  if (!body) throw std::invalid_argument(request.name + " has no body to run under " + to_string(checker));
  Options options = options_for(entry, request);
  if (checker == Checker::tsan) options.replay_command = tsan_command(entry, options, request);
  const auto expected = entry.expected.find(checker);
  const Says says = expected == entry.expected.end() ? Says::not_run : expected->second.says;
  const bool declares_a_kind = says == Says::finding || says == Says::may_find || says == Says::false_alarm;
  // A replay shows what its schedule does, declared or not.
  if (!declares_a_kind || !options.token.empty()) return search(body, options);
  return search_for(body, expected->second.kind, expected->second.allowed, options);
}

Verdict run_proof(const Request& request) {
  constexpr std::uint64_t kMostExecutions = 10'000'000;  // a proof ends by itself; this is where it is given up
  const Entry& entry = entry_for(request);
  const auto expected = entry.expected.find(Checker::proof);
  if (expected == entry.expected.end() || expected->second.says != Expectation::Says::proved) {
    throw std::invalid_argument("nothing is to be proved of " + request.name);
  }
  Options options = options_for(entry, request);
  options.strategy = "exhaustive";
  options.preemptions = expected->second.preemptions;
  options.executions = request.executions.value_or(kMostExecutions);
  options.replay_command = request.command + " run " + request.name + " --checker proof";  // `replay` has another body
  return search(entry.small_body ? entry.small_body : entry.body, options);
}

}  // namespace racecourse::catalogue
