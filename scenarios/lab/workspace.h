// A student's folder: what is in it, and how far the student is.
//
//   DIR/CMakeLists.txt            builds every exercise against an installed Racecourse
//   DIR/README.md                 how to go on
//   DIR/.gitignore                what is not to be handed in
//   DIR/contracts/racecourse/...  what each primitive promises
//   DIR/NAME/STORY.md             the story
//   DIR/NAME/my_account.h         the code to mend
//   DIR/NAME/checks.cpp           the checks, to be read
//   DIR/NAME/test.cpp             a test to write, if one likes; see test_it.h
//   DIR/NAME/run_test.cpp         what makes a program of it
//   DIR/NAME/answers.txt          what the student judges, see judge_it.h
//   DIR/NAME/schedule.txt         the schedule that shows the bug, once there is one; see break_it.h
//   DIR/.racecourse-lab.json      how far the student is
//   DIR/.racecourse-last.json     the last check that failed
// Nothing here holds a hint, an explanation, a reference or the name of a fault: those stay in the command.
#pragma once

#include <racecourse/scenarios/lab/exercise.h>

#include <filesystem>
#include <string>
#include <vector>

namespace racecourse::lab {

struct Progress {
  std::string name;
  bool done = false;
  bool skipped = false;
  unsigned hints = 0;   // how many were asked for
  bool broke = false;   // a schedule has shown the bug
  bool judged = false;  // has been told what was right of the answers
  bool tested = false;  // the own test is green for right code, and not for what was handed out
};

class Workspace {
 public:
  // The one that `folder` is in. Throws command::BadRequest if there is none.
  static Workspace find(const std::filesystem::path& folder);
  // Makes one. Throws command::BadRequest if the folder is there and not empty, or an exercise is unknown.
  static Workspace start(const std::filesystem::path& folder, const std::vector<std::string>& names,
                         const std::string& language);

  const std::filesystem::path& folder() const { return folder_; }
  const std::string& language() const { return language_; }
  const std::vector<Progress>& progress() const { return progress_; }
  Progress& progress_of(const std::string& name);
  bool has(const std::string& name) const;

  // The first that is neither done nor skipped; then the first that is skipped. Null: all are done.
  const Exercise* current() const;

  std::filesystem::path file_of(const Exercise& exercise) const { return folder_ / exercise.name / exercise.file; }

  void save() const;

 private:
  std::filesystem::path folder_;
  std::string language_ = "en";
  std::vector<Progress> progress_;
};

// The files of one exercise, and those of the folder, by their paths in it: what start() writes, and what a course's
// repositories are made of.
struct File {
  std::string path, text;
};
std::vector<File> files_of(const Exercise& exercise, const std::string& language);
// Of those the ones that are built.
std::vector<File> built_files_of(const Exercise& exercise);
std::vector<File> common_files(const std::vector<const Exercise*>& exercises, const std::string& language);

// Throws command::BadRequest with a sentence if it cannot be written.
void write_file(const std::filesystem::path& file, const std::string& text);
std::string read_file(const std::filesystem::path& file);

// "a", "b" or all of them, in the order of the course. Throws command::BadRequest for an unknown one.
std::vector<const Exercise*> exercises_called(const std::vector<std::string>& names);

}  // namespace racecourse::lab
