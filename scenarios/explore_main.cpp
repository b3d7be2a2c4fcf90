#include <racecourse/checkers/property/check.h>
#include <racecourse/scenarios/plain.h>
#include <racecourse/scenarios/runner.h>
#include <racecourse/scenarios/steered.h>

#include <stdexcept>

namespace racecourse::catalogue {
namespace {

Verdict run_property(const Request& request) {
  const Entry& entry = entry_for(request);
  if (!entry.property) throw std::invalid_argument(request.name + " has no property");
  const Options options = options_for(entry, request);
  Verdict verdict = property::verdict_of(entry.property, options.seed);
  if (verdict.finding && !verdict.finding->token.empty()) {
    verdict.finding->replay_command =
        request.command + " replay " + request.name + " --token " + verdict.finding->token;
  }
  return verdict;
}

int steer(const Request& request, int result_fd) {
  const Entry& entry = entry_for(request);
  if (!entry.body) throw std::invalid_argument(request.name + " has no body that a search can run");
  return serve_steering(entry.body, options_for(entry, request), result_fd);
}

}  // namespace
}  // namespace racecourse::catalogue

int main(int argc, char** argv) {
  using namespace racecourse::catalogue;
  Runner runner;
  runner.checkers[Checker::explore] = [](const Request& request) { return run_body(Checker::explore, request); };
  runner.checkers[Checker::property] = run_property;
  runner.checkers[Checker::proof] = run_proof;
  // Outside a search our runtime is not felt, so this link is the place for runs that nobody watches.
  runner.plainly = [](const Request& request) { return to_json(run_plainly(request)); };
  runner.steer = steer;
  return runner_main(argc, argv, runner);
}
