#include <racecourse/checkers/finding_json.h>
#include <racecourse/scenarios/steered.h>

#include <array>
#include <stdexcept>

namespace racecourse::catalogue {
namespace {

template <class Enum, std::size_t kCount>
struct Names {
  std::array<const char*, kCount> of;
  const char* to_text(Enum value) const { return of[static_cast<std::size_t>(value)]; }
  Enum from_text(const std::string& text) const {
    for (std::size_t i = 0; i < kCount; ++i) {
      if (text == of[i]) return static_cast<Enum>(i);
    }
    throw std::runtime_error("not understood: " + text);
  }
};
constexpr Names<Question::Is, 4> kQuestions{{"after", "run-on", "toward", "replay"}};
constexpr Names<Stand::Is, 4> kStands{{"able", "timed", "waiting", "ended"}};

Json to_json(const Turn& turn) { return {turn.thread, turn.answer}; }
Turn turn_from_json(const Json& json) { return {json.at(0).get<int>(), json.at(1).get<std::uint32_t>()}; }

Json to_json(const Position& position) {
  Json threads = Json::array(), steps = Json::array(), variables = Json::array();
  for (const Stand& stand : position.threads) {
    threads.push_back({{"thread", stand.thread},
                       {"title", stand.title},
                       {"is", kStands.to_text(stand.is)},
                       {"next", stand.next},
                       {"where", stand.where},
                       {"code", stand.code},
                       {"alternatives", stand.alternatives}});
  }
  for (const Step& step : position.steps) {
    steps.push_back({{"thread", step.thread}, {"what", step.what}, {"where", step.where}, {"repeat", step.repeat}});
  }
  for (const Variable& variable : position.variables) {
    variables.push_back({{"name", variable.name}, {"value", variable.value}});
  }
  Json json{{"threads", threads},    {"steps", steps},          {"variables", variables},
            {"over", position.over}, {"token", position.token}, {"problem", position.problem}};
  if (position.finding) json["finding"] = finding_to_json<Json>(*position.finding);
  return json;
}

Position position_from_json(const Json& json) {
  Position position;
  for (const Json& stand : json.at("threads")) {
    position.threads.push_back({stand.at("thread"), stand.at("title"), kStands.from_text(stand.at("is")),
                                stand.at("next"), stand.at("where"), stand.at("code"), stand.at("alternatives")});
  }
  for (const Json& step : json.at("steps")) {
    position.steps.push_back({step.at("thread"), step.at("what"), step.at("where"), step.at("repeat")});
  }
  for (const Json& variable : json.at("variables")) {
    position.variables.push_back({variable.at("name"), variable.at("value")});
  }
  position.over = json.at("over");
  position.token = json.at("token");
  position.problem = json.at("problem");
  if (json.contains("finding")) position.finding = finding_from_json(json.at("finding"));
  return position;
}

}  // namespace

Json to_json(const Question& question) {
  Json turns = Json::array();
  for (const Turn& turn : question.turns) turns.push_back(to_json(turn));
  return {{"is", kQuestions.to_text(question.is)}, {"turns", turns}, {"token", question.token}};
}

Question question_from_json(const Json& json) {
  Question question;
  question.is = kQuestions.from_text(json.at("is"));
  for (const Json& turn : json.at("turns")) question.turns.push_back(turn_from_json(turn));
  question.token = json.at("token");
  return question;
}

Json to_json(const Answer& answer) {
  Json json = Json::object();
  if (answer.position) json["position"] = to_json(*answer.position);
  if (answer.finding) json["finding"] = finding_to_json<Json>(*answer.finding);
  if (answer.hint) {
    json["hint"] = {{"undo", answer.hint->undo}, {"next", to_json(answer.hint->next)}, {"left", answer.hint->left}};
  }
  if (!answer.error.empty()) json["error"] = answer.error;
  return json;
}

Answer answer_from_json(const Json& json) {
  Answer answer;
  if (json.contains("position")) answer.position = position_from_json(json.at("position"));
  if (json.contains("finding")) answer.finding = finding_from_json(json.at("finding"));
  if (json.contains("hint")) {
    const Json& hint = json.at("hint");
    answer.hint = Hint{hint.at("undo"), turn_from_json(hint.at("next")), hint.at("left")};
  }
  answer.error = json.value("error", "");
  return answer;
}

}  // namespace racecourse::catalogue
