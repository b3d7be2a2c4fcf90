#include <fmt/core.h>
#include <racecourse/scenarios/lab/judge_it.h>
#include <racecourse/scenarios/lab/paragraph.h>
#include <racecourse/scenarios/lab/phrases.h>
#include <racecourse/scenarios/racecourse/cells.h>
#include <racecourse/scenarios/racecourse/line_diff.h>

#include <algorithm>
#include <stdexcept>

namespace racecourse::lab {
namespace {

using catalogue::Checker;
using catalogue::Entry;
using catalogue::Expectation;
using command::BadRequest;
using Says = Expectation::Says;

constexpr std::size_t kMostWrongForHalf = 2;

struct Ending {
  Kind kind;
  const char* in_words;
};
// What the starters of the course lead to.
constexpr Ending kEndings[] = {
    {Kind::data_race, phrase::kDataRace},     {Kind::assertion, phrase::kAssertion},
    {Kind::exception, phrase::kException},    {Kind::deadlock, phrase::kDeadlock},
    {Kind::lost_wakeup, phrase::kLostWakeup},
};

struct Seer {
  Checker checker;
  const char* in_words;
};
constexpr Seer kSeers[] = {
    {Checker::explore, phrase::kExplore},
    {Checker::tsan, phrase::kTsan},
    {Checker::property, phrase::kProperty},
    {Checker::relacy, phrase::kRelacy},
};

bool names_kinds(const Expectation& expectation) {
  return expectation.says == Says::finding || expectation.says == Says::may_find;
}

Question question_about(Kind kind, const Entry& entry) {
  Question question{racecourse::to_string(kind), {"no"}, "no checker is declared to find it"};
  std::string finders;
  bool may_come_along = false;
  for (const Seer& seer : kSeers) {
    const Expectation declared = command::expectation(entry, seer.checker);
    if (!names_kinds(declared)) continue;
    if (declared.kind == kind) finders += (finders.empty() ? "" : ", ") + std::string(to_string(seer.checker));
    may_come_along = may_come_along || std::ranges::find(declared.allowed, kind) != declared.allowed.end();
  }
  if (!finders.empty()) {
    question.right = {"yes"};
    question.reason = "it is what is found by " + finders;
  } else if (may_come_along) {
    question.right = {"yes", "no"};
    question.reason = "it may come along with what is found, and need not";
  }
  return question;
}

Question question_about(Checker checker, const Entry& entry) {
  const Expectation declared = command::expectation(entry, checker);
  const std::string because = declared.reason.empty() ? "" : ": " + declared.reason;
  switch (declared.says) {
    case Says::finding:
      return {to_string(checker),
              {"yes"},
              fmt::format("{} is what it finds", racecourse::to_string(declared.kind)) + because};
    case Says::may_find:
      return {to_string(checker), {"sometimes"}, std::string(racecourse::to_string(declared.kind)) + because};
    default:
      return {to_string(checker), {"no"}, declared.reason.empty() ? "it finds nothing" : declared.reason};
  }
}

bool is_key(const std::string& word) {
  return std::ranges::any_of(kEndings, [&](const Ending& one) { return word == racecourse::to_string(one.kind); }) ||
         std::ranges::any_of(kSeers, [&](const Seer& one) { return word == to_string(one.checker); });
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

std::string answers_form(const std::string& language) {
  const auto remark = [&](const char* text) { return wrapped("# " + said_in(language, text), kTerminal, "# "); };
  std::string form = remark(phrase::kJudgeForm) + remark(phrase::kYesOrNo);
  for (const Ending& one : kEndings) {
    form += fmt::format("\n{}{}:\n", remark(one.in_words), racecourse::to_string(one.kind));
  }
  form += "\n" + remark(phrase::kCheckers);
  for (const Seer& one : kSeers) form += fmt::format("\n{}{}:\n", remark(one.in_words), to_string(one.checker));
  return form;
}

std::vector<Question> questions(const Exercise& exercise, const std::vector<Entry>& entries) {
  const auto entry = std::ranges::find_if(
      entries, [&](const Entry& one) { return one.scenario == exercise.primitive && one.variant == exercise.starter; });
  if (entry == entries.end()) throw std::logic_error("the catalogue does not declare the starter of " + exercise.name);
  std::vector<Question> all;
  for (const Ending& one : kEndings) all.push_back(question_about(one.kind, *entry));
  for (const Seer& one : kSeers) all.push_back(question_about(one.checker, *entry));
  return all;
}

std::map<std::string, std::string> answers_in(const std::string& text) {
  std::map<std::string, std::string> answers;
  std::size_t number = 0;
  for (const std::string& whole : command::lines_of(text)) {
    ++number;
    const std::string line = trimmed(whole.substr(0, whole.find('#')));
    if (line.empty()) continue;
    const std::size_t colon = line.find(':');
    const std::string key = trimmed(line.substr(0, colon));
    const std::string answer = colon == std::string::npos ? "" : trimmed(line.substr(colon + 1));
    const bool is_answer = answer.empty() || answer == "yes" || answer == "no" || answer == "sometimes";
    if (colon == std::string::npos || !is_key(key) || !is_answer) {
      throw BadRequest(fmt::format("line {} of {} is no answer: say as in \"deadlock: no\", with yes, no or sometimes",
                                   number, kAnswersFile));
    }
    if (!answer.empty()) answers[key] = answer;
  }
  return answers;
}

bool has_answers(const std::string& text) {
  try {
    return !answers_in(text).empty();
  } catch (const BadRequest&) {
    return true;
  }
}

int Judgement::points() const {
  if (right == asked) return kJudgePoints;
  return asked - right <= kMostWrongForHalf ? kJudgePoints / 2 : 0;
}

Judgement judge_it(const std::vector<Question>& questions, const std::map<std::string, std::string>& answers) {
  Judgement judgement;
  for (const Question& question : questions) {
    ++judgement.asked;
    const auto answer = answers.find(question.key);
    const bool answered = answer != answers.end();
    const bool is_right = answered && std::ranges::find(question.right, answer->second) != question.right.end();
    judgement.answered += answered;
    judgement.right += is_right;
    const std::string truth = question.right.size() > 1 ? "either" : question.right.front();
    const std::string row = fmt::format("  {:<4} {:<12} you: {:<10} it is: {:<10} ", is_right ? "ok" : "NO",
                                        question.key, answered ? answer->second : "-", truth);
    judgement.text += row + wrapped(question.reason, kTerminal, std::string(row.size(), ' '), row.size());
  }
  return judgement;
}

}  // namespace racecourse::lab
