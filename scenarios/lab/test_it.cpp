#include <fmt/core.h>
#include <racecourse/checkers/replace_all.h>
#include <racecourse/scenarios/lab/test_it.h>
#include <racecourse/scenarios/lab/view.h>

namespace racecourse::lab {
namespace {

// Which the test of an exercise has if its starter has it.
constexpr const char* kSleeps = "void sleeps()";

std::string in_kit(const std::string& folder, const std::string& name) {
  return kit_text("scenarios/lab/tests/" + folder + "/" + name + ".cpp");
}

bool asks_for_sleep(const Exercise& exercise) {
  return in_kit("starter", exercise.test).find(kSleeps) != std::string::npos;
}

const char* const kOpening =
    R"(// Yours to write: a test that is green for every right @FILE@, and for no wrong one. Every order of its
// threads is searched: a failing assert, a data race, a deadlock and a lost wakeup are found. `racecourse lab
// check` tries it on your code and on the code as it was; who grades it, on other wrong code too.
)";
const char* const kOpeningOfSleeps =
    "// sleeps() must end with everybody asleep: who waits for what never comes, sleeps.\n";

const char* const kRunTest = R"(// Searches what test.cpp holds, as the checks are searched.
#undef NDEBUG  // a test reports through assert, whatever the build type
#include <racecourse/scenarios/lab/checks.h>

#include "@FILE@"
#include "test.cpp"

const racecourse::lab::Bodies searched_bodies{{
    {"test", test},
@SLEEPS@}};
)";
const char* const kRunSleeps = "    {\"sleeps\", sleeps, racecourse::lab::Ends::asleep},\n";

}  // namespace

std::string test_starter_text(const Exercise& exercise) {
  std::string opening = kOpening;
  replace_all(opening, "@FILE@", exercise.file);
  return opening + (asks_for_sleep(exercise) ? kOpeningOfSleeps : "") + in_kit("starter", exercise.test);
}

std::string test_reference_text(const Exercise& exercise) {
  return in_kit("reference", exercise.reference_test.empty() ? exercise.test : exercise.reference_test);
}

std::string run_test_text(const Exercise& exercise) {
  std::string text = kRunTest;
  replace_all(text, "@FILE@", exercise.file);
  replace_all(text, "@SLEEPS@", asks_for_sleep(exercise) ? kRunSleeps : "");
  return text;
}

bool has_test(const Exercise& exercise, const std::string& text) {
  return !same_code(text, "") && !same_code(text, test_starter_text(exercise));
}

Outcome run_test(const std::string& program, const Exercise& exercise, const Job& job,
                 const std::vector<std::string>& how) {
  Outcome outcome = run_check(program, "test", job, how);
  if (!outcome.passed || !asks_for_sleep(exercise)) return outcome;
  Outcome sleeps = run_check(program, "sleeps", job, how);
  if (sleeps.passed) return outcome;
  if (sleeps.problem.empty()) {
    sleeps.kind = kNotAsleep;
    sleeps.message = "sleeps() does not end with everybody asleep";
  }
  return sleeps;
}

int Tested::points() const {
  const std::size_t all = caught.size() + missed.size();
  return all == 0 ? 0 : static_cast<int>(kTestPoints * caught.size() / all);
}

std::string Tested::text() const {
  if (!problem.empty()) return problem;
  return fmt::format("{} of {} hidden mutants caught; green for right code in {}", caught.size(),
                     caught.size() + missed.size(), searched);
}

std::vector<std::string> Tested::misconceptions() const {
  std::vector<std::string> held;
  if (flags == "data-race") {
    held.push_back("what only a test shares needs no order");
  } else if (!flags.empty()) {
    held.push_back("what one expects is what the contract promises");
  }
  if (problem.empty() && caught.empty()) held.push_back("a green test shows that the code is right");
  for (const Pattern& pattern : patterns) held.push_back(pattern.misconception);
  return held;
}

}  // namespace racecourse::lab
