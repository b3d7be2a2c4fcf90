#include <racecourse/scenarios/lab/judge_it.h>
#include <racecourse/scenarios/lab/phrases.h>
#include <racecourse/scenarios/lab/verify.h>
#include <racecourse/scenarios/lab/view.h>
#include <racecourse/scenarios/lab/workspace.h>
#include <racecourse/scenarios/racecourse/line_diff.h>

#include <algorithm>
#include <cctype>
#include <functional>

namespace racecourse::lab {
namespace {

// Shorter ones ("}", "else {") say nothing.
constexpr std::size_t kTellingLine = 16;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first);
}

// What a student's tree must not hold.
std::vector<std::string> traces_of(const Exercise& exercise) {
  std::vector<std::string> traces{"// BUG", "Broken:", exercise.starter};
  if (exercise.starter_symbol != exercise.symbol) traces.push_back(exercise.starter_symbol);
  for (const std::string& mutant : exercise.mutants) traces.push_back(mutant.substr(0, mutant.find(' ')));
  for (const Edit& edit : exercise.edits) {
    if (edit.to.size() >= kTellingLine) traces.push_back(trimmed(edit.to));
  }
  // A right variant among the mutants is one that lacks something; it may be called by a common word.
  std::erase_if(traces, [](const std::string& trace) { return trace == "locked"; });
  for (const std::string& language : languages()) {
    const Texts texts = texts_in(exercise, language);
    traces.insert(traces.end(), texts.hints.begin(), texts.hints.end());
    traces.push_back(texts.explanation);
    traces.push_back(texts.rule);
  }
  using command::DiffLine, command::lines_of;
  for (const DiffLine& line : command::diff(lines_of(starter_text(exercise)), lines_of(reference_text(exercise)))) {
    const std::string code = trimmed(line.text);
    if (line.is == DiffLine::Is::added && code.size() >= kTellingLine && !code.starts_with("#include"))
      traces.push_back(code);
  }
  // What the reference test asks; what it does is often what the checks do.
  for (const std::string& line : lines_of(test_reference_text(exercise))) {
    if (line.find("assert(") != std::string::npos) traces.push_back(trimmed(line));
  }
  std::erase(traces, "");
  return traces;
}

// However its lines are broken.
bool holds(const std::string& text, const std::string& trace) {
  const auto bare = [](std::string one) {
    std::erase_if(one, [](unsigned char c) { return std::isspace(c) != 0; });
    return one;
  };
  return bare(text).find(bare(trace)) != std::string::npos;
}

void check_texts(const Exercise& exercise, const std::string& language, std::vector<std::string>& faults) {
  const Texts texts = texts_in(exercise, language);
  const std::string of = exercise.name + " (" + language + ")";
  if (texts.hints.size() != 3) faults.push_back(of + " has not three hints");
  const bool lacks = texts.title.empty() || texts.story.empty() || texts.explanation.empty() || texts.rule.empty() ||
                     std::ranges::find(texts.hints, "") != texts.hints.end();
  if (lacks) faults.push_back(of + " lacks a text");
  if (texts.story == exercise.texts.story) return;  // English
  for (const Check& check : exercise.checks) {
    if (said_in(language, check.asks) == check.asks) faults.push_back(of + " lacks what " + check.name + " asks");
  }
}

// Which checks failed, and with what.
std::string told(const Judged& judged) {
  if (judged.status != Status::checked) return std::string(to_string(judged.status)) + ": " + judged.reason;
  std::string text;
  for (const Result& result : judged.results) {
    const Outcome& outcome = result.outcome;
    if (!outcome.passed) {
      text += (text.empty() ? "" : ", ") + result.check->name + " " +
              (outcome.problem.empty() ? outcome.kind : outcome.problem);
    }
  }
  return text.empty() ? std::string("every check passes") : text;
}

using Fault = std::function<void(const std::string& clause)>;

