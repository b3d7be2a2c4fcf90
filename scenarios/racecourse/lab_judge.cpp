// What the student has judged, and what is right.
#include <fmt/core.h>
#include <racecourse/scenarios/lab/judge_it.h>
#include <racecourse/scenarios/lab/paragraph.h>
#include <racecourse/scenarios/lab/phrases.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/lab.h>
#include <racecourse/scenarios/racecourse/lab_build.h>

#include <filesystem>
#include <map>
#include <string>

namespace racecourse::command {

namespace fs = std::filesystem;
using lab::Exercise;
using lab::Workspace;
namespace phrase = lab::phrase;

namespace {

fs::path answers_of(const Workspace& workspace, const Exercise& exercise) {
  return workspace.folder() / exercise.name / lab::kAnswersFile;
}

using Answers = std::map<std::string, std::string>;

Answers answers_in(const fs::path& file) { return lab::answers_in(lab::read_file(file)); }

lab::Judgement judgement_of(const Exercise& exercise, const Answers& answers) {
  return lab::judge_it(lab::questions(exercise, load_catalogue()), answers);
}

void print_truth(const lab::Judgement& judgement, const std::string& language) {
  fmt::print("\n{}\n{}", lab::said_in(language, phrase::kJudged, judgement.right, judgement.asked), judgement.text);
}

}  // namespace

void show_judgement(Workspace& workspace, const Exercise& exercise, const std::string& command) {
  const Answers answers = answers_in(answers_of(workspace, exercise));
  if (answers.empty()) return;
  const lab::Judgement judgement = judgement_of(exercise, answers);
  lab::Progress& progress = workspace.progress_of(exercise.name);
  const std::string& language = workspace.language();
  if (judgement.answered < judgement.asked) {
    fmt::print("\n{}", lab::wrapped(lab::said_in(language, phrase::kJudgedSome, judgement.answered, judgement.asked)));
  } else if (progress.judged) {
    fmt::print("\n{}", lab::wrapped(lab::said_in(language, phrase::kJudgedBefore, judgement.right, judgement.asked,
                                                 fmt::format("{} lab judge {}", command, exercise.name))));
  } else {
    print_truth(judgement, language);
    progress.judged = true;
    workspace.save();
  }
}

int lab_judge(const std::string& name, const std::string& command) {
  const Workspace workspace = Workspace::find(fs::current_path());
  const Exercise& exercise = meant(workspace, name);
  const fs::path file = answers_of(workspace, exercise);
  if (!fs::exists(file)) lab::write_file(file, lab::answers_form(workspace.language()));
  const lab::Judgement judgement = judgement_of(exercise, answers_in(file));
  if (judgement.answered == judgement.asked) {
    print_truth(judgement, workspace.language());
    return judgement.right == judgement.asked ? 0 : 1;
  }
  fmt::print("{}",
             lab::wrapped(lab::said_in(workspace.language(), phrase::kToBeAnswered, judgement.answered, judgement.asked,
                                       fs::proximate(file, fs::current_path()).string(), command + " lab check")));
  return 1;
}

}  // namespace racecourse::command
