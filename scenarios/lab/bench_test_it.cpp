// A student's test on the bench: with the code that was handed out, with the reference, and with the mutants.
#include <fmt/core.h>
#include <racecourse/scenarios/lab/bench.h>
#include <racecourse/scenarios/lab/view.h>
#include <racecourse/scenarios/lab/workspace.h>
#include <sys/stat.h>

#include <regex>

namespace racecourse::lab {
namespace {

namespace fs = std::filesystem;

// Without the line that includes the student's file, which run_test.cpp includes before it: so what is scanned is what
// is compiled.
std::string without_include(const std::string& text, const std::string& file) {
  const std::regex line(R"((^|\n)[ \t]*#[ \t]*include[ \t]*")" + file + R"("[ \t\r]*(?=\n|$))");
  return std::regex_replace(text, line, "$1", std::regex_constants::format_first_only);
}

// What the test found and where, and no word of a message, which may hold what the test has read.
std::string place_of(const Outcome& outcome) {
  if (outcome.kind == kNotAsleep) return outcome.message;
  if (outcome.file != kTestFile || outcome.line <= 0) return outcome.kind;
  return fmt::format("{} in line {}", outcome.kind, outcome.line);
}

}  // namespace

std::string Bench::build_test(const Exercise& exercise, const std::string& variant, const std::string& test,
                              const fs::path& folder) {
  write_file(folder / exercise.file, variant);
  write_file(folder / kTestFile, test);
  write_file(folder / kRunTestFile, run_test_text(exercise));
  write_file(folder / "alone.cpp", "#include \"" + exercise.file + "\"\n#include \"" + kTestFile + "\"\n");
  std::string errors = build(exercise, folder, kRunTestFile);
  // The program stays.
  for (const char* source : {exercise.file.c_str(), kTestFile, kRunTestFile, "alone.cpp", "alone.o", "checks.o"}) {
    fs::remove(folder / source);
  }
  chmod(folder.c_str(), 0755);
  return errors;
}

std::string Bench::try_test(const Exercise& exercise, const std::string& variant, const std::string& test,
                            Outcome& outcome) {
  const fs::path folder = fresh_folder("test");
  std::string errors = build_test(exercise, variant, test, folder);
  if (errors.empty()) {
    const fs::path scratch = fresh_folder("run");
    outcome = run_test((folder / "checks").string(), exercise, check_job(scratch));
    fs::remove_all(scratch);
  }
  fs::remove_all(folder);
  return errors;
}

Tested Bench::test_it(const Exercise& exercise, const std::string& text, bool every) {
  Tested tested;
  const auto ends = [&](const std::string& problem) {
    tested.problem = problem;
    return tested;
  };
  const std::string handed_out = test_starter_text(exercise), starter = starter_text(exercise);
  tested.patterns = patterns_in(text, handed_out);
  const std::string test = without_include(text, exercise.file);
  if (const std::string clause = why_test_refused(test, starter + handed_out); !clause.empty()) {
    return ends("refused: " + clause);
  }

  // With code that the student has, so that what the compiler says tells nothing of other code.
  const fs::path folder = fresh_folder("test");
  const std::string errors = build_test(exercise, starter, test, folder);
  fs::remove_all(folder);
  if (errors.starts_with("refused: ")) return ends(errors);
  if (!errors.empty()) return ends("it does not build: " + errors);

  Outcome outcome;
  if (!try_test(exercise, reference_text(exercise), test, outcome).empty()) {
    return ends("it builds with the code that was handed out, but not with other code that keeps the contract");
  }
  if (!outcome.problem.empty()) return ends("with right code there is no verdict: " + outcome.problem);
  if (!outcome.passed) {
    tested.flags = outcome.kind;
    return ends("it flags right code: " + place_of(outcome));
  }
  tested.searched = outcome.searched;
  for (const Mutant& mutant : mutants_of(exercise)) {
    const std::string unbuilt = try_test(exercise, mutant.text, test, outcome);
    const bool caught = unbuilt.empty() && outcome.problem.empty() && !outcome.passed && !outcome.unreliable;
    (caught ? tested.caught : tested.missed).push_back(mutant.name);
    if (!caught && !every) break;
  }
  return tested;
}

}  // namespace racecourse::lab
