#include <racecourse/checkers/control/confirm_message.h>
#include <racecourse/checkers/finding_json.h>

#include <nlohmann/json.hpp>

namespace racecourse::control {
namespace {

using nlohmann::json;

// Messages come from the program under test and need not be UTF-8.
std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace

std::string to_text(const ConfirmRequest& request) {
  return dump({{"test", request.test},
               {"call", request.call},
               {"token", request.token},
               {"execution", request.execution},
               {"kind", to_string(request.kind)},
               {"strategy", request.options.strategy},
               {"max_steps", request.options.max_steps},
               {"race_check", request.options.race_check},
               {"stop_at_race", request.options.stop_at_race},
               {"watchdog_seconds", request.options.watchdog_seconds},
               {"name", request.options.name},
               {"replay_command", request.options.replay_command},
               {"suppressions", request.options.suppressions},
               {"excused", request.excused},
               {"whole_trace", request.whole_trace}});
}

ConfirmRequest request_from_text(const std::string& text) {
  const json value = json::parse(text);
  ConfirmRequest request;
  request.test = value.at("test");
  request.call = value.at("call");
  request.token = value.at("token");
  request.execution = value.at("execution");
  request.kind = kind_from_json(value.at("kind"));
  request.options.strategy = value.at("strategy");
  request.options.max_steps = value.at("max_steps");
  request.options.race_check = value.at("race_check");
  request.options.stop_at_race = value.at("stop_at_race");
  request.options.watchdog_seconds = value.at("watchdog_seconds");
  request.options.name = value.at("name");
  request.options.replay_command = value.at("replay_command");
  request.options.suppressions = value.at("suppressions");
  request.excused = value.at("excused").get<decltype(request.excused)>();
  request.whole_trace = value.at("whole_trace");
  return request;
}

std::string to_text(const ConfirmAnswer& answer) {
  json value = {{"problem", answer.problem}};
  for (const report::EventLine& step : answer.steps) value["steps"].push_back({step.key, step.text});
  if (answer.problem.empty()) value["finding"] = finding_to_json<json>(answer.finding);
  return dump(value);
}

ConfirmAnswer answer_from_text(const std::string& text) {
  const json value = json::parse(text);
  ConfirmAnswer answer;
  answer.problem = value.at("problem");
  for (const json& step : value.value("steps", json::array())) answer.steps.push_back({step.at(0), step.at(1)});
  if (answer.problem.empty()) answer.finding = finding_from_json(value.at("finding"));
  return answer;
}

}  // namespace racecourse::control
