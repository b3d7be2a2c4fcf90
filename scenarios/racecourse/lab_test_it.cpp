// The student's own test, tried on code of which it is known whether it is right.
#include <fmt/core.h>
#include <racecourse/scenarios/lab/phrases.h>
#include <racecourse/scenarios/lab/test_it.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/lab.h>
#include <racecourse/scenarios/racecourse/lab_build.h>

#include <filesystem>

namespace racecourse::command {

namespace fs = std::filesystem;
using lab::Exercise;
using lab::Workspace;
namespace phrase = lab::phrase;

namespace {

// False if the test is wrong about the code: it should be green if that is right, and only then.
bool try_on(const Workspace& workspace, const Exercise& exercise, Code code, bool right) {
  const char* name = code == Code::mine ? "your_code" : "code_as_it_was";
  const auto say = [&](const char* english, const auto&... arguments) {
    return lab::said_in(workspace.language(), english, arguments...);
  };
  const Built built = build_test(workspace, exercise, code);
  if (!built.errors.empty()) {
    const std::string with = say(code == Code::mine ? phrase::kYourCode : phrase::kCodeAsItWas);
    print_row(false, "test it", name, say(phrase::kTestBuilding, with));
    fmt::print("{}", built.errors);
    return false;
  }
  const lab::Outcome outcome = lab::run_test(built.program.string(), exercise, check_job(workspace), {"--narrow"});
  if (!outcome.problem.empty()) {
    print_row(false, "test it", name, say(phrase::kNoVerdict, outcome.problem));
    return false;
  }
  const bool agrees = outcome.passed == right;
  if (outcome.passed) {
    print_row(agrees, "test it", name, right ? say(phrase::kTestGreen) : say(phrase::kTestMisses));
  } else {
    const std::string found = outcome.kind + ": " + outcome.message;
    print_row(agrees, "test it", name, say(right ? phrase::kTestFlags : phrase::kTestCatches, found));
  }
  if (!agrees && !outcome.picture.empty()) {
    fmt::print("\n{}\n", outcome.picture.substr(0, outcome.picture.find("\nreplay: ")));
  }
  return agrees;
}

}  // namespace

bool check_test(Workspace& workspace, const Exercise& exercise, bool green) {
  const fs::path folder = workspace.folder() / exercise.name;
  if (!fs::exists(folder / lab::kRunTestFile) || !fs::exists(folder / lab::kTestFile)) return true;
  if (!lab::has_test(exercise, lab::read_file(folder / lab::kTestFile))) return true;
  fmt::print("\n");
  const bool of_mine = try_on(workspace, exercise, Code::mine, green);
  const bool of_handed_out = try_on(workspace, exercise, Code::handed_out, false);
  // Whether it is green for right code is not known before there is some.
  workspace.progress_of(exercise.name).tested = green && of_mine && of_handed_out;
  workspace.save();
  return of_mine && of_handed_out;
}

}  // namespace racecourse::command
