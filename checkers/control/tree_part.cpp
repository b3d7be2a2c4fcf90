#include <racecourse/checkers/control/systematic_search.h>
#include <racecourse/checkers/control/tree_part.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace racecourse::control {
namespace {

std::string& last_part() {
  static std::string part;
  return part;
}

}  // namespace

// Numbers that are names are written as text: not everybody reads 64 bits.
std::string json_of_part(const Coverage& coverage, const std::string& assuming) {
  using Json = nlohmann::ordered_json;
  Json late = Json::object();
  for (const auto& [name, traces] : coverage.late) late[std::to_string(name)] = traces;
  const Json part = {{"traces", coverage.traces},
                     {"threads", coverage.threads},
                     {"split", std::to_string(coverage.split)},
                     {"late", late},
                     {"assuming", assuming}};
  return part.dump();
}

const std::string& part_of_last_search() { return last_part(); }

void set_part_of_last_search(std::string part) { last_part() = std::move(part); }

}  // namespace racecourse::control
