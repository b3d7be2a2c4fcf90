#include <racecourse/checkers/property/check.h>
#include <racecourse/checkers/property/holds_under.h>
#include <racecourse/checkers/schedule/schedule.h>

#include <chrono>
#include <cstdio>

namespace racecourse::property {
namespace {

using rc::detail::Error;
using rc::detail::FailureResult;
using rc::detail::GaveUpResult;
using rc::detail::SuccessResult;

// RapidCheck's own listener reports a falsified property as a failure of the program.
struct Silence : rc::detail::TestListener {
  void onTestCaseFinished(const rc::detail::CaseDescription&) override {}
  void onShrinkTried(const rc::detail::CaseDescription&, bool) override {}
  void onTestFinished(const rc::detail::TestMetadata&, const rc::detail::TestResult&) override {}
};

std::string shown(const rc::detail::Example& example) {
  std::string text;
  for (const auto& [type, value] : example) text += value + "\n";
  return text;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// Runs the smallest counterexample once more, for its report.
void explain(const rc::detail::Property& property, const rc::detail::TestMetadata& metadata,
             const rc::detail::TestParams& params, const FailureResult& result) {
  const WithReports with_reports;
  Silence silence;
  rc::detail::checkProperty(property, metadata, params, silence, {{metadata.id, result.reproduce}});
}

Falsified falsified(const std::string& name, const Settings& settings, const FailureResult& result) {
  const int tests = result.numSuccess + 1;
  const int shrinks = static_cast<int>(result.reproduce.shrinkPath.size());
  std::string message = first_line(result.description);
  std::string token;
  Finding finding;
  if (const auto& failure = last_failure()) {
    finding = failure->finding;
    token = schedule::to_token(failure->schedule);
    message = finding.message;
  }
  const std::string counterexample = shown(result.counterExample);
  Falsified error(name + ": falsified after " + std::to_string(tests) + " tests and " + std::to_string(shrinks) +
                  " shrinks (seed " + std::to_string(settings.seed) + "): " + message + "\n" + counterexample);
  error.kind = finding.kind;
  error.token = token;
  error.message = message;
  error.counterexample = counterexample;
  error.finding = finding;
  error.seed = settings.seed;
  error.tests = tests;
  error.shrinks = shrinks;
  return error;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Passed check_property(const std::string& name, const Settings& settings, const rc::detail::Property& property) {
  std::fprintf(stderr, "property %s: seed %llu, %d tests\n", name.c_str(),
               static_cast<unsigned long long>(settings.seed), settings.tests);
  forget_last_failure();
  rc::detail::TestMetadata metadata;
  metadata.id = metadata.description = name;
  rc::detail::TestParams params;
  params.seed = settings.seed;
  params.maxSuccess = settings.tests;
  Silence silence;
  const auto result = rc::detail::checkProperty(property, metadata, params, silence, {});
  SuccessResult success;
  if (result.match(success)) return {success.numSuccess};
  FailureResult failure;
  if (result.match(failure)) {
    if (last_failure()) explain(property, metadata, params, failure);
    throw falsified(name, settings, failure);
  }
  GaveUpResult gave_up;
  if (result.match(gave_up)) {
    throw std::runtime_error(name + ": gave up after " + std::to_string(gave_up.numSuccess) +
                             " tests: " + gave_up.description);
  }
  Error error;
  result.match(error);
  throw std::runtime_error(name + ": " + error.description);
}

Verdict verdict_of(const std::function<void(std::uint64_t)>& property, std::uint64_t seed) {
  Verdict verdict;
  verdict.seed = seed;
  const auto start = std::chrono::steady_clock::now();
  const std::uint64_t before = schedules_tried();
  try {
    property(seed);
    verdict.text = "not found: the property held";
  } catch (const Falsified& error) {
    verdict.state = State::failed;
    verdict.finding = error.finding;
    verdict.finding->kind = error.kind;
    verdict.finding->message = error.message;
    verdict.finding->token = error.token;
    verdict.finding->execution = static_cast<std::uint64_t>(error.tests);  // the first that failed
    verdict.finding->report += std::string("\n") + error.what();
    if (!error.test.empty()) verdict.finding->report += "\n" + error.test;
    verdict.text = "failed: the property was falsified after " + std::to_string(error.tests) + " tests and shrunk " +
                   std::to_string(error.shrinks) + " times";
  }
  verdict.seconds = seconds_since(start);
  verdict.executions = schedules_tried() - before;
  return verdict;
}

}  // namespace racecourse::property
