#include <gtest/gtest.h>
#include <racecourse/checkers/options.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace racecourse {
namespace {

std::string refusal(const std::string& text, const Options& base = {}) {
  try {
    parse_options(text, base);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(OptionsText, SetsEveryField) {
  const EffectiveOptions parsed = parse_options(
      "strategy=pct executions=5 seconds=1.5 seed=18446744073709551615 workers=3 shard=2/5 max_steps=9 "
      "switch_probability=0.25 depth=4 "
      "race_check=0 stop_at_race=1 watchdog_seconds=0.5 token=r1:ffff name=n replay_command=c repetitions=7 "
      "deadline_seconds=3 trace=1 call=2 'forbidden=0 0|1 1'");
  const Options& options = parsed.options;
  EXPECT_EQ(options.strategy, "pct");
  EXPECT_EQ(options.executions, 5u);
  EXPECT_EQ(options.seconds, 1.5);
  EXPECT_EQ(options.seed, 18446744073709551615u);
  EXPECT_EQ(options.workers, 3);
  EXPECT_EQ(options.shard, "2/5");
  EXPECT_EQ(options.max_steps, 9u);
  EXPECT_EQ(options.switch_probability, 0.25);
  EXPECT_EQ(options.depth, 4);
  EXPECT_FALSE(options.race_check);
  EXPECT_TRUE(options.stop_at_race);
  EXPECT_EQ(options.watchdog_seconds, 0.5);
  EXPECT_EQ(options.token, "r1:ffff");
  EXPECT_EQ(options.name, "n");
  EXPECT_EQ(options.replay_command, "c");
  EXPECT_EQ(options.repetitions, 7u);
  EXPECT_EQ(options.deadline_seconds, 3);
  EXPECT_EQ(options.forbidden, (std::vector<std::string>{"0 0", "1 1"}));
  EXPECT_TRUE(parsed.whole_trace);
  EXPECT_EQ(parsed.call, 2u);
  EXPECT_TRUE(parsed.token_from_environment);
}

TEST(OptionsText, KeepsWhatItDoesNotName) {
  Options base;
  base.seed = 5;
  base.token = "r1:ffff";
  const EffectiveOptions parsed = parse_options("  executions=3\t", base);
  EXPECT_EQ(parsed.options.seed, 5u);
  EXPECT_EQ(parsed.options.executions, 3u);
  EXPECT_EQ(parsed.options.token, "r1:ffff");
  EXPECT_FALSE(parsed.token_from_environment);
}

TEST(OptionsText, LastValueWins) { EXPECT_EQ(parse_options("seed=1 seed=2").options.seed, 2u); }

TEST(OptionsText, QuotesKeepSpacesTogether) {
  EXPECT_EQ(parse_options("name='two words' seed=3").options.name, "two words");
  EXPECT_EQ(parse_options("name=\"it's\"").options.name, "it's");
  EXPECT_EQ(refusal("name='open"), "racecourse: the options end inside a quotation.");
}

TEST(OptionsText, UnknownKeyListsTheKeys) {
  EXPECT_EQ(refusal("sed=1"),
            "racecourse: unknown option \"sed\"; the options are strategy, executions, seconds, seed, workers, "
            "shard, max_steps, switch_probability, depth, preemptions, race_check, stop_at_race, spurious, judge, "
            "suppressions, forbidden, "
            "watchdog_seconds, token, "
            "name, replay_command, "
            "repetitions, deadline_seconds, json, trace, call.");
  EXPECT_EQ(refusal("seed").find("racecourse: option \"seed\" has no value: write key=value"), 0u);
}

TEST(OptionsText, BadValues) {
  for (const char* text : {"executions=", "executions=-1", "executions=1.5", "executions=1e9", "executions=0x10",
                           "executions=18446744073709551616", "executions=5,", "depth=x", "seconds=fast", "seconds=nan",
                           "seconds=inf", "race_check=maybe", "race_check="}) {
    EXPECT_NE(refusal(text), "") << text;
  }
  EXPECT_EQ(refusal("race_check=maybe"), "racecourse: option race_check=maybe is not 0 or 1.");
}

TEST(OptionsText, ThatCannotBeRun) {
  EXPECT_EQ(refusal("executions=0"), "racecourse: executions=0 means no limit, so a budget in seconds must be set.");
  EXPECT_EQ(refusal("executions=0 seconds=1"), "");
  for (const char* text :
       {"seconds=-1", "max_steps=0", "switch_probability=1.5", "switch_probability=-0.1", "depth=0",
        "watchdog_seconds=0", "repetitions=0", "deadline_seconds=0", "call=0", "workers=-1", "workers=65", "shard=1",
        "shard=0/2", "shard=3/2", "shard=1/101", "shard=1/2x", "executions=1 shard=1/2"}) {
    EXPECT_NE(refusal(text), "") << text;
  }
  EXPECT_EQ(refusal("strategy=exhaustive preemptions=2 shard=1/2"), "");
  EXPECT_NE(refusal("preemptions=2").find("say strategy=exhaustive"), std::string::npos);
  EXPECT_EQ(refusal("strategy=exhaustive shard=1/2"), "");
  EXPECT_EQ(refusal("strategy=exhaustive shard=1/1"), "");
  Options base;
  base.max_steps = 0;
  EXPECT_NE(refusal("", base), "") << "what the program asked for is checked too";
}

TEST(ReplayDifferences, HoldWhatAReplayNeeds) {
  Options wanted;
  EXPECT_EQ(replay_differences({}, wanted), "");
  wanted.seed = 7;
  wanted.executions = 3;
  EXPECT_EQ(replay_differences({}, wanted), "");
  wanted.max_steps = 50;
  wanted.race_check = false;
  wanted.watchdog_seconds = 0.5;
  const std::string text = replay_differences({}, wanted);
  EXPECT_EQ(text, "max_steps=50 race_check=0 watchdog_seconds=0.5");
  EXPECT_EQ(parse_options(text).options.max_steps, 50u);
}

}  // namespace
}  // namespace racecourse
