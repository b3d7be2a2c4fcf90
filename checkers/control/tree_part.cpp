#include <racecourse/checkers/control/systematic_search.h>
#include <racecourse/checkers/control/tree_part.h>

#include <nlohmann/json.hpp>

namespace racecourse::control {

// Numbers that are names are written as text: not everybody reads 64 bits.
std::string json_of_part(const Coverage& coverage, const std::string& assuming) {
  using Json = nlohmann::ordered_json;
  Json part = {{"traces", coverage.traces},
               {"threads", coverage.threads},
               {"preemptions", coverage.preemptions},
               {"split", std::to_string(coverage.split)},
               {"late", coverage.late_traces}};
  if (coverage.split == 0) part["all"] = coverage.of_all_shards;
  if (coverage.late.size() == coverage.late_traces) {
    Json digests = Json::array();
    for (const std::uint64_t digest : coverage.late) digests.push_back(std::to_string(digest));
    part["digests"] = digests;
  }
  part["assuming"] = assuming;
  return part.dump();
}

}  // namespace racecourse::control
