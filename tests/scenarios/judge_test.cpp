// Every expectation against every verdict.
#include <gtest/gtest.h>
#include <racecourse/scenarios/judge.h>

#include <vector>

namespace racecourse::catalogue {
namespace {

Verdict clean(State state = State::not_found) {
  Verdict verdict;
  verdict.state = state;
  return verdict;
}

Verdict caught(Kind kind, std::vector<Kind> also = {}) {
  Verdict verdict = clean(State::failed);
  verdict.finding.emplace();
  verdict.finding->kind = kind;
  verdict.finding->also = std::move(also);
  return verdict;
}

bool fits(const Expectation& expectation, const Verdict& verdict) {
  const Judgement judgement = judge(expectation, verdict);
  EXPECT_EQ(judgement.as_declared, judgement.reason.empty()) << judgement.reason;
  return judgement.as_declared;
}

TEST(Judge, ADeclaredFindingMustBeFound) {
  const Expectation declared = finds(Kind::assertion);
  EXPECT_TRUE(fits(declared, caught(Kind::assertion)));
  EXPECT_FALSE(fits(declared, clean()));
  EXPECT_FALSE(fits(declared, clean(State::proved)));
  EXPECT_FALSE(fits(declared, caught(Kind::signal)));
}

TEST(Judge, AllowedKindsMayComeBesideButNotInstead) {
  const Expectation declared = finds(Kind::assertion, {Kind::data_race});
  EXPECT_TRUE(fits(declared, caught(Kind::assertion, {Kind::data_race})));
  EXPECT_TRUE(fits(declared, caught(Kind::data_race, {Kind::assertion})));
  EXPECT_FALSE(fits(declared, caught(Kind::data_race)));
}

TEST(Judge, AnUndeclaredKindBesideTheDeclaredOneIsRed) {
  EXPECT_FALSE(fits(finds(Kind::assertion), caught(Kind::assertion, {Kind::data_race})));
  EXPECT_FALSE(fits(may_find(Kind::assertion, "luck"), caught(Kind::assertion, {Kind::data_race})));
}

TEST(Judge, NothingMeansNothing) {
  EXPECT_TRUE(fits(finds_nothing(), clean()));
  EXPECT_TRUE(fits(finds_nothing(), clean(State::proved)));
  EXPECT_FALSE(fits(finds_nothing(), caught(Kind::data_race)));
}

TEST(Judge, SeeingWhatItCannotSeeIsRed) {
  EXPECT_TRUE(fits(cannot_see("blind"), clean()));
  EXPECT_FALSE(fits(cannot_see("blind"), caught(Kind::data_race)));
}

TEST(Judge, AProbableFindingMayBeMissed) {
  const Expectation declared = may_find(Kind::hang, "luck", {Kind::data_race});
  EXPECT_TRUE(fits(declared, clean()));
  EXPECT_TRUE(fits(declared, caught(Kind::hang)));
  EXPECT_TRUE(fits(declared, caught(Kind::data_race)));
  EXPECT_FALSE(fits(declared, caught(Kind::signal)));
}

TEST(Judge, AFalseAlarmMustBeRaised) {
  EXPECT_TRUE(fits(false_alarm(Kind::data_race, "fence"), caught(Kind::data_race)));
  EXPECT_FALSE(fits(false_alarm(Kind::data_race, "fence"), clean()));
}

TEST(Judge, AProofMustBeComplete) {
  EXPECT_TRUE(fits(proves("small"), clean(State::proved)));
  EXPECT_TRUE(fits(proves_up_to(2, "small"), clean(State::proved)));
  EXPECT_FALSE(fits(proves("small"), clean()));
  EXPECT_FALSE(fits(proves("small"), caught(Kind::deadlock)));
  EXPECT_EQ(describe(proves("small")), "all executions");
  EXPECT_EQ(describe(proves_up_to(1, "small")), "at most 1 preemption");
}

TEST(Judge, UnreliableIsNeverAsDeclared) {
  Verdict verdict = caught(Kind::assertion);
  verdict.state = State::unreliable;
  for (const Expectation& declared :
       {finds(Kind::assertion), finds_nothing(), cannot_see("x"), may_find(Kind::assertion, "x"),
        false_alarm(Kind::assertion, "x"), not_run("x")}) {
    EXPECT_FALSE(fits(declared, verdict)) << describe(declared);
  }
}

TEST(Judge, AFailureWithoutAFindingIsRed) { EXPECT_FALSE(fits(finds(Kind::assertion), clean(State::failed))); }

TEST(Judge, WhatIsNotRunMustNotRun) { EXPECT_FALSE(fits(not_run("x"), clean())); }

TEST(Judge, ReasonsNameBothSides) {
  EXPECT_EQ(judge(finds(Kind::assertion), caught(Kind::signal)).reason, "found signal, but declared assertion");
  EXPECT_EQ(judge(finds(Kind::assertion), clean()).reason, "found nothing, but declared assertion");
}

}  // namespace
}  // namespace racecourse::catalogue
