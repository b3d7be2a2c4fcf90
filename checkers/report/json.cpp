#include <racecourse/checkers/report/json.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace racecourse::report {
namespace {

Kind kind_of(const nlohmann::json& json) {
  const std::string name = json.get<std::string>();
  if (const std::optional<Kind> kind = kind_from_string(name)) return *kind;
  throw std::invalid_argument("finding: \"" + name + "\" is not a kind of finding");
}

// Source text and messages may hold any bytes; JSON must be UTF-8, or writing it throws.
std::string utf8(const std::string& text) {
  const nlohmann::json json = text;
  return nlohmann::json::parse(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)).get<std::string>();
}

}  // namespace

nlohmann::json to_json(const Finding& finding) {
  nlohmann::json also = nlohmann::json::array();
  for (const Kind kind : finding.also) also.push_back(to_string(kind));
  return {
      {"kind", to_string(finding.kind)},
      {"message", utf8(finding.message)},
      {"file", utf8(finding.file)},
      {"line", finding.line},
      {"execution", finding.execution},
      {"token", finding.token},
      {"replay_command", utf8(finding.replay_command)},
      {"picture", utf8(finding.picture)},
      {"report", utf8(finding.report)},
      {"also", also},
  };
}

Finding finding_from_json(const nlohmann::json& json) {
  try {
    Finding finding;
    finding.kind = kind_of(json.at("kind"));
    json.at("message").get_to(finding.message);
    json.at("file").get_to(finding.file);
    json.at("line").get_to(finding.line);
    json.at("execution").get_to(finding.execution);
    json.at("token").get_to(finding.token);
    json.at("replay_command").get_to(finding.replay_command);
    json.at("picture").get_to(finding.picture);
    json.at("report").get_to(finding.report);
    for (const nlohmann::json& kind : json.at("also")) finding.also.push_back(kind_of(kind));
    return finding;
  } catch (const nlohmann::json::exception& error) {
    throw std::invalid_argument(std::string("finding: not the expected JSON: ") + error.what());
  }
}

}  // namespace racecourse::report
