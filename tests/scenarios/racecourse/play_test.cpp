// `racecourse play` from end to end: scripts against real bodies, plain lines, exit codes.
#include <gtest/gtest.h>
#include <racecourse/tests/scenarios/command.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace {

using racecourse::test::command;
using racecourse::test::Ended;

Ended play(const std::string& name, const std::string& script) {
  return command("play " + name + " --schedule \"" + script + "\" 2>&1");
}

void expect_says(const Ended& ended, const std::string& text) {
  EXPECT_NE(ended.output.find(text), std::string::npos) << text << "\nis missing in\n" << ended.output;
}

// As wide as a terminal, but for what must be pasted in one piece.
void expect_fits(const Ended& ended) {
  for (std::string_view text = ended.output; !text.empty();) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.starts_with("replay: ") || line.starts_with("play: ")) continue;
    EXPECT_LE(line.size(), 80u) << line;
  }
  EXPECT_EQ(ended.output.find('\033'), std::string::npos) << "colours, and no terminal";
}

std::string line_with(const Ended& ended, const std::string& begin) {
  const auto at = ended.output.find("\n" + begin);
  if (at == std::string::npos) return "";
  return ended.output.substr(at + 1, ended.output.find('\n', at + 1) - at - 1);
}

// Whoever gives up is told the way; it must lead there.
void expect_shown_way_wins(const std::string& name) {
  SCOPED_TRACE(name);
  const Ended gave_up = play(name, "g");
  const std::string announced = "The bug is of the kind ";
  std::string text = gave_up.output;
  std::ranges::replace(text, '\n', ' ');
  const auto at = text.find(announced);
  ASSERT_NE(at, std::string::npos) << gave_up.output;
  const auto word = at + announced.size();
  const std::string kind = text.substr(word, text.find('.', word) - word);
  EXPECT_EQ(gave_up.exit_code, 1);
  expect_says(gave_up, "There is one");
  expect_fits(gave_up);
  const auto begin = gave_up.output.find("--schedule \"");
  ASSERT_NE(begin, std::string::npos) << gave_up.output;
  std::string way = gave_up.output.substr(begin + 12);
  way = way.substr(0, way.find('"'));
  std::ranges::replace(way, '\n', ' ');
  const Ended won = play(name, way);
  EXPECT_EQ(won.exit_code, 0) << way;
  expect_says(won, "You have reached the bug");
  expect_says(won, ": " + kind + ": ");
  expect_fits(won);
}

TEST(PlayCommand, TheAccountIsOverdrawn) {
  // Both look at 1000, both sleep, both subtract.
  const Ended won = play("account/check_then_act", "0 1 2 1 2 1 r");
  EXPECT_EQ(won.exit_code, 0);
  expect_says(won, "You have reached the bug in 6 turns: assertion: assertion failed: balance >= 0");
  expect_says(won, "played: 0 1 2 1 2 1\n");
  expect_fits(won);
  // The command that it prints shows the same.
  const std::string replay = line_with(won, "replay: ");
  const auto words = replay.find(" replay ");
  ASSERT_NE(words, std::string::npos) << won.output;
  const Ended replayed = command(replay.substr(words + 1) + " 2>&1");
  expect_says(replayed, "assertion: assertion failed: balance >= 0");
}

TEST(PlayCommand, TheSameScriptIsTheSameGame) {
  EXPECT_EQ(play("account/check_then_act", "0 1 2 u 2 1 2").output,
            play("account/check_then_act", "0 1 2 u 2 1 2").output);
}

TEST(PlayCommand, WhatWasPickedIsShown) {
  const Ended half = play("account/check_then_act", "0 1");
  EXPECT_EQ(half.exit_code, 1) << "it was not won";
  expect_says(half, "      T0                      T1                      T2\n");
  expect_says(half, "next  join T1 ...             sleep 1 ms              read ");
  expect_says(half, "key   0                       1                       2\n");
  expect_says(half, " -> 1000\n");
  expect_says(half, "played: 0 1\n");
}

// The screen that the README shows is that of its script.
TEST(PlayCommand, TheReadmeShowsIt) {
  std::ifstream file(RACECOURSE_SOURCES "/README.md");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const std::string mark = "<!-- play: begin -->\n\n```\n";
  const auto begin = text.find(mark), end = text.find("```\n\n<!-- play: end -->");
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  expect_says(play("account/check_then_act", "0 1 2"),
              "\n\n" + text.substr(begin + mark.size(), end - begin - mark.size()));
}

TEST(PlayCommand, TheWayIsShown) {
  expect_shown_way_wins("lock/lost_wakeup");
  expect_shown_way_wins("barrier/no_generation");
  expect_shown_way_wins("daemon_join");
  expect_shown_way_wins("dining_philosophers");
}

