// The racecourse command as a user meets it: exit codes, one clear line for a mistake, JSON.
#include <gtest/gtest.h>
#include <racecourse/tests/scenarios/command.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace {

using Json = nlohmann::json;

using racecourse::test::command;
using racecourse::test::Ended;

// A mistake costs one line on standard error that names it, nothing on standard output, and exit code 2.
void expect_refused(const std::string& arguments, const std::string& named) {
  SCOPED_TRACE("racecourse " + arguments);
  const Ended ended = command(arguments + " 2>&1 >/dev/null");
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.output.find(named), std::string::npos) << ended.output;
  EXPECT_EQ(std::count(ended.output.begin(), ended.output.end(), '\n'), 1) << ended.output;
  EXPECT_EQ(ended.output.find("racecourse: "), 0u) << ended.output;
  EXPECT_EQ(command(arguments + " 2>/dev/null").output, "");
}

Json rows(const std::string& arguments) { return Json::parse(command(arguments + " --json 2>/dev/null").output); }

TEST(CommandLine, UnknownNamesAreRefused) {
  expect_refused("", "command");
  expect_refused("rnu", "did you mean run?");
  expect_refused("run acount", "did you mean account?");
  expect_refused("run account/chek_then_act", "did you mean account/check_then_act?");
  expect_refused("run account --checker valgrind", "\"valgrind\"");
  expect_refused("matrix nothing_like_it_at_all", "nothing_like_it_at_all");
  expect_refused("replay acount --token r1:0000.1x1", "did you mean account");
  expect_refused("run --surprise", "--surprise");
}

TEST(CommandLine, BadNumbersAreRefused) {
  expect_refused("run account --seed many", "--seed");
  expect_refused("run account --seed -1", "--seed");
  expect_refused("run account --executions 0", "--executions");
  expect_refused("run account --executions abc", "\"abc\" is no number");
  expect_refused("run account --seconds 0", "--seconds");
}

TEST(CommandLine, CorruptTokensAreRefused) {
  expect_refused("replay account/check_then_act", "--token");
  for (const char* token : {"x", "r1:", "r1:0000.1x1", "r9:7f3a.1x1", "r1:zzzz.axb", "''"}) {
    expect_refused(std::string("replay account/check_then_act --token ") + token, "token");
  }
}

TEST(CommandLine, NewRefusesWhatCannotBeMade) {
  expect_refused("new My-Bug", "as in my_bug");
  expect_refused("new account --dir " RACECOURSE_SOURCES, "already");
  expect_refused("new mine --dir /proc/nothing", "/proc/nothing");
  expect_refused("new mine --dir /etc", "not empty");
}

TEST(CommandLine, ListShowsWhatIsNamed) {
  EXPECT_EQ(rows("list account/locked").size(), 1u);
  EXPECT_GT(rows("list account").size(), 1u);
  expect_refused("list acount", "did you mean account?");
}

TEST(CommandLine, AMatrixHasTheColumnsThatWereAskedFor) {
  const Ended ended = command("matrix account/locked --checker explore");
  EXPECT_EQ(ended.output.find("TSan "), std::string::npos) << ended.output;
  EXPECT_NE(ended.output.find("explore"), std::string::npos) << ended.output;
}

TEST(CommandLine, AReplayNeedsOneVariant) { expect_refused("replay account --token r1:0000.1x1", "which variant"); }

TEST(CommandLine, BadOptionsInTheEnvironmentAreRefused) {
  const Ended ended = command("run account/locked --checker explore 2>&1 >/dev/null");
  EXPECT_EQ(ended.exit_code, 0);
  setenv("RACECOURSE_OPTIONS", "speed=11", 1);
  expect_refused("run account/locked --checker explore", "speed");
  unsetenv("RACECOURSE_OPTIONS");
}

TEST(CommandLine, ListShowsEveryVariantWithItsDeclarations) {
  const Json list = rows("list");
  ASSERT_TRUE(list.is_array());
  const auto account = std::find_if(list.begin(), list.end(), [](const Json& entry) {
    return entry.at("name") == "account" && entry.at("variant") == "check_then_act";
  });
  ASSERT_NE(account, list.end());
  EXPECT_EQ(account->at("broken"), true);
  EXPECT_FALSE(account->at("summary").get<std::string>().empty());
  EXPECT_EQ(account->at("expected").at("explore").at("says"), "finding");
  for (const Json& entry : list) EXPECT_FALSE(entry.at("expected").empty()) << entry;
}

