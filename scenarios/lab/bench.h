// Where files are built and checked that the kit does not trust: the tests, the headers and the build are the kit's; of
// whoever handed in, only the one file of the exercise is taken.
//
// How one file is judged
//   1  its text is scanned (scan.h);
//   2  it is compiled alone, and the object is scanned;
//   3  it is compiled with the checks, and linked;
//   4  each check runs in a process of its own, which must answer with the nonce of that run (running.h).
// 2 to 4 are confined (process.h), unless the caller said that they need not be. The program that 4 runs is out of its
// own reach: it lies in a folder that is not writable there.
//
// Nothing that comes out depends on the machine's speed, on its load, on where the bench stands or on the time.
#pragma once

#include <racecourse/scenarios/lab/break_it.h>
#include <racecourse/scenarios/lab/exercise.h>
#include <racecourse/scenarios/lab/own_folder.h>
#include <racecourse/scenarios/lab/running.h>
#include <racecourse/scenarios/lab/scan.h>
#include <racecourse/scenarios/lab/test_it.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace racecourse::lab {

enum class Status {
  checked,    // it was built, and `results` holds a result for each check that ran
  missing,    // there is no file
  empty,      // there is nothing in it
  unchanged,  // it is the starter
  refused,    // see scan.h
  does_not_build,
};
const char* to_string(Status status);  // "checked", "does-not-build", ...

struct Result {
  const Check* check = nullptr;
  bool ran = false;  // false: a rung below failed
  Outcome outcome;
};

struct Judged {
  Status status = Status::missing;
  std::string reason;           // of all but `checked`: one clause, or what the compiler said
  std::vector<Result> results;  // one for each check, in order
  std::vector<Pattern> patterns;

  bool passed(Rung rung) const;  // it ran, and all of that rung passed
  bool passed() const;
  int points(const Exercise& exercise) const;
};

class Bench {
 public:
  // Prepares the build. Throws command::BadRequest if the kit itself cannot be built here, or if `confined` and the
  // machine cannot confine.
  Bench(const std::vector<const Exercise*>& exercises, bool confined);

  // Folders that the code under test shall not see: those of other submissions.
  void hide(std::vector<std::string> folders) { hidden_ = std::move(folders); }

  // `text` unset: there was no file. `every`: go on after a rung that failed, as the meta-check wants. An unchanged
  // starter is judged like any other text if `every` is set.
  Judged judge(const Exercise& exercise, const std::optional<std::string>& text, bool every = false);

  // Whether the schedule shows the bug of the starter, which is built once.
  Broken break_it(const Exercise& exercise, const std::string& schedule);

  // What a student's test says of the reference and of each mutant. It shares no folder with their texts when it runs,
  // and nothing of what it prints or finds there leaves this function but the kind and the line.
  // `every`: go on after a mutant that is missed.
  Tested test_it(const Exercise& exercise, const std::string& text, bool every = true);

 private:
  struct Commands {
    std::vector<std::string> compile, link;  // up to what they compile and link
  };
  Commands commands_of(const Exercise& exercise) const;
  // Empty: `folder`/checks is built. Otherwise what the compiler said, or "refused: " and a clause.
  std::string build(const Exercise& exercise, const std::string& text, const std::filesystem::path& folder);
  // Of sources that are there: alone.cpp is what is scanned as an object, `source` becomes the program.
  std::string build(const Exercise& exercise, const std::filesystem::path& folder, const std::string& source);
  std::string build_test(const Exercise& exercise, const std::string& variant, const std::string& test,
                         const std::filesystem::path& folder);
  // Builds the test with a variant of the code and runs it. Empty and `outcome`: it ran. Otherwise as build().
  std::string try_test(const Exercise& exercise, const std::string& variant, const std::string& test, Outcome& outcome);
  Job confined_job(const std::filesystem::path& folder) const;
  Job check_job(const std::filesystem::path& folder) const;
  std::filesystem::path fresh_folder(const char* name);

  OwnFolder place_;
  bool confined_;
  std::vector<std::string> hidden_;
  std::map<std::string, Commands> commands_;
  std::map<std::string, std::filesystem::path> starters_;  // the folders that they are built in
  unsigned folders_ = 0;
};

}  // namespace racecourse::lab
