// Searches, budgets, expectations and their sentences.
#include <gtest/gtest-spi.h>

#include <map>
#include <memory>
#include <stdexcept>

#include "support.h"

namespace racecourse {
namespace {

using testing_support::Counter;
using testing_support::keep_both_updates;
using testing_support::lose_an_update;
using testing_support::summary;

// Shows a data race in every execution, and an assertion in some.
void race_and_consequence() {
  int value = 0;
  std::thread other([&] { value++; });
  value++;
  other.join();
  EXPECT_EQ(value, 2);
}

void race_only() {
  int value = 0;
  std::thread other([&] { value = 1; });
  value = 2;
  other.join();
}

Options of(std::uint64_t executions, std::uint64_t seed = 1) {
  Options options;
  options.executions = executions;
  options.seed = seed;
  return options;
}

TEST(Verdict, OfABug) {
  const Verdict verdict = search(lose_an_update);
  ASSERT_EQ(verdict.state, State::failed) << verdict.text;
  const Finding& finding = *verdict.finding;
  EXPECT_EQ(finding.kind, Kind::assertion);
  EXPECT_NE(finding.file.find("support.h"), std::string::npos) << finding.file;
  EXPECT_GT(finding.line, 0);
  EXPECT_EQ(finding.execution, verdict.executions);
  EXPECT_EQ(finding.token.substr(0, 3), "r1:");
  EXPECT_NE(finding.report.find(finding.token), std::string::npos);
  EXPECT_EQ(
      verdict.text.find("failed: assertion in execution " + std::to_string(finding.execution) + " of 10000 (seed 1)"),
      0u)
      << verdict.text;
}

TEST(Verdict, OfCorrectCode) {
  const Verdict verdict = search(keep_both_updates, of(500));
  EXPECT_EQ(verdict.state, State::not_found);
  EXPECT_EQ(verdict.executions, 500u);
  EXPECT_TRUE(
      verdict.text.starts_with("not found: 500 executions (seed 1), 2 distinct traces (the next one would be new with "
                               "a probability of less than "
                               "0.01 %); a bug of depth 1, 2, 3 would have been missed"))
      << verdict.text;
  EXPECT_TRUE(verdict.text.ends_with("; this is no proof")) << verdict.text;
  EXPECT_FALSE(verdict.finding);
}

TEST(Verdict, SameSeedSameFinding) {
  const Verdict first = search(lose_an_update, of(1000, 5));
  const Verdict second = search(lose_an_update, of(1000, 5));
  ASSERT_TRUE(first.finding && second.finding);
  EXPECT_EQ(first.executions, second.executions);
  EXPECT_EQ(first.finding->token, second.finding->token);
  EXPECT_EQ(first.text, second.text);
}

TEST(Verdict, SecondsEndASearch) {
  Options options = of(0);
  options.seconds = 0.3;
  const Verdict verdict = search(keep_both_updates, options);
  EXPECT_EQ(verdict.state, State::not_found);
  EXPECT_GT(verdict.executions, 0u);
  EXPECT_NE(verdict.text.find(" s (seed 1), "), std::string::npos) << verdict.text;
}

TEST(Verdict, CountsOutcomes) {
  const Verdict verdict = search(
      [] {
        Counter counter;
        std::thread other([&] { counter.increment(); });
        counter.increment();
        other.join();
        outcome(counter.value.load() == 2 ? "two" : "one");
      },
      of(1000));
  ASSERT_EQ(verdict.outcomes.size(), 2u) << verdict.text;
  EXPECT_EQ(verdict.outcomes.at("one") + verdict.outcomes.at("two"), 1000u);
}

TEST(Verdict, CutsLongOutcomes) {
  const Verdict verdict = search([] { outcome(std::string(200, 'x')); });
  EXPECT_EQ(verdict.outcomes, (std::map<std::string, std::uint64_t>{{std::string(63, 'x'), 1}}));
}

TEST(Outcome, AForbiddenOneIsAFindingOfItsKind) {
  Options options;
  options.forbidden = {"torn", "one"};
  const auto body = [] {
    std::atomic<int> value{0};
    std::thread adder([&] { value = value + 1; });
    value = value + 1;
    adder.join();
    outcome(value == 2 ? "two" : "one");
  };
  const Verdict verdict = search(body, options);
  ASSERT_TRUE(verdict.finding) << verdict.text;
  EXPECT_EQ(verdict.finding->kind, Kind::forbidden_outcome);
  EXPECT_EQ(verdict.finding->message, "forbidden outcome: one");
  // The next search forbids nothing.
  EXPECT_EQ(search(body).state, State::not_found);
}

TEST(Verdict, OutcomeOutsideABodyIsIgnored) {
  outcome("nobody hears this");
  EXPECT_TRUE(search([] {}).outcomes.empty());
}

TEST(State, OfTheProgramIsEachExecutionsStart) {
  static int global = 7;
  int captured = 7;
  auto heap = std::make_unique<int>(7);
  const auto body = [&captured, &heap] {
    EXPECT_EQ(global, 7);
    EXPECT_EQ(captured, 7);
    EXPECT_EQ(*heap, 7);
    std::thread other([&] { global = captured = *heap = 8; });
    other.join();
    heap.reset();
  };
  EXPECT_EQ(search(body, of(200)).state, State::not_found);
  EXPECT_EQ(global, 7);
  EXPECT_EQ(captured, 7);
  ASSERT_NE(heap, nullptr);
  EXPECT_EQ(*heap, 7);
}

TEST(State, AtTheCallIsWhatCounts) {
  static int global = 0;
  for (int i = 1; i <= 3; i++) {
    global = i;
    EXPECT_EQ(search([i] { EXPECT_EQ(global, i); }).state, State::proved);
  }
}

TEST(SearchFor, PassesOverWhatIsAllowed) {
  const Verdict verdict = search_for(race_and_consequence, Kind::assertion, {Kind::data_race});
  EXPECT_EQ(summary(verdict), "failed: assertion");
  EXPECT_EQ(verdict.finding->also, std::vector<Kind>{Kind::data_race});
}

TEST(SearchFor, LeadsWithWhatIsRequired) {
  const Verdict verdict = search_for(race_and_consequence, Kind::data_race, {Kind::assertion});
  EXPECT_EQ(summary(verdict), "failed: data-race");
}

TEST(SearchFor, CountsWhatItPassedOver) {
  const Verdict verdict = search_for(race_only, Kind::deadlock, {Kind::data_race}, of(100));
  EXPECT_EQ(verdict.text.find("not found: 100 executions (seed 1), data-race in 100 of them, "), 0u) << verdict.text;
}

TEST(SearchFor, GoesOnBehindACrashThatIsAllowed) {
  const auto body = [] {
    Counter counter;
    std::thread other([&] { counter.increment(); });
    counter.increment();
    if (counter.value.load() == 1) std::abort();
    other.join();
    EXPECT_EQ(counter.value.load(), 2);
  };
  const Verdict verdict = search_for(body, Kind::assertion, {Kind::abort}, of(300));
  EXPECT_NE(verdict.state, State::unreliable) << verdict.text;
  EXPECT_NE(summary(verdict), "failed: abort");
}

TEST(ExpectFinding, IsSilentWhenItIsFound) {
  const Verdict verdict = expect_finding(lose_an_update, Kind::assertion);
  EXPECT_EQ(verdict.state, State::failed);
  expect_finding(race_and_consequence, Kind::assertion, {Kind::data_race});
}

// The finding may come after any but the first four of sixty rounds: it is shown after the fifth.
TEST(ExpectFinding, IsShortenedToTheShortestRunOfThoseWithAsFewSwitches) {
  const auto body = [] {
    std::atomic<int> round{0};
    std::thread other([&] {
      for (int i = 1; i <= 60; i++) round = i;
    });
    const int seen = round;
    EXPECT_TRUE(seen < 5 || seen == 60) << "seen: " << seen << ".";
    other.join();
  };
  const Verdict verdict = expect_finding(body, Kind::assertion);
  ASSERT_TRUE(verdict.finding) << verdict.text;
  EXPECT_NE(verdict.finding->report.find("seen: 5."), std::string::npos) << verdict.finding->report;
  EXPECT_NE(verdict.text.find(" steps to "), std::string::npos) << verdict.text;
}

// The macros below run their statement in a scope of its own: nothing local can be used in it.
TEST(ExpectFinding, FailsWhenNothingIsFound) {
  EXPECT_NONFATAL_FAILURE(expect_finding(keep_both_updates, Kind::assertion, of(100)),
                          "expected a finding of kind assertion; not found: 100 executions (seed 1)");
}

TEST(ExpectFinding, FailsForAnotherKind) {
  EXPECT_NONFATAL_FAILURE(expect_finding(race_only, Kind::deadlock),
                          "expected a finding of kind deadlock, found data-race; failed: data-race in execution 1");
}

TEST(ExpectFinding, FailsForACrashInsteadOfACatch) {
  EXPECT_NONFATAL_FAILURE(expect_finding([] { std::abort(); }, Kind::assertion), "found abort");
}

TEST(ExpectFinding, FailsForAnotherKindBesideIt) {
  EXPECT_NONFATAL_FAILURE(expect_finding(race_and_consequence, Kind::assertion), "found data-race");
}

TEST(Explore, FailsTheTestOnceWithTheReport) {
  EXPECT_NONFATAL_FAILURE(explore(lose_an_update), "replay: ");
  EXPECT_NONFATAL_FAILURE(explore(lose_an_update), "failed: assertion in execution");
}

TEST(Explore, IsSilentOnCorrectCode) { explore(keep_both_updates, of(100)); }

TEST(Options, ThatAreWrongThrow) {
  Options unknown_strategy;
  unknown_strategy.strategy = "lucky";
  EXPECT_THROW(search([] {}, unknown_strategy), std::invalid_argument);
  Options no_budget;
  no_budget.executions = 0;
  EXPECT_THROW(search([] {}, no_budget), std::invalid_argument);
  Options bad_token;
  bad_token.token = "r1:0000.1x1";
  EXPECT_THROW(search([] {}, bad_token), std::invalid_argument);
  EXPECT_EQ(search([] {}).state, State::proved) << "an error leaves nothing behind";
}

}  // namespace
}  // namespace racecourse
