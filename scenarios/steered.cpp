#include <racecourse/scenarios/steered.h>
#include <unistd.h>

#include <exception>
#include <iostream>

namespace racecourse::catalogue {
namespace {

Answer answer_to(const Question& question, Steering& steering) {
  switch (question.is) {
    case Question::Is::after:
      return {.position = steering.after(question.turns)};
    case Question::Is::run_on:
      return {.position = steering.run_on(question.turns)};
    case Question::Is::toward:
      return {.hint = steering.toward(question.token, question.turns)};
    case Question::Is::replay:
      return {.finding = steering.replay(question.token)};
  }
  return {};
}

bool tell(int fd, const Answer& answer) {
  std::string line = dump(to_json(answer)) + "\n";
  for (std::string_view rest = line; !rest.empty();) {
    const ssize_t written = write(fd, rest.data(), rest.size());
    if (written <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

int serve_steering(const std::function<void()>& body, const Options& options, int result_fd) {
  Steering steering(body, options);
  if (!tell(result_fd, {})) return 1;
  for (std::string line; std::getline(std::cin, line);) {
    Answer answer;
    try {
      answer = answer_to(question_from_json(Json::parse(line)), steering);
    } catch (const std::exception& error) {
      answer = {.error = error.what()};
    }
    if (!tell(result_fd, answer)) return 1;
  }
  return 0;
}

}  // namespace racecourse::catalogue
