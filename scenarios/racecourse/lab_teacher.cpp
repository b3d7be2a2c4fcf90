// What an instructor asks for: marks, and proof that the exercises are what they say.
#include <fmt/core.h>
#include <racecourse/scenarios/lab/grade.h>
#include <racecourse/scenarios/lab/judge_it.h>
#include <racecourse/scenarios/lab/phrases.h>
#include <racecourse/scenarios/lab/verify.h>
#include <racecourse/scenarios/lab/workspace.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/lab.h>
#include <racecourse/scenarios/racecourse/play_game.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

namespace racecourse::command {

namespace fs = std::filesystem;
using lab::Exercise;
using lab::Part;

namespace {

constexpr std::streamsize kMostRead = 100'001;  // one more than a submission may have

// Only what lies in the folder itself: a link may lead to a file that is not the student's.
bool is_plain(const fs::path& path, bool folder) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 && (folder ? S_ISDIR(status.st_mode) : S_ISREG(status.st_mode));
}

// A file that was handed in for the exercise: as in a workspace, or the file alone.
std::optional<std::string> handed_in(const fs::path& place, const Exercise& exercise, const std::string& name) {
  for (const fs::path& folder : {place / exercise.name, place}) {
    const fs::path file = folder / name;
    if (!is_plain(folder, true) || !is_plain(file, false)) continue;
    std::ifstream stream(file, std::ios::binary);
    std::string text(static_cast<std::size_t>(kMostRead), '\0');
    stream.read(text.data(), kMostRead);
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
    return text;
  }
  return std::nullopt;
}

// Those that anybody handed in as a workspace has them.
std::vector<const Exercise*> asked_for(const GradeRequest& request) {
  if (!request.names.empty()) return lab::exercises_called(request.names);
  std::vector<const Exercise*> found;
  for (const Exercise& exercise : lab::exercises()) {
    if (std::ranges::any_of(request.submissions, [&](const std::string& place) {
          return is_plain(fs::path(place) / exercise.name / exercise.file, false);
        })) {
      found.push_back(&exercise);
    }
  }
  if (found.empty()) throw BadRequest("no exercise is handed in there; a file alone needs --labs NAME");
  return found;
}

// What was handed in, if it is more than was handed out.
std::optional<std::string> work_in(const std::string& place, const Exercise& exercise, Part part) {
  const auto read = [&](const char* name, const auto& is_work) {
    auto text = handed_in(place, exercise, name);
    if (text && !is_work(*text)) text.reset();
    return text;
  };
  switch (part) {
    case Part::mend_it:
      return handed_in(place, exercise, exercise.file);
    case Part::break_it:
      return read(lab::kScheduleFile, [](const std::string& text) { return !words_of(text).empty(); });
    case Part::judge_it:
      return read(lab::kAnswersFile, lab::has_answers);
    case Part::test_it:
      return read(lab::kTestFile, [&](const std::string& text) { return lab::has_test(exercise, text); });
  }
  return std::nullopt;
}

std::vector<Part> parts_asked_for(const GradeRequest& request, const std::vector<const Exercise*>& exercises) {
  std::vector<Part> parts;
  for (const std::string& name : request.parts) {
    const auto part = std::ranges::find(lab::kParts, name, [](Part one) { return std::string(to_string(one)); });
    if (part == std::end(lab::kParts)) {
      throw BadRequest("no part of an exercise is called \"" + name + "\"; there are mend, break, judge and test");
    }
    if (std::ranges::find(parts, *part) == parts.end()) parts.push_back(*part);
  }
  if (!request.parts.empty()) return parts;
  parts.push_back(Part::mend_it);
  for (const Part part : {Part::break_it, Part::judge_it, Part::test_it}) {
    const bool wanted = std::ranges::any_of(exercises, [&](const Exercise* exercise) {
      return std::ranges::any_of(request.submissions,
                                 [&](const std::string& place) { return work_in(place, *exercise, part).has_value(); });
    });
    if (wanted) parts.push_back(part);
  }
  return parts;
}

lab::PartResult grade_schedule(const std::string& place, const Exercise& exercise, lab::Bench& bench) {
  lab::PartResult result{Part::break_it, 0, lab::kBreakPoints, "no schedule is handed in", true};
  const auto schedule = work_in(place, exercise, Part::break_it);
  if (!schedule) return result;
  const lab::Broken broken = bench.break_it(exercise, *schedule);
  result.text = broken.text;
  result.points = broken.shown ? result.of : 0;
  return result;
}

lab::PartResult grade_answers(const std::string& place, const Exercise& exercise, const std::vector<Entry>& entries) {
  lab::PartResult result{Part::judge_it, 0, lab::kJudgePoints, "no answers are handed in", false};
  const auto answers = work_in(place, exercise, Part::judge_it);
  if (!answers) return result;
  try {
    const lab::Judgement judgement = lab::judge_it(lab::questions(exercise, entries), lab::answers_in(*answers));
    result.text = fmt::format("{} of {} right\n{}", judgement.right, judgement.asked, judgement.text);
    result.points = judgement.points();
  } catch (const BadRequest& error) {
    result.text = error.what();
  }
  return result;
}

lab::PartResult grade_test(const std::string& place, const Exercise& exercise, lab::Bench& bench) {
  lab::PartResult result{Part::test_it, 0, lab::kTestPoints, "no test is handed in", true};
  const auto test = work_in(place, exercise, Part::test_it);
  if (!test) return result;
  const lab::Tested tested = bench.test_it(exercise, *test);
  result.text = tested.text();
  result.points = tested.points();
  for (const lab::Pattern& pattern : tested.patterns) result.hints.push_back("in the test: " + pattern.hint);
  result.misconceptions = tested.misconceptions();
  return result;
}

std::string name_of(const std::string& place) {
  const fs::path path = fs::absolute(place).lexically_normal();
  return (path.has_filename() ? path.filename() : path.parent_path().filename()).string();
}

// The first line that says what is wrong: what comes before says where it is included.
std::string first_error(const std::string& reason) {
  const std::size_t error = reason.find("error: ");
  const std::size_t begin = error == std::string::npos ? 0 : reason.rfind('\n', error) + 1;
  return reason.substr(begin, reason.find('\n', begin) - begin);
}

void print_line(const lab::Submission& submission, const lab::Graded& graded) {
  std::string status, more;
  if (graded.judged) {
    status = to_string(graded.judged->status);
    if (graded.judged->status != lab::Status::checked) more = first_error(graded.judged->reason);
    if (graded.judged->status == lab::Status::checked && !graded.judged->passed()) more = "see the results";
  }
  for (const lab::PartResult& part : graded.parts) {
    more += fmt::format("{}{} {} of {}", more.empty() ? "" : "; ", to_string(part.part), part.points, part.of);
    if (part.extra) more += " extra";
  }
  fmt::print("{:<24} {:<16} {:>2} of {:<2}  {:<15} {}\n", submission.name, graded.exercise->name, graded.points(),
             graded.most_points(), status, more);
  std::fflush(stdout);
}

}  // namespace

