// The program racecourse-relacy: see runner.h. A separate program, because Relacy brings its own types and allocator.
#include <racecourse/scenarios/relacy/suites.h>
#include <racecourse/scenarios/runner.h>

#include <stdexcept>

namespace racecourse {

// The other links have this from their front door, explore().
const char* linked_checker() { return "relacy"; }

}  // namespace racecourse

namespace racecourse::catalogue {
namespace {

// A function, because registrations in other files may run before a global of this one is made.
RelacyChecks& registered() {
  static RelacyChecks checks;
  return checks;
}

Finding finding_of(const relacy::Verdict& verdict, const Request& request, std::uint64_t seed) {
  Finding finding;
  finding.kind = *verdict.kind;
  finding.message = verdict.message;
  finding.execution = verdict.executions;
  finding.replay_command =
      request.command + " run " + request.name + " --checker relacy --seed " + std::to_string(seed);
  finding.report = verdict.history;
  return finding;
}

Verdict run_relacy(const Request& request) {
  if (request.seconds) throw std::invalid_argument("Relacy counts executions; --seconds is not for it");
  if (!request.token.empty()) throw std::invalid_argument("Relacy has no tokens; the same --seed repeats a finding");
  const RelacyChecks& checks = registered();
  const auto check = checks.find(request.name);
  if (check == checks.end()) throw std::invalid_argument("Relacy has no suite for " + request.name);

  relacy::Settings settings;
  settings.seed = request.seed.value_or(settings.seed);
  settings.executions = request.executions.value_or(settings.executions);
  if (settings.seed == 0 || settings.executions == 0) {
    throw std::invalid_argument("--seed and --executions must be at least 1 for Relacy");
  }
  const relacy::Verdict found = check->second(settings);

  Verdict verdict;
  verdict.executions = found.executions;
  verdict.seconds = found.seconds;
  verdict.seed = settings.seed;
  if (found.kind) {
    verdict.state = State::failed;
    verdict.finding = finding_of(found, request, settings.seed);
    verdict.text = "Relacy: " + found.message + " in execution " + std::to_string(found.executions);
  } else {
    verdict.state = State::not_found;
    verdict.text = "Relacy found nothing in " + std::to_string(found.executions) +
                   " random executions under weak memory; that is no proof";
  }
  return verdict;
}

}  // namespace

RelacyRegistration::RelacyRegistration(RelacyChecks checks) { registered().merge(checks); }

}  // namespace racecourse::catalogue

int main(int argc, char** argv) {
  racecourse::catalogue::Runner runner;
  runner.checkers[racecourse::catalogue::Checker::relacy] = racecourse::catalogue::run_relacy;
  runner.has_catalogue = false;
  return racecourse::catalogue::runner_main(argc, argv, runner);
}
