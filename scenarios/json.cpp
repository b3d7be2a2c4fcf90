#include <racecourse/checkers/finding_json.h>
#include <racecourse/scenarios/json.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace racecourse::catalogue {
namespace {

using Says = Expectation::Says;

constexpr std::pair<Says, const char*> kSays[] = {
    {Says::finding, "finding"},   {Says::nothing, "nothing"},         {Says::cannot_see, "cannot-see"},
    {Says::may_find, "may-find"}, {Says::false_alarm, "false-alarm"}, {Says::not_run, "not-run"},
    {Says::proved, "proved"},
};

const char* to_string(Says says) {
  for (const auto& [value, name] : kSays) {
    if (value == says) return name;
  }
  return "unknown";
}

Says says_from_string(std::string_view text) {
  for (const auto& [value, name] : kSays) {
    if (text == name) return value;
  }
  throw std::runtime_error("not an expectation: " + std::string(text));
}

Outcome::Is is_from_string(std::string_view text) {
  for (const Outcome::Is is : {Outcome::Is::forbidden, Outcome::Is::acceptable, Outcome::Is::interesting}) {
    if (text == to_string(is)) return is;
  }
  throw std::runtime_error("not a judgement of an outcome: " + std::string(text));
}

Json to_json(const Expectation& expectation) {
  Json json{{"says", to_string(expectation.says)}};
  if (expectation.says == Says::finding || expectation.says == Says::may_find ||
      expectation.says == Says::false_alarm) {
    json["kind"] = racecourse::to_string(expectation.kind);
    json["allowed"] = kinds_to_json<Json>(expectation.allowed);
  }
  if (!expectation.reason.empty()) json["reason"] = expectation.reason;
  if (expectation.preemptions >= 0) json["preemptions"] = expectation.preemptions;
  return json;
}

Expectation expectation_from_json(const Json& json) {
  Expectation expectation;
  expectation.says = says_from_string(json.at("says").get_ref<const std::string&>());
  if (json.contains("kind")) expectation.kind = kind_from_json(json.at("kind"));
  if (json.contains("allowed")) expectation.allowed = kinds_from_json(json.at("allowed"));
  expectation.reason = json.value("reason", "");
  expectation.preemptions = json.value("preemptions", -1);
  return expectation;
}

State state_from_string(std::string_view text) {
  for (const State state : {State::failed, State::proved, State::not_found, State::unreliable}) {
    if (text == racecourse::to_string(state)) return state;
  }
  throw std::runtime_error("not a verdict: " + std::string(text));
}

}  // namespace

std::optional<Checker> checker_from_string(std::string_view name) {
  for (const Checker checker : kCheckers) {
    if (name == to_string(checker)) return checker;
  }
  return std::nullopt;
}

Json to_json(const Entry& entry) {
  Json expected = Json::object();
  for (const auto& [checker, expectation] : entry.expected) expected[to_string(checker)] = to_json(expectation);
  return {{"name", entry.scenario}, {"variant", entry.variant},       {"family", entry.family},
          {"broken", entry.broken}, {"summary", entry.summary},       {"still_breaks", entry.still_breaks},
          {"slow", entry.slow},     {"difficulty", entry.difficulty}, {"expected", expected}};
}

Entry entry_from_json(const Json& json) {
  Entry entry;
  entry.scenario = json.at("name");
  entry.variant = json.at("variant");
  entry.family = json.at("family");
  entry.broken = json.at("broken");
  entry.summary = json.at("summary");
  entry.still_breaks = json.at("still_breaks");
  entry.slow = json.at("slow");
  entry.difficulty = json.at("difficulty");
  for (const auto& [name, expectation] : json.at("expected").items()) {
    const auto checker = checker_from_string(name);
    if (!checker) throw std::runtime_error("not a checker: " + name);
    entry.expected.emplace(*checker, expectation_from_json(expectation));
  }
  return entry;
}

Json to_json(const Scenario& scenario) {
  Json outcomes = Json::array();
  for (const Outcome& outcome : scenario.outcomes) {
    outcomes.push_back({{"result", outcome.result}, {"is", to_string(outcome.is)}, {"meaning", outcome.meaning}});
  }
  return {{"name", scenario.name},       {"title", scenario.title},
          {"family", scenario.family},   {"difficulty", scenario.difficulty},
          {"from", scenario.from},       {"story", scenario.story},
          {"python", scenario.python},   {"outcomes", outcomes},
          {"hints", scenario.hints},     {"explanation", scenario.explanation},
          {"rule", scenario.rule},       {"fix", scenario.fix},
          {"reading", scenario.reading}, {"file", scenario.file}};
}

Scenario scenario_from_json(const Json& json) {
  Scenario scenario;
  scenario.name = json.at("name");
  scenario.title = json.at("title");
  scenario.family = json.at("family");
  scenario.difficulty = json.at("difficulty");
  scenario.from = json.at("from");
  scenario.story = json.at("story");
  scenario.python = json.at("python");
  for (const Json& outcome : json.at("outcomes")) {
    scenario.outcomes.push_back(
        {outcome.at("result"), is_from_string(outcome.at("is").get_ref<const std::string&>()), outcome.at("meaning")});
  }
  scenario.hints = json.at("hints").get<std::vector<std::string>>();
  scenario.explanation = json.at("explanation");
  scenario.rule = json.at("rule");
  scenario.fix = json.at("fix");
  scenario.reading = json.at("reading").get<std::vector<std::string>>();
  scenario.file = json.at("file");
  return scenario;
}

Json to_json(const Verdict& verdict) {
  Json json{{"verdict", racecourse::to_string(verdict.state)},
            {"executions", verdict.executions},
            {"seconds", verdict.seconds},
            {"seed", verdict.seed},
            {"text", verdict.text},
            {"outcomes", verdict.outcomes}};
  if (verdict.finding) json["finding"] = finding_to_json<Json>(*verdict.finding);
  if (!verdict.tree.empty()) json["tree"] = Json::parse(verdict.tree);
  return json;
}

Verdict verdict_from_json(const Json& json) {
  Verdict verdict;
  verdict.state = state_from_string(json.at("verdict").get_ref<const std::string&>());
  verdict.executions = json.at("executions");
  verdict.seconds = json.at("seconds");
  verdict.seed = json.at("seed");
  verdict.text = json.at("text");
  verdict.outcomes = json.at("outcomes").get<std::map<std::string, std::uint64_t>>();
  if (json.contains("finding")) verdict.finding = finding_from_json(json.at("finding"));
  if (json.contains("tree")) verdict.tree = json.at("tree").dump();
  return verdict;
}

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace racecourse::catalogue