int lab_grade(const GradeRequest& request) {
  for (const std::string& place : request.submissions) {
    if (!is_plain(place, true)) throw BadRequest(place + " is not a folder that somebody handed in");
  }
  const std::vector<const Exercise*> exercises = asked_for(request);
  const std::vector<Part> parts = parts_asked_for(request, exercises);
  const auto is_asked = [&](Part part) { return std::ranges::find(parts, part) != parts.end(); };
  const std::vector<Entry> entries = is_asked(Part::judge_it) ? load_catalogue() : std::vector<Entry>();
  if (request.unsafe) {
    fmt::print(stderr, "racecourse: warning: the code of others runs as you, with all that you may do\n");
  }
  std::optional<lab::Bench> bench;  // who only judges needs no compiler
  if (is_asked(Part::mend_it) || is_asked(Part::break_it) || is_asked(Part::test_it)) {
    bench.emplace(exercises, !request.unsafe);
    std::vector<std::string> hidden;
    for (const std::string& place : request.submissions) hidden.push_back(fs::canonical(place).string());
    bench->hide(hidden);
  }
  std::vector<lab::Submission> graded;
  for (const std::string& place : request.submissions) {
    lab::Submission submission{name_of(place), {}};
    for (const Exercise* exercise : exercises) {
      lab::Graded one{exercise, {}, {}};
      if (is_asked(Part::mend_it)) one.judged = bench->judge(*exercise, work_in(place, *exercise, Part::mend_it));
      if (is_asked(Part::break_it) && lab::can_be_broken(*exercise)) {
        one.parts.push_back(grade_schedule(place, *exercise, *bench));
      }
      if (is_asked(Part::judge_it)) one.parts.push_back(grade_answers(place, *exercise, entries));
      // Unless it is asked for, a test is something on top, and who hands in none loses nothing.
      const bool is_extra = request.parts.empty();
      if (is_asked(Part::test_it) && (!is_extra || work_in(place, *exercise, Part::test_it))) {
        one.parts.push_back(grade_test(place, *exercise, *bench));
        one.parts.back().extra = is_extra;
      }
      submission.exercises.push_back(std::move(one));
      print_line(submission, submission.exercises.back());
    }
    graded.push_back(std::move(submission));
  }
  if (!request.out.empty()) lab::write_file(request.out, lab::gradescope(graded));
  if (!request.junit.empty()) lab::write_file(request.junit, lab::junit(graded));
  if (!request.csv.empty()) lab::write_file(request.csv, lab::csv(graded));
  return 0;
}

int lab_verify(const std::vector<std::string>& names, bool texts_only, bool unsafe) {
  const std::vector<const Exercise*> exercises = lab::exercises_called(names);
  bool red = false;
  for (const std::string& language : lab::languages()) {
    for (const std::string& fault : lab::faults_of_phrases(language)) {
      fmt::print("RED {}\n", fault);
      red = true;
    }
  }
  const auto add = [&](const Exercise& exercise, const lab::Proof& proof) {
    fmt::print("{:<3} {}\n", proof.faults.empty() ? "ok" : "RED", exercise.name);
    for (const std::string& fault : proof.faults) fmt::print("    {}\n", fault);
    for (const std::string& mutant : proof.caught) fmt::print("    caught  {}\n", mutant);
    std::fflush(stdout);
    red = red || !proof.faults.empty();
  };
  if (texts_only) {
    for (const Exercise* exercise : exercises) add(*exercise, {lab::faults_of_texts(*exercise), {}});
    return red ? 1 : 0;
  }
  const std::vector<Entry> entries = load_catalogue();
  lab::Bench bench(exercises, !unsafe);
  for (const Exercise* exercise : exercises) {
    lab::Proof proof = lab::prove_code(*exercise, bench, entries);
    const std::vector<std::string> of_texts = lab::faults_of_texts(*exercise);
    proof.faults.insert(proof.faults.begin(), of_texts.begin(), of_texts.end());
    add(*exercise, proof);
  }
  return red ? 1 : 0;
}

int lab_confines() {
  const std::string problem = lab::why_not_confined();
  fmt::print("{}\n", problem.empty()
                         ? "the code of others runs as another user, in namespaces of its own, without network"
                         : "the code of others cannot be confined here: " + problem);
  return problem.empty() ? 0 : 1;
}

}  // namespace racecourse::command
