#include <fmt/core.h>
#include <racecourse/checkers/control/grouped.h>
#include <racecourse/scenarios/racecourse/trees.h>

#include <algorithm>
#include <cstdint>
#include <map>

namespace racecourse::command {

using catalogue::Json;
using control::grouped;

Tree join_trees(const std::vector<Json>& parts) {
  std::uint64_t traces = 0, threads = 0;
  std::uint64_t perhaps_twice = 0;                 // of the traces: those that two shards may have counted
  std::map<std::string, std::uint64_t> most_late;  // of one shard
  const std::string split = parts.front().at("split");
  for (const Json& part : parts) {
    if (part.at("split") != split)
      return {false, "the shards did not deal out the same tree: what counts as a step was not the same in all"};
    traces += part.at("traces").get<std::uint64_t>();
    threads = std::max(threads, part.at("threads").get<std::uint64_t>());
    for (const auto& [name, late] : part.at("late").items()) {
      std::uint64_t& most = most_late[name];
      perhaps_twice += std::min(most, late.get<std::uint64_t>());
      most = std::max(most, late.get<std::uint64_t>());
    }
  }
  const std::string number = perhaps_twice == 0
                                 ? grouped(traces)
                                 : fmt::format("of the {} to {}", grouped(traces - perhaps_twice), grouped(traces));
  return {true, fmt::format("proved: all {} executions of {} threads, in {} shards; {}", number, threads, parts.size(),
                            parts.front().at("assuming").get<std::string>())};
}

}  // namespace racecourse::command
