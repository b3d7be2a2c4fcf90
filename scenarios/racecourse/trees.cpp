#include <fmt/core.h>
#include <racecourse/checkers/control/grouped.h>
#include <racecourse/checkers/control/within_bound.h>
#include <racecourse/scenarios/racecourse/trees.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>

namespace racecourse::command {

using catalogue::Json;
using control::grouped;

namespace {

std::string proof(const std::string& number, std::uint64_t threads, int preemptions, const std::string& where,
                  const Json& part) {
  return fmt::format("proved: all {} {} of {} threads{}{}; {}", number, number == "1" ? "execution" : "executions",
                     threads, control::within_bound(preemptions), where, part.at("assuming").get<std::string>());
}

}  // namespace

std::optional<Tree> tree_of_each(const std::vector<Json>& parts) {
  const auto small = std::ranges::find_if(parts, [](const Json& part) { return part.contains("all"); });
  if (small == parts.end()) return {};
  return Tree{true, proof(grouped(small->at("all").get<std::uint64_t>()), small->at("threads").get<std::uint64_t>(),
                          small->at("preemptions").get<int>(), "", *small)};
}

Tree join_trees(const std::vector<Json>& parts) {
  std::uint64_t traces = 0, threads = 0;
  std::uint64_t late = 0, most_late = 0;  // of the traces: those that several shards may have seen; of one shard
  std::set<std::string> different;        // of these
  int preemptions = -1;                   // -1: in no part was anything left out for want of them
  bool all_known = true;
  const std::string split = parts.front().at("split");
  for (const Json& part : parts) {
    if (part.at("split") != split)
      return {false, "the shards did not deal out the same tree: what counts as a step was not the same in all"};
    traces += part.at("traces").get<std::uint64_t>();
    threads = std::max(threads, part.at("threads").get<std::uint64_t>());
    preemptions = std::max(preemptions, part.at("preemptions").get<int>());
    const auto own = part.at("late").get<std::uint64_t>();
    late += own;
    most_late = std::max(most_late, own);
    all_known &= part.contains("digests");
    if (all_known) different.merge(part.at("digests").get<std::set<std::string>>());
  }
  const std::uint64_t at_least = traces - late + (all_known ? different.size() : most_late);
  const std::string number =
      all_known ? grouped(at_least) : fmt::format("of the {} to {}", grouped(at_least), grouped(traces));
  return {true, proof(number, threads, preemptions, fmt::format(", in {} shards", parts.size()), parts.front())};
}

}  // namespace racecourse::command
