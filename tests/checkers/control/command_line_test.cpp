#include <gtest/gtest.h>
#include <racecourse/checkers/control/command_line.h>

namespace racecourse::control {
namespace {

TEST(CommandLine, QuotesForTheShell) {
  EXPECT_EQ(shell_quoted("plain-1.2/x=y:z"), "plain-1.2/x=y:z");
  EXPECT_EQ(shell_quoted(""), "''");
  EXPECT_EQ(shell_quoted("two words"), "'two words'");
  EXPECT_EQ(shell_quoted("it's $HOME"), "'it'\\''s $HOME'");
  EXPECT_EQ(shell_quoted("Suite.*"), "'Suite.*'");
}

TEST(CommandLine, IsKnownAfterTheFrameworkTookItsArguments) {
  const std::vector<std::string> arguments = original_arguments();
  ASSERT_FALSE(arguments.empty());
  EXPECT_NE(arguments[0].find(program_name()), std::string::npos);
}

TEST(CommandLine, ReplacesEveryToken) {
  Options options;
  options.replay_command = "a {token} b {token}";
  EXPECT_EQ(replay_command(options, {}, "r1:ffff", "", 1), "a r1:ffff b r1:ffff");
}

TEST(CommandLine, NamesTestCallAndDifferences) {
  Options options;
  options.max_steps = 7;
  const std::string command = replay_command(options, {}, "r1:ffff", "Suite.Test/0", 3);
  EXPECT_EQ(command.find("RACECOURSE_OPTIONS=\"token=r1:ffff call=3 max_steps=7\" "), 0u) << command;
  EXPECT_NE(command.find(" --gtest_filter=Suite.Test/0"), std::string::npos) << command;
}

}  // namespace
}  // namespace racecourse::control
