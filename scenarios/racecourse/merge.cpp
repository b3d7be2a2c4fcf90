#include <fmt/core.h>
#include <racecourse/checkers/finding_json.h>
#include <racecourse/checkers/schedule/fnv.h>
#include <racecourse/scenarios/judge.h>
#include <racecourse/scenarios/racecourse/commands.h>
#include <racecourse/scenarios/racecourse/merge.h>
#include <racecourse/scenarios/racecourse/trees.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <tuple>
#include <utility>

namespace racecourse::command {
namespace {

using catalogue::Json;

// Of what is in the file; by words, since programs are large.
std::string digest_of_file(const std::string& path) {
  static std::mutex mutex;
  static std::map<std::string, std::string> known;
  std::lock_guard lock(mutex);
  if (const auto at = known.find(path); at != known.end()) return at->second;
  std::ifstream file(path, std::ios::binary);
  std::uint64_t digest = schedule::kFirstDigest;
  std::uint64_t words[1 << 13] = {};
  while (file.read(reinterpret_cast<char*>(words), sizeof words), file.gcount() > 0) {
    for (const std::uint64_t word : words) schedule::add_to_digest(digest, word);
  }
  return known[path] = fmt::format("{:016x}", digest);
}

// A row, and where it is from.
struct Part {
  Json row;
  std::string file;
};

struct Parts {
  std::uint64_t shards = 0;                    // of how many
  std::map<std::uint64_t, std::string> files;  // by shard
  std::vector<Part> rows;
};

Json read(const std::string& file) {
  std::ifstream stream(file);
  if (!stream) throw BadRequest("cannot read " + file);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  const Json rows = Json::parse(text, nullptr, false);
  if (!rows.is_array()) throw BadRequest(file + " is not what `racecourse run --shard I/N --json` writes");
  return rows;
}

bool is_of_shard(const Json& row) {
  return row.is_object() && row.contains("shard") && row.contains("shards") && row["shard"].is_number_unsigned() &&
         row["shards"].is_number_unsigned();
}

void add_file(const std::string& file, Parts& parts) {
  const Json rows = read(file);
  if (rows.empty() || !std::ranges::all_of(rows, is_of_shard)) {
    throw BadRequest(file + " was not written with --shard I/N, so there is nothing to merge it with");
  }
  const std::uint64_t shard = rows[0]["shard"], shards = rows[0]["shards"];
  if (parts.shards != 0 && parts.shards != shards) {
    throw BadRequest(
        fmt::format("{} is of {} shards, and {} of {}", parts.files.begin()->second, parts.shards, file, shards));
  }
  parts.shards = shards;
  const auto [known, is_new] = parts.files.emplace(shard, file);
  if (!is_new) throw BadRequest(fmt::format("{} and {} are both of shard {}", known->second, file, shard));
  for (const Json& row : rows) {
    if (row["shard"] != shard || row["shards"] != shards) throw BadRequest(file + " holds the rows of several shards");
    if (row.contains("name")) parts.rows.push_back({row, file});
  }
}

void check_alike(const Part& one, const Part& other) {
  static constexpr std::pair<const char*, const char*> kAlike[] = {{"budget", "budgets"},
                                                                   {"strategy", "strategies"},
                                                                   {"preemptions", "bounds on preemptions"},
                                                                   {"program", "programs"},
                                                                   {"split", "commands"}};
  for (const auto& [field, many] : kAlike) {
    if (one.row.at(field) == other.row.at(field)) continue;
    throw BadRequest(fmt::format("{} and {} are of different {}: {} and {}", one.file, other.file, many,
                                 one.row.at(field).dump(), other.row.at(field).dump()));
  }
}

// What every shard ran a part of must be in every file, with the same seeds.
void check_complete(const std::vector<Part>& group, const Parts& parts) {
  const Json& row = group.front().row;
  if (!row.at("split") || group.size() == parts.files.size()) return;
  for (const auto& [shard, file] : parts.files) {
    if (std::ranges::any_of(group, [&file = file](const Part& part) { return part.file == file; })) continue;
    throw BadRequest(fmt::format("{} and {} are not of one run: only the first has {}/{} under {} with seed {}",
                                 group.front().file, file, row.at("name").get<std::string>(),
                                 row.at("variant").get<std::string>(), row.at("checker").get<std::string>(),
                                 row.at("seed").get<std::uint64_t>()));
  }
}

// The rows of each cell and seed, in the order of the first file; what other files have more follows.
std::vector<std::vector<Part>> grouped_by_cell(const Parts& parts) {
  std::vector<std::vector<Part>> groups;
  std::map<std::tuple<std::string, std::string, std::string, std::uint64_t>, std::size_t> known;
  for (const Part& part : parts.rows) {
    const Json& row = part.row;
    const auto [at, is_new] =
        known.try_emplace({row.at("name"), row.at("variant"), row.at("checker"), row.at("seed")}, groups.size());
    if (is_new) groups.emplace_back();
    std::vector<Part>& group = groups[at->second];
    if (!group.empty()) check_alike(group.front(), part);
    group.push_back(part);
  }
  for (const auto& group : groups) check_complete(group, parts);
  return groups;
}

Verdict verdict_of(const Json& row) {
  Verdict verdict;
  for (const State state : {State::failed, State::proved, State::not_found, State::unreliable}) {
    if (row.at("verdict") == racecourse::to_string(state)) verdict.state = state;
  }
  verdict.executions = row.at("executions");
  verdict.seconds = row.at("seconds");
  verdict.seed = row.at("seed");
  verdict.text = row.at("text");
  if (row.at("kind").is_null()) return verdict;
  Finding finding;
  finding.kind = kind_from_json(row.at("kind"));
  finding.also = kinds_from_json(row.at("also"));
  finding.execution = row.at("first_catch");
  finding.token = row.at("token").is_null() ? "" : row.at("token");
  finding.message = row.at("message");
  finding.replay_command = row.at("replay_command");
  verdict.finding = finding;
  return verdict;
}

// What says most: a finding with the lowest number, then what went wrong.
bool says_more(const Verdict& one, const Verdict& other) {
  const auto rank = [](const Verdict& verdict) {
    return verdict.state == State::failed ? 0 : verdict.state == State::unreliable ? 1 : 2;
  };
  if (rank(one) != rank(other)) return rank(one) < rank(other);
  return one.finding && other.finding && one.finding->execution < other.finding->execution;
}

// "shard 2 of 3 is missing", or "".
std::string what_is_missing(const Parts& parts) {
  std::string numbers;
  std::uint64_t count = 0;
  for (std::uint64_t shard = 1; shard <= parts.shards; shard++) {
    if (parts.files.contains(shard)) continue;
    numbers += (count++ == 0 ? "" : ", ") + std::to_string(shard);
  }
  if (count == 0) return "";
  return fmt::format("{} {} of {} {} missing", count == 1 ? "shard" : "shards", numbers, parts.shards,
                     count == 1 ? "is" : "are");
}

// Nobody has found anything. `trees`: what those shards of an exhaustive search say that came to their end.
void join_searches(const std::vector<Part>& group, const std::vector<Json>& trees, const Parts& parts,
                   Verdict& verdict) {
  std::string why;
  const std::optional<Tree> of_each = tree_of_each(trees);
  if (of_each || (!trees.empty() && trees.size() == parts.shards)) {
    Tree tree = of_each ? *of_each : join_trees(trees);
    if (tree.proves) {
      verdict.state = State::proved;
      verdict.text = std::move(tree.text);
      return;
    }
    why = "; " + tree.text;
  } else if (!trees.empty()) {
    why = fmt::format("; {} of the {} shards came to the end of their parts", trees.size(), parts.shards);
  }
  verdict.text = fmt::format("not found: {} executions in {} of {} shards (seed {}){}; this is no proof",
                             grouped(verdict.executions), group.size(), parts.shards, verdict.seed, why);
}

Row joined(const std::vector<Part>& group, const std::vector<Entry>& entries, const Parts& parts) {
  Verdict verdict = verdict_of(group.front().row);
  std::uint64_t executions = 0;
  double seconds = 0;
  std::vector<Json> trees;
  for (const Part& part : group) {
    const Verdict one = verdict_of(part.row);
    if (part.row.contains("tree")) trees.push_back(part.row["tree"]);
    executions += one.executions;
    seconds += one.seconds;
    if (says_more(one, verdict)) verdict = one;
  }
  verdict.executions = executions;
  verdict.seconds = seconds;

  const Json& first = group.front().row;
  const std::string name = first.at("name").get<std::string>() + "/" + first.at("variant").get<std::string>();
  const auto checker = catalogue::checker_from_string(first.at("checker").get<std::string>());
  if (!checker)
    throw BadRequest(group.front().file + " names a checker that there is not: " + first.at("checker").dump());
  Row row;
  row.cell = {only(entries, name), *checker, {}};
  const bool is_whole = !first.at("split").get<bool>() || group.size() == parts.shards;
  if (first.at("split").get<bool>() && verdict.state == State::not_found) join_searches(group, trees, parts, verdict);
  const auto judgement = catalogue::judge(expectation(row.cell.entry, *checker), verdict);
  // Those that are missing could change nothing.
  const bool is_decided = is_whole || verdict.state == State::failed || verdict.state == State::proved;
  row.as_declared = judgement.as_declared && is_decided;
  row.reason = is_decided ? judgement.reason : what_is_missing(parts);
  row.verdict = std::move(verdict);
  return row;
}

}  // namespace

Json part_of(const Cell& cell, const Settings& settings, const std::string& program) {
  const auto or_null = [](const auto& value) { return value ? Json(*value) : Json(); };
  return {{"shard", settings.shard->index},
          {"shards", settings.shard->count},
          {"split", is_split(cell)},
          {"budget",
           {{"executions", or_null(settings.executions)},
            {"repetitions", or_null(settings.repetitions)},
            {"seconds", or_null(settings.seconds)}}},
          {"strategy", settings.strategy.empty() ? Json() : Json(settings.strategy)},
          {"preemptions", or_null(settings.preemptions)},
          {"program", digest_of_file(program)}};
}

void print_empty_shard(const Shard& shard) {
  fmt::print("[\n{}\n]\n", catalogue::dump({{"shard", shard.index}, {"shards", shard.count}}));
}

int merge(const MergeRequest& request) {
  Parts parts;
  for (const std::string& file : request.files) add_file(file, parts);
  const std::vector<Entry> entries = load_catalogue();
  std::vector<Row> rows;
  try {
    for (const auto& group : grouped_by_cell(parts)) rows.push_back(joined(group, entries, parts));
  } catch (const Json::exception&) {
    throw BadRequest("a file is not what `racecourse run --shard I/N --json` writes");
  }
  const std::string missing = what_is_missing(parts);
  if (request.json) {
    print_json(rows);
  } else {
    std::ranges::for_each(rows, print_line);
    print_sum(rows);
  }
  if (!missing.empty()) fmt::print(stderr, "racecourse: {}, so this is not all of the run\n", missing);
  return missing.empty() ? exit_code(rows) : 1;
}

}  // namespace racecourse::command
