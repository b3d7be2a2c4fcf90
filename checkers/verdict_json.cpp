#include <racecourse/checkers/finding_json.h>
#include <racecourse/checkers/verdict_json.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace racecourse {

std::string to_json_line(const Verdict& verdict, const std::string& name) {
  using Json = nlohmann::ordered_json;
  Json row = {{"name", name},
              {"verdict", to_string(verdict.state)},
              {"text", verdict.text},
              {"executions", verdict.executions},
              {"seconds", verdict.seconds},
              {"seed", verdict.seed},
              {"outcomes", verdict.outcomes}};
  if (!verdict.tree.empty()) row["tree"] = Json::parse(verdict.tree);
  const Json finding = finding_to_json<Json>(verdict.finding.value_or(Finding()));
  for (const auto& [key, value] : finding.items()) row[key] = verdict.finding ? value : Json();
  return row.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

void append_json(const std::string& file, const Verdict& verdict, const std::string& name) {
  std::ofstream out(file, std::ios::app);
  out << to_json_line(verdict, name) << std::flush;
  if (!out) {
    throw std::invalid_argument("racecourse: option json=" + file +
                                " names a file that cannot be written: " + std::strerror(errno) + ".");
  }
}

}  // namespace racecourse
