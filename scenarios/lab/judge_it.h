// "Judge it": before anything runs, the student says what may come of the code that was handed out, and which checkers
// can see its bug.
//
// What is right is not written anywhere: it is made from what the catalogue declares of the starter, which the checkers
// are held to. So the student's folder holds questions only, and a new declaration changes the answers by itself.
#pragma once

#include <racecourse/scenarios/catalogue.h>
#include <racecourse/scenarios/lab/exercise.h>

#include <map>
#include <string>
#include <vector>

namespace racecourse::lab {

inline constexpr const char* kAnswersFile = "answers.txt";
inline constexpr int kJudgePoints = 2;

struct Question {
  std::string key;                 // "data-race", "tsan"
  std::vector<std::string> right;  // any of these; the first is what is shown
  std::string reason;              // a clause, from the declarations
};

// The file to be filled in, the same for every exercise, with what is asked in the language.
std::string answers_form(const std::string& language);

// Throws std::logic_error if the catalogue does not declare the starter.
std::vector<Question> questions(const Exercise& exercise, const std::vector<catalogue::Entry>& entries);

// What was answered, by the questions' keys. Throws command::BadRequest with a clause about a line that is neither a
// question with an answer nor a remark.
std::map<std::string, std::string> answers_in(const std::string& text);
// Whether anything was filled in, right or wrong, also what is no answer.
bool has_answers(const std::string& text);

struct Judgement {
  std::size_t asked = 0, answered = 0, right = 0;
  std::string text;  // a line a question: the answer, what is right, and why

  // All right: kJudgePoints; at most two wrong: half of them.
  int points() const;
};
Judgement judge_it(const std::vector<Question>& questions, const std::map<std::string, std::string>& answers);

}  // namespace racecourse::lab
