// Repositories for a course: one to hand out, and one with what is not.
#include <fmt/core.h>
#include <racecourse/scenarios/lab/judge_it.h>
#include <racecourse/scenarios/lab/test_it.h>
#include <racecourse/scenarios/lab/verify.h>
#include <racecourse/scenarios/lab/view.h>
#include <racecourse/scenarios/lab/workspace.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/lab.h>

#include <filesystem>

namespace racecourse::command {

namespace fs = std::filesystem;
using lab::Exercise;

int lab_export(const std::string& folder, const std::vector<std::string>& names, const std::string& language,
               const std::string& command) {
  const std::vector<const Exercise*> exercises = lab::exercises_called(names);
  for (const Exercise* exercise : exercises) {
    const std::vector<std::string> faults = lab::faults_of_texts(*exercise);
    if (!faults.empty()) throw BadRequest(faults.front());
  }
  const fs::path place(folder);
  if (fs::exists(place / "instructor")) throw BadRequest((place / "instructor").string() + " is there already");
  lab::Workspace::start(place / "student", names, language);
  std::string readme = fmt::format(
      "# For the instructor\n\nNever hand this folder out. `{0} lab verify` proves the exercises on your machine; "
      "`./grade SUBMISSION...` marks\nwhat was handed in, and writes results.json, junit.xml and class.csv.\n`tests` "
      "holds for each exercise a test "
      "that catches every mutant; a student's brings up to {1} points on top.\n",
      command, lab::kTestPoints);
  std::string labs;
  const std::vector<Entry> entries = load_catalogue();
  for (const Exercise* exercise : exercises) {
    const lab::Texts texts = lab::texts_in(*exercise, language);
    labs += (labs.empty() ? "" : ",") + exercise->name;
    readme +=
        fmt::format("\n## {}: {}\n\nTeaches: {}. Belongs to: {}. Difficulty {} of 5, {} points.\n\n", exercise->name,
                    texts.title, exercise->teaches, exercise->note, exercise->difficulty, lab::most_points(*exercise));
    for (const std::string& hint : texts.hints) readme += "- hint: " + hint + "\n";
    readme += fmt::format("\n{}\n\nTo remember: {}\n\nTo be judged:", texts.explanation, texts.rule);
    for (const lab::Question& question : lab::questions(*exercise, entries)) {
      const bool either = question.right.size() > 1;
      readme +=
          fmt::format("\n- {}: {} ({})", question.key, either ? "either" : question.right.front(), question.reason);
    }
    readme += "\n";
    const fs::path solutions = place / "instructor" / "solutions" / exercise->name;
    lab::write_file(solutions / exercise->file, lab::reference_text(*exercise));
    lab::write_file(place / "instructor" / "tests" / exercise->name / lab::kTestFile,
                    lab::test_reference_text(*exercise));
    for (const auto& [name, text] : lab::mutants_of(*exercise)) {
      lab::write_file(place / "instructor" / "mutants" / exercise->name / name / exercise->file, text);
    }
  }
  lab::write_file(place / "instructor" / "README.md", readme);
  const fs::path script = place / "instructor" / "grade";
  lab::write_file(script, "#!/bin/sh\nexec " + command + " lab grade \"$@\" --labs " + labs +
                              " --out results.json --junit junit.xml --csv class.csv\n");
  fs::permissions(script, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                  fs::perm_options::add);
  fmt::print("{} is to be handed out; {} is not\n", (place / "student").string(), (place / "instructor").string());
  return 0;
}

}  // namespace racecourse::command