TEST(CommandLine, EveryRightPrimitiveSaysWhatIsProvedOfIt) {
  for (const Json& entry : rows("list")) {
    if (entry.at("family") != "primitive" || entry.at("broken") == true) continue;
    EXPECT_TRUE(entry.at("expected").contains("proof")) << entry;
  }
}

TEST(CommandLine, AProofSaysHowManyExecutionsThereAre) {
  const Ended matrix = command("matrix account/cas_loop account/check_then_act --checker proof --checker explore");
  EXPECT_NE(matrix.output.find("all 16 executions"), std::string::npos) << matrix.output;
  const Ended alone = command("run account/cas_loop --checker proof");
  EXPECT_EQ(alone.exit_code, 0);
  EXPECT_NE(alone.output.find("proved: all 16 executions of 3 threads"), std::string::npos) << alone.output;
  const Ended scenario = command("matrix torn_line --declared");
  EXPECT_EQ(scenario.output.find("proved"), std::string::npos) << scenario.output;
}

TEST(CommandLine, RowsCarryTheVerdict) {
  const Json all = rows("run account/check_then_act --checker explore --seed 3");
  ASSERT_EQ(all.size(), 1u);
  const Json& row = all[0];
  EXPECT_EQ(row.at("name"), "account");
  EXPECT_EQ(row.at("variant"), "check_then_act");
  EXPECT_EQ(row.at("checker"), "explore");
  EXPECT_EQ(row.at("expected"), row.at("kind"));
  EXPECT_EQ(row.at("verdict"), "failed");
  EXPECT_GE(row.at("executions"), 1);
  EXPECT_GE(row.at("seconds"), 0.0);
  EXPECT_EQ(row.at("seed"), 3);
  EXPECT_EQ(row.at("as_declared"), true);
  EXPECT_EQ(row.at("token").get<std::string>().substr(0, 3), "r1:");
}

std::set<std::string> kinds(const Json& row) {
  std::set<std::string> all = row.at("also");
  all.insert(row.at("kind").get<std::string>());
  return all;
}

TEST(CommandLine, ATokenReplays) {
  const Json all = rows("run account/check_then_act --checker explore");
  ASSERT_EQ(all.size(), 1u);
  const std::string token = all[0].at("token");
  const Json again = rows("replay account/check_then_act --token " + token);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(kinds(again[0]), kinds(all[0]));
  EXPECT_EQ(again[0].at("as_declared"), true);

  const Ended report = command("replay account/check_then_act --token " + token);
  EXPECT_EQ(report.exit_code, 0);
  EXPECT_NE(report.output.find("T1"), std::string::npos) << report.output;
  const Ended trace = command("replay account/check_then_act --trace --token " + token);
  EXPECT_EQ(trace.exit_code, 0);
  EXPECT_GT(trace.output.size(), report.output.size());
}

TEST(CommandLine, TheReplayCommandWorksWhenPasted) {
  const Json all = rows("run account/check_then_act --checker explore");
  ASSERT_EQ(all.size(), 1u);
  const std::string pasted = all[0].at("replay_command");
  EXPECT_EQ(std::system((pasted + " >/dev/null").c_str()), 0) << pasted;
}

TEST(CommandLine, TheReplayCommandOfRealThreadsIsARun) {
  const Json all = rows("run account/check_then_act --checker tsan --seed 3");
  ASSERT_EQ(all.size(), 1u);
  const std::string pasted = all[0].at("replay_command");
  EXPECT_EQ(pasted, RACECOURSE_PROGRAM " run account/check_then_act --checker tsan --seed 3");
  const Ended again = command(pasted.substr(pasted.find(" run ") + 1));
  EXPECT_EQ(again.exit_code, 0) << again.output;
  EXPECT_NE(again.output.find(pasted), std::string::npos) << again.output;
}

TEST(CommandLine, OneSeedGivesOneAnswer) {
  const auto stripped = [](Json all) {
    for (Json& row : all) row.erase("seconds");
    return all;
  };
  const std::string arguments = "run account/check_then_act lock --checker explore --seed 5";
  EXPECT_EQ(stripped(rows(arguments)), stripped(rows(arguments)));
}

