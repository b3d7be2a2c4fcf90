// Steering one body from another process: the racecourse command asks; racecourse-explore runs a body of the catalogue,
// the program of an exercise of the lab that of a check.
//
// A conversation in lines of JSON. Each question is a Question, each answer an Answer; the first answer comes unasked,
// when the body is ready to be steered.
#pragma once

#include <racecourse/checkers/steer.h>
#include <racecourse/scenarios/json.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace racecourse::catalogue {

struct Question {
  enum class Is { after, run_on, toward, replay } is = Is::after;  // a function of racecourse::Steering
  std::vector<Turn> turns = {};
  std::string token = {};
};

struct Answer {
  std::optional<Position> position = {};  // of after and run_on
  std::optional<Hint> hint = {};
  std::optional<Finding> finding = {};  // of replay
  std::string error = {};               // one sentence: nothing else is told
};

Json to_json(const Question& question);
Question question_from_json(const Json& json);
Json to_json(const Answer& answer);
Answer answer_from_json(const Json& json);

// Answers questions about `body` that come on standard input until it ends.
int serve_steering(const std::function<void()>& body, const Options& options, int result_fd);

}  // namespace racecourse::catalogue