TEST(PlayCommand, GivingUpOnARightOneIsJudgedHonestly) {
  const Ended proved = play("account/locked", "0 h g");
  EXPECT_EQ(proved.exit_code, 0);
  expect_says(proved, "No hint: the search has found no bug either.");
  expect_says(proved, "You are right: nobody can. proved: all ");
  const Ended searched = play("daemon_join/joins_writer_only", "g");
  EXPECT_EQ(searched.exit_code, 0);
  expect_says(searched, "You may be right. Nobody has proved it");
  expect_says(searched, "not found");
}

TEST(PlayCommand, HintsLeadToTheBug) {
  const Ended hinted = play("lock/test_then_set", "0 h");
  expect_says(hinted, "Hint: T");
  expect_says(hinted, "to the bug.");
}

TEST(PlayCommand, MistakesAreAnsweredByASentence) {
  const Ended ended = play("account/check_then_act", "zz 7 u 0 0 0 1:1");
  expect_says(ended, "nothing is called \"zz\"");
  expect_says(ended, "there is no T7; T0, T1 can go on");
  expect_says(ended, "there is no turn to take back");
  expect_says(ended, "T0 waits for T1 to end; T1, T2 can go on");
  expect_says(ended, "wakes nobody that could be chosen");
  expect_fits(ended);
}

TEST(PlayCommand, ReadsLines) {
  const Ended ended = command("play account/check_then_act <<'END' 2>&1\n0 1\n\nT2\nq\nEND");
  EXPECT_EQ(ended.exit_code, 1);
  expect_says(ended, "played: 0 1 2\n");
  EXPECT_EQ(command("play account/check_then_act 2>&1 </dev/null").exit_code, 1) << "the end of the input is q";
}

TEST(PlayCommand, AScriptMayBeAFile) {
  const std::string name = testing::TempDir() + "racecourse_play_script";
  std::ofstream(name) << "0 1 2  # both look\n1 2 1 r\n";
  EXPECT_EQ(play("account/check_then_act", name).exit_code, 0);
  std::remove(name.c_str());
}

TEST(PlayCommand, ALecture) {
  const Ended all = command("play account/check_then_act --lecture </dev/null 2>&1");
  EXPECT_EQ(all.exit_code, 0);
  expect_says(all, "step  T0");
  EXPECT_EQ(all.output.find("  1   "), std::string::npos) << "the input has ended before the first step";
  const Ended two = command("play account/check_then_act --lecture <<'END' 2>&1\n\n\nq\nEND");
  expect_says(two, "\n  2   ");
  EXPECT_EQ(two.output.find("\n  3   "), std::string::npos) << two.output;
  expect_fits(two);
}

TEST(PlayCommand, WhatCannotBePlayedIsRefused) {
  const auto refused = [](const std::string& arguments, const std::string& why) {
    const Ended ended = command(arguments + " 2>&1 >/dev/null");
    EXPECT_EQ(ended.exit_code, 2) << arguments;
    expect_says(ended, why);
  };
  refused("play acount", "did you mean account?");
  refused("play", "NAME");
  refused("play store_buffering/relaxed", "cannot be played");
  refused("play fork_while_locked/forks_beside_a_thread", "cannot be played");
}

TEST(ExplainCommand, AFixIsADifference) {
  const Ended scenario = command("explain dining_philosophers 2>&1");
  expect_says(scenario, "The fix in code: - left_then_right, + ");
  expect_says(scenario, "\n  -   const std::lock_guard right(");
  const Ended primitive = command("explain account/check_then_act 2>&1");
  EXPECT_EQ(primitive.exit_code, 0);
  expect_says(primitive, "What is broken\n");
  expect_says(primitive, "The rule\n  A1");
  expect_says(primitive, "\n  +     std::lock_guard guard(mutex_);\n");
}

TEST(ShowCommand, TheCodeIsShownWithoutItsMark) {
  const Ended shown = command("show dining_philosophers 2>&1");
  expect_says(shown, "The code of left_then_right\n");
  EXPECT_EQ(shown.output.find("BUG"), std::string::npos) << shown.output;
  const Ended primitive = command("show account/check_then_act 2>&1");
  expect_says(primitive, "class CheckThenAct");
  EXPECT_EQ(primitive.output.find("BUG"), std::string::npos) << primitive.output;
  EXPECT_EQ(primitive.output.find("\nVariants   "), std::string::npos) << "the contract's list tells the faults";
}

TEST(DoctorCommand, SaysALineForEach) {
  const Ended ended = command("doctor 2>&1");
  EXPECT_TRUE(ended.exit_code == 0 || ended.exit_code == 1) << ended.output;
  expect_says(ended, "ThreadSanitizer of ");
  expect_says(ended, "the catalogue answers");
}

}  // namespace