TEST(CommandLine, AScenarioIsShownWithoutItsAnswerAndExplainedWithIt) {
  const auto shown = command("show daemon_join");
  EXPECT_EQ(shown.exit_code, 0);
  EXPECT_NE(shown.output.find("join_daemon_forever (broken)"), std::string::npos) << shown.output;
  EXPECT_NE(shown.output.find("scenarios/daemon_join/daemon_join.cpp"), std::string::npos) << shown.output;
  EXPECT_EQ(shown.output.find("The rule"), std::string::npos) << shown.output;
  const auto hint = command("show daemon_join --hint 3");
  EXPECT_NE(hint.output.find("Hint 3 of 3"), std::string::npos) << hint.output;
  const auto explained = command("explain daemon_join");
  EXPECT_EQ(explained.exit_code, 0);
  for (const char* part : {"non-termination", "replay: ", "The rule", "The fix", "Tempting, and wrong", "To read"}) {
    EXPECT_NE(explained.output.find(part), std::string::npos) << part << "\n" << explained.output;
  }
}

TEST(CommandLine, WhatHasNoStoryIsRefused) {
  expect_refused("show daemon_jion", "did you mean daemon_join?");
  expect_refused("explain acount", "did you mean account?");
  expect_refused("show account --hint 1", "its contract is all there is to read");
  expect_refused("show daemon_join --hint 4", "3 hints");
  expect_refused("odds account/locked", "nothing to catch");
  expect_refused("odds acount", "did you mean account");
}

TEST(CommandLine, WhatIsOnlySlowIsMeasured) {
  const auto measured = command("measure false_sharing --runs 1 --scale 0.1");
  EXPECT_EQ(measured.exit_code, 0);
  EXPECT_NE(measured.output.find("side_by_side"), std::string::npos) << measured.output;
  expect_refused("odds false_sharing", "measure false_sharing");
  expect_refused("measure dinner", "nothing to measure");
  const auto explained = command("explain lock_convoy");
  EXPECT_EQ(explained.exit_code, 0);
  for (const char* part : {"measure lock_convoy", "The rule", "Tempting, and wrong"}) {
    EXPECT_NE(explained.output.find(part), std::string::npos) << part << "\n" << explained.output;
  }
  const auto row = command("matrix lock_convoy/in_turn --declared");
  EXPECT_NE(row.output.find("in_turn | slow | cannot see it"), std::string::npos) << row.output;
}

TEST(CommandLine, OddsCompareRepetitionWithEachSearch) {
  const auto odds = command("odds account/atomic_but_not_together --repetitions 20 --seeds 2 2>/dev/null");
  EXPECT_EQ(odds.exit_code, 0);
  for (const char* row : {" of 20 runs", "ThreadSanitizer", "search: uniform", "search: default"}) {
    EXPECT_NE(odds.output.find(row), std::string::npos) << row << "\n" << odds.output;
  }
}

// Ctrl-C: what was found so far, by the searches that were under way too, and nobody stays behind.
TEST(CommandLine, AnInterruptedRunSaysWhatItFound) {
  using racecourse::test::interrupted_command;
  const std::vector<const char*> run{"run",       "lock/parking", "lock/ttas", "--checker", "explore",
                                     "--seconds", "500",          "--jobs",    "2"};
  for (const int signal : {SIGINT, SIGTERM}) {
    const Ended ended = interrupted_command(run, signal);
    EXPECT_EQ(ended.exit_code, 130);
    for (const char* said : {"--  lock/parking", "racecourse: lock/",
                             "interrupted; not found: ", "racecourse: interrupted; 0 of 2 verdicts were given"})
      EXPECT_NE(ended.output.find(said), std::string::npos) << said << "\n" << ended.output;
    EXPECT_EQ(ended.output.find("STILL THERE"), std::string::npos) << ended.output;
  }
  auto json = run;
  json.push_back("--json");
  EXPECT_EQ(interrupted_command(json, SIGINT).output.substr(0, 3), "[\n]");
  const Ended matrix = interrupted_command({"matrix", "lock/ttas", "--checker", "explore", "--seconds", "500"}, SIGINT);
  EXPECT_EQ(matrix.exit_code, 130);
  EXPECT_EQ(matrix.output, "racecourse: interrupted\n");
}

// Real threads: the run in progress is not waited for.
TEST(CommandLine, InterruptedRealThreadsSayHowFarTheyCame) {
  const Ended ended =
      racecourse::test::interrupted_command({"run", "lock/ttas", "--checker", "tsan", "--seconds", "500"}, SIGINT);
  EXPECT_EQ(ended.exit_code, 130);
  EXPECT_NE(ended.output.find("runs on real threads (seed "), std::string::npos) << ended.output;
}

}  // namespace