void prove_break(const Exercise& exercise, const Judged& starter, Bench& bench, const Fault& fault) {
  const std::string check = goal_of(exercise).check;
  const auto found =
      std::ranges::find_if(starter.results, [&](const Result& result) { return result.check->name == check; });
  if (found == starter.results.end() || found->outcome.token.empty()) {
    fault("no schedule is known that breaks the starter");
    return;
  }
  const Broken by_token = bench.break_it(exercise, found->outcome.token);
  if (!by_token.shown) fault("the schedule that the search has found does not break the starter: " + by_token.text);
}

void prove_questions(const Exercise& exercise, const std::vector<catalogue::Entry>& entries, const Fault& fault) {
  const std::vector<Question> all = questions(exercise, entries);
  const std::string kind = racecourse::to_string(goal_of(exercise).kind);
  const auto asked = std::ranges::find(all, kind, &Question::key);
  if (asked == all.end()) {
    fault("nobody is asked whether a " + kind + " is possible");
  } else if (asked->right.front() != "yes") {
    fault("the starter fails with a " + kind + ", which the catalogue does not declare of it");
  }
}

void prove_test(const Exercise& exercise, Bench& bench, const Fault& fault) {
  const Tested reference = bench.test_it(exercise, test_reference_text(exercise));
  if (!reference.problem.empty()) fault("the reference test is none: " + reference.problem);
  for (const std::string& mutant : reference.missed) fault("the reference test does not catch " + mutant);
  const Tested starter = bench.test_it(exercise, test_starter_text(exercise), false);
  if (!starter.problem.empty()) fault("the test that is handed out is none: " + starter.problem);
  if (starter.problem.empty() && starter.missed.empty())
    fault("the test that is handed out catches all there is to catch");
}

}  // namespace

std::vector<std::string> faults_of_texts(const Exercise& exercise) {
  std::vector<std::string> faults;
  for (const std::string& language : languages()) check_texts(exercise, language, faults);
  if (exercise.note.empty() || exercise.teaches.empty())
    faults.push_back(exercise.name + " does not say what it teaches");
  std::vector<File> files;
  for (const std::string& language : languages()) {
    for (File& file : files_of(exercise, language)) files.push_back(std::move(file));
    for (File& file : common_files({&exercise}, language)) files.push_back(std::move(file));
  }
  // The same line may stand elsewhere in the starter: the solution often repeats what is there.
  for (const std::string& trace : traces_of(exercise)) {
    for (const File& file : files) {
      if (holds(file.text, trace) && !holds(starter_text(exercise), trace)) {
        faults.push_back(file.path + " holds \"" + trace + "\", which belongs to the solution");
      }
    }
  }
  for (const char* mark : {"// BUG", "Broken:"}) {
    if (holds(starter_text(exercise), mark)) faults.push_back(exercise.file + " holds \"" + mark + "\"");
  }
  return faults;
}

Proof prove_code(const Exercise& exercise, Bench& bench, const std::vector<catalogue::Entry>& entries) {
  Proof proof;
  const auto fault = [&](const std::string& clause) { proof.faults.push_back(exercise.name + ": " + clause); };
  const Judged starter = bench.judge(exercise, starter_text(exercise), true);
  const std::string fails = told(starter);
  if (fails.substr(0, fails.find(',')) != exercise.fails) {
    fault("the starter is declared to fail in \"" + exercise.fails + "\", but: " + fails);
  }
  const Judged reference = bench.judge(exercise, reference_text(exercise), true);
  if (!reference.passed()) fault("the reference does not pass: " + told(reference));
  const std::vector<Mutant> mutants = mutants_of(exercise);
  for (const auto& [name, text] : mutants) {
    const Judged judged = bench.judge(exercise, text, true);
    if (judged.status != Status::checked || judged.passed()) {
      fault("the mutant " + name + " is not caught: " + told(judged));
    } else {
      proof.caught.push_back(name + ": " + told(judged));
    }
  }
  if (mutants.empty()) fault("there is no mutant");
  prove_test(exercise, bench, fault);
  if (can_be_broken(exercise)) prove_break(exercise, starter, bench, fault);
  prove_questions(exercise, entries, fault);
  return proof;
}

}  // namespace racecourse::lab
