// A finding as JSON, between processes: from the one that confirms it, and from a checker's program to the racecourse
// command. `Json` is nlohmann's json or ordered_json.
#pragma once

#include <racecourse/checkers/finding.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace racecourse {

template <class Json>
Kind kind_from_json(const Json& value) {
  const std::string name = value.template get<std::string>();
  const std::optional<Kind> kind = kind_from_string(name);
  if (!kind) throw std::runtime_error("not a kind of finding: " + name);
  return *kind;
}

template <class Json>
Json kinds_to_json(const std::vector<Kind>& kinds) {
  Json names = Json::array();
  for (const Kind kind : kinds) names.push_back(to_string(kind));
  return names;
}

template <class Json>
std::vector<Kind> kinds_from_json(const Json& names) {
  std::vector<Kind> kinds;
  for (const Json& name : names) kinds.push_back(kind_from_json(name));
  return kinds;
}

template <class Json>
Json finding_to_json(const Finding& finding) {
  return {{"kind", to_string(finding.kind)},
          {"message", finding.message},
          {"file", finding.file},
          {"line", finding.line},
          {"execution", finding.execution},
          {"token", finding.token},
          {"replay_command", finding.replay_command},
          {"picture", finding.picture},
          {"report", finding.report},
          {"also", kinds_to_json<Json>(finding.also)}};
}

template <class Json>
Finding finding_from_json(const Json& value) {
  Finding finding;
  finding.kind = kind_from_json(value.at("kind"));
  finding.message = value.at("message");
  finding.file = value.at("file");
  finding.line = value.at("line");
  finding.execution = value.at("execution");
  finding.token = value.at("token");
  finding.replay_command = value.at("replay_command");
  finding.picture = value.at("picture");
  finding.report = value.at("report");
  finding.also = kinds_from_json(value.at("also"));
  return finding;
}

}  // namespace racecourse
