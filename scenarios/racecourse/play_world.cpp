#include <racecourse/scenarios/racecourse/play_world.h>

namespace racecourse::command {
namespace {

// Of an exhaustive search that nobody has declared to come to its end.
constexpr std::uint64_t kExhaustive = 20'000;

}  // namespace

SteeredWorld::SteeredWorld(const Entry& entry, const Settings& settings)
    : entry_(entry), settings_(settings), program_(entry) {}

const std::string& SteeredWorld::token() {
  if (!token_) {
    const Row row = run({entry_, Checker::explore, {}}, settings_);
    token_ = row.verdict.finding ? row.verdict.finding->token : "";
  }
  return *token_;
}

std::optional<Hint> SteeredWorld::hint(const std::vector<Turn>& turns) {
  if (token().empty()) return std::nullopt;
  return program_.toward(token(), turns);
}

std::optional<Finding> SteeredWorld::bug() {
  if (token().empty()) return std::nullopt;
  return program_.replay(token());
}

World::Judgement SteeredWorld::judge() {
  const Expectation declared = expectation(entry_, Checker::proof);
  Settings settings = settings_;
  if (declared.says == Expectation::Says::proved) {
    const Row row = run({entry_, Checker::proof, {}}, settings);
    std::string text = row.verdict.text;
    if (!declared.reason.empty()) text += ". What was searched: " + declared.reason + ".";
    return {row.verdict.state == State::proved, text};
  }
  settings.strategy = "exhaustive";
  settings.executions = kExhaustive;
  const Row all = run({entry_, Checker::explore, {}}, settings);
  if (all.verdict.state == State::proved) return {true, all.verdict.text};
  const Row some = run({entry_, Checker::explore, {}}, settings_);
  return {false, "Nobody has proved it: there are too many executions to see them all. " + some.verdict.text};
}

}  // namespace racecourse::command
