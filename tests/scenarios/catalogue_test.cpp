// The declarations that the catalogue refuses, and their way through JSON.
#include <gtest/gtest.h>
#include <racecourse/scenarios/catalogue.h>
#include <racecourse/scenarios/json.h>

#include <stdexcept>
#include <string>

namespace racecourse::catalogue {
namespace {

Entry broken_entry(const std::string& scenario = "account", const std::string& variant = "check_then_act") {
  Entry entry;
  entry.scenario = scenario;
  entry.variant = variant;
  entry.family = "primitive";
  entry.broken = true;
  entry.summary = "Checks, then acts.";
  entry.body = [] {};
  entry.expected[Checker::explore] = finds(Kind::assertion, {Kind::data_race});
  entry.expected[Checker::relacy] = not_run("written with std types");
  return entry;
}

std::string refusal(const std::vector<Entry>& entries) {
  try {
    validated(entries);
    return "";
  } catch (const std::logic_error& error) {
    return error.what();
  }
}

TEST(Catalogue, OrdersByScenarioAndKeepsTheOrderOfVariants) {
  const auto entries = validated({broken_entry("lock", "b"), broken_entry("lock", "a"), broken_entry("account", "c")});
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0].variant, "c");
  EXPECT_EQ(entries[1].variant, "b");
  EXPECT_EQ(entries[2].variant, "a");
}

TEST(Catalogue, RefusesTwoOfOneName) {
  EXPECT_EQ(refusal({broken_entry(), broken_entry()}), "catalogue: two entries are called account/check_then_act");
}

TEST(Catalogue, RefusesAnEntryWithoutSummaryBodyOrExpectation) {
  Entry entry = broken_entry();
  entry.summary.clear();
  EXPECT_EQ(refusal({entry}), "catalogue: account/check_then_act has no summary");
  entry = broken_entry();
  entry.body = nullptr;
  EXPECT_EQ(refusal({entry}), "catalogue: account/check_then_act has no body");
  entry = broken_entry();
  entry.expected.clear();
  EXPECT_EQ(refusal({entry}), "catalogue: account/check_then_act has no expectation");
}

TEST(Catalogue, RefusesABrokenVariantThatNobodyCatches) {
  Entry entry = broken_entry();
  entry.expected[Checker::explore] = cannot_see("blind");
  EXPECT_EQ(refusal({entry}), "catalogue: account/check_then_act is broken, but no checker is declared to catch it");
}

TEST(Catalogue, WhatIsOnlySlowNeedsNobodyWhoCatchesIt) {
  Entry entry = broken_entry();
  entry.slow = true;
  EXPECT_NE(refusal({entry}).find("only slow"), std::string::npos) << refusal({entry});
  entry.expected[Checker::explore] = cannot_see("it is right");
  EXPECT_EQ(refusal({entry}), "");
}

TEST(Catalogue, RefusesDeclarationsThatContradictTheVariant) {
  Entry entry = broken_entry();
  entry.expected[Checker::tsan] = finds_nothing();
  EXPECT_NE(refusal({entry}).find("use cannot_see()"), std::string::npos) << refusal({entry});
  entry = broken_entry();
  entry.broken = false;
  EXPECT_NE(refusal({entry}).find("false alarm"), std::string::npos) << refusal({entry});
}

TEST(Catalogue, RefusesBlindnessWithoutAReason) {
  Entry entry = broken_entry();
  entry.expected[Checker::tsan] = cannot_see("");
  EXPECT_NE(refusal({entry}).find("under tsan cannot see it, without a reason"), std::string::npos) << refusal({entry});
}

TEST(Catalogue, RefusesAProofOfWhatIsBrokenAndOneWithoutASize) {
  Entry entry = broken_entry();
  entry.expected[Checker::proof] = proves("two threads");
  EXPECT_NE(refusal({entry}).find("nothing to prove"), std::string::npos) << refusal({entry});
  entry.broken = false;
  entry.expected = {{Checker::proof, proves("")}};
  EXPECT_NE(refusal({entry}).find("without the size"), std::string::npos) << refusal({entry});
  entry.expected = {{Checker::proof, proves("two threads")}};
  EXPECT_EQ(refusal({entry}), "");
  entry.body = nullptr;
  EXPECT_NE(refusal({entry}).find("no body to prove"), std::string::npos) << refusal({entry});
}

TEST(Catalogue, RefusesNamesThatTheCommandLineCannotTellApart) {
  EXPECT_NE(refusal({broken_entry("a/b", "c")}), "");
  EXPECT_NE(refusal({broken_entry("a", "")}), "");
}

TEST(CatalogueJson, AnEntryComesBackAsItWent) {
  Entry entry = broken_entry();
  entry.expected[Checker::proof] = proves_up_to(2, "two threads");
  const Entry back = entry_from_json(Json::parse(dump(to_json(entry))));
  EXPECT_EQ(back.scenario, entry.scenario);
  EXPECT_EQ(back.variant, entry.variant);
  EXPECT_EQ(back.family, entry.family);
  EXPECT_EQ(back.broken, entry.broken);
  EXPECT_EQ(back.summary, entry.summary);
  ASSERT_EQ(back.expected.size(), 3u);
  EXPECT_EQ(back.expected.at(Checker::proof).says, Expectation::Says::proved);
  EXPECT_EQ(back.expected.at(Checker::proof).preemptions, 2);
  EXPECT_EQ(back.expected.at(Checker::proof).reason, "two threads");
  EXPECT_EQ(back.expected.at(Checker::relacy).preemptions, -1);
  EXPECT_EQ(back.expected.at(Checker::explore).says, Expectation::Says::finding);
  EXPECT_EQ(back.expected.at(Checker::explore).kind, Kind::assertion);
  EXPECT_EQ(back.expected.at(Checker::explore).allowed, std::vector{Kind::data_race});
  EXPECT_EQ(back.expected.at(Checker::relacy).reason, "written with std types");
}

TEST(CatalogueJson, AVerdictComesBackAsItWent) {
  Verdict verdict;
  verdict.state = State::failed;
  verdict.executions = 12;
  verdict.seconds = 0.5;
  verdict.seed = 18446744073709551615u;
  verdict.text = "found";
  verdict.outcomes["-600"] = 3;
  Finding& finding = verdict.finding.emplace();
  finding.kind = Kind::deadlock;
  finding.message = "bytes that are no UTF-8: \xff";
  finding.token = "r1:0000.1x1";
  finding.line = 7;
  finding.also = {Kind::data_race};
  const Verdict back = verdict_from_json(Json::parse(dump(to_json(verdict))));
  EXPECT_EQ(back.state, verdict.state);
  EXPECT_EQ(back.executions, 12u);
  EXPECT_EQ(back.seconds, 0.5);
  EXPECT_EQ(back.seed, verdict.seed);
  EXPECT_EQ(back.text, "found");
  EXPECT_EQ(back.outcomes, verdict.outcomes);
  ASSERT_TRUE(back.finding.has_value());
  EXPECT_EQ(back.finding->kind, Kind::deadlock);
  EXPECT_EQ(back.finding->token, finding.token);
  EXPECT_EQ(back.finding->line, 7);
  EXPECT_EQ(back.finding->also, finding.also);
}

}  // namespace
}  // namespace racecourse::catalogue
