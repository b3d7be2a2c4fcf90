// What is missing in a scenario is said in one sentence; what is there survives its way through JSON.
#include <gtest/gtest.h>
#include <racecourse/scenarios/json.h>
#include <racecourse/scenarios/scenario.h>
#include <racecourse/scenarios/texts.h>

#include <functional>
#include <stdexcept>
#include <string>

namespace racecourse::catalogue {
namespace {

Scenario complete() {
  const std::map<Checker, Expectation> caught{{Checker::explore, finds(Kind::deadlock)}};
  return {.name = "dining",
          .title = "Five forks",
          .family = "classic",
          .difficulty = 2,
          .from = "Dijkstra, 1965",
          .story = "They eat.",
          .outcomes = {{"0 0", Outcome::Is::forbidden, "Nobody eats."}},
          .hints = {"Look.", "Look closer.", "There."},
          .explanation = "Each waits.",
          .rule = "One order.",
          .fix = "One order for all.",
          .reading = {"Dijkstra, EWD 310"},
          .variants = {broken(
                           "left_first", "All take the left one.", [] {}, caught),
                       right("ordered", "By number.", [] {}),
                       wrong_fix(
                           "sleep", "They sleep first.", "They still wait.", [] {}, caught)}};
}

// What is said of a scenario that `damage` has changed.
std::string refusal(const std::function<void(Scenario&)>& damage) {
  Scenario scenario = complete();
  damage(scenario);
  try {
    validated(std::vector<Scenario>{scenario});
    return "";
  } catch (const std::logic_error& error) {
    return error.what();
  }
}

TEST(Scenario, ACompleteOneIsTaken) {
  EXPECT_EQ(refusal([](Scenario&) {}), "");
}

TEST(Scenario, WhatIsMissingIsNamed) {
  const std::string who = "catalogue: the scenario dining ";
  EXPECT_EQ(refusal([](Scenario& s) { s.story.clear(); }), who + "has no story");
  EXPECT_EQ(refusal([](Scenario& s) { s.rule.clear(); }), who + "has no rule");
  EXPECT_EQ(refusal([](Scenario& s) { s.hints.pop_back(); }), who + "has 2 hints instead of 3");
  EXPECT_EQ(refusal([](Scenario& s) { s.hints[1].clear(); }), who + "has an empty hint");
  EXPECT_EQ(refusal([](Scenario& s) { s.reading.clear(); }), who + "names nothing to read further");
  EXPECT_EQ(refusal([](Scenario& s) { s.difficulty = 6; }),
            who + "has the difficulty 6, which must lie between 1 and 5");
  EXPECT_EQ(refusal([](Scenario& s) { s.family = "clasic"; }),
            who + "is of the family \"clasic\"; there are notes, classic, field-bug and own");
  EXPECT_EQ(refusal([](Scenario& s) { s.outcomes.push_back(s.outcomes[0]); }), who + "lists the outcome \"0 0\" twice");
  EXPECT_EQ(refusal([](Scenario& s) { s.variants.pop_back(); }),
            who + "has no wrong fix: what would a hurried reader try?");
  EXPECT_EQ(refusal([](Scenario& s) { s.variants.erase(s.variants.begin() + 1); }),
            who + "has no right variant: the fix");
  EXPECT_EQ(refusal([](Scenario& s) { s.variants.erase(s.variants.begin()); }), who + "has no broken variant");
}

TEST(Scenario, OneThatIsBeingWrittenIsNamedAlone) {
  Scenario scenario = complete();
  EXPECT_EQ(missing_in(scenario), "");
  scenario.rule.clear();
  EXPECT_EQ(missing_in(scenario), "catalogue: the scenario dining has no rule");
}

TEST(Scenario, TwoOfOneNameAreRefused) {
  EXPECT_THROW(validated(std::vector<Scenario>{complete(), complete()}), std::logic_error);
}

TEST(Scenario, SurvivesJson) {
  const Json json = to_json(complete());
  EXPECT_EQ(json, to_json(scenario_from_json(json)));
  EXPECT_EQ(scenario_from_json(json).outcomes.at(0).is, Outcome::Is::forbidden);
}

}  // namespace
}  // namespace racecourse::catalogue
