// Tokens: a finding comes back, in this process and in the options' environment.
#include <gtest/gtest-spi.h>
#include <racecourse/checkers/schedule/schedule.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "support.h"

namespace racecourse {
namespace {

using testing_support::keep_both_updates;
using testing_support::lose_an_update;
using testing_support::summary;

Options token(const std::string& text) {
  Options options;
  options.token = text;
  return options;
}

// A picture without its last line, the command.
std::string steps(const std::string& picture) { return picture.substr(0, picture.find("replay:")); }

class Environment {
 public:
  explicit Environment(const std::string& options) { setenv("RACECOURSE_OPTIONS", options.c_str(), 1); }
  ~Environment() { unsetenv("RACECOURSE_OPTIONS"); }
};

TEST(Replay, FindsItAgain) {
  const Verdict found = search(lose_an_update);
  ASSERT_TRUE(found.finding);
  const Verdict replayed = search(lose_an_update, token(found.finding->token));
  EXPECT_EQ(summary(replayed), "failed: assertion");
  EXPECT_EQ(replayed.executions, 1u);
  EXPECT_EQ(replayed.finding->message, found.finding->message);
  EXPECT_EQ(steps(replayed.finding->picture), steps(found.finding->picture));
}

TEST(Replay, OfAnotherProgramsToken) {
  schedule::Schedule schedule;
  schedule.segments = {{0, 3}, {7, 2}};
  const Verdict verdict = search(keep_both_updates, token(schedule::to_token(schedule)));
  EXPECT_EQ(verdict.state, State::not_found);
  EXPECT_EQ(
      verdict.text,
      "not found: the token does not fit this program: segment 2 of 2 (thread 7 for 2 ticks) could not be followed");
}

// A token survives what changes no operation, and is refused where the first one differs.
TEST(Replay, OfAProgramThatHasChanged) {
  static bool changed;  // stands for an edit between two builds
  static int unrelated;
  const auto body = [] {
    std::atomic<int> a{0}, b{0};
    std::thread other([&] {
      b = a + 1;
      if (changed) b = 0;  // the change
    });
    a = b + 1;
    other.join();
    EXPECT_NE(a + b, 2 + unrelated);
  };
  changed = false;
  const Verdict found = search(body);
  ASSERT_TRUE(found.finding) << found.text;
  ASSERT_NE(schedule::fingerprint_of(found.finding->token), "");
  EXPECT_LT(found.finding->token.size(), 100u);
  EXPECT_EQ(search(body, token(found.finding->token)).state, State::failed);
  changed = true;
  const Verdict refused = search(body, token(found.finding->token));
  EXPECT_EQ(refused.state, State::not_found);
  EXPECT_NE(refused.text.find(" (replay_test.cpp:"), std::string::npos) << refused.text;
}

// What comes first is not the user's: the next line that is.
TEST(Replay, OfAProgramThatHasChangedWhereItBegins) {
  static bool changed;
  const auto body = [] {
    const auto block = changed ? nullptr : std::make_shared<int>(1);
    std::atomic<int> a{0}, b{0};
    std::thread other([&] { b = a + 1; });
    a = b + 1;
    other.join();
    EXPECT_NE(a + b, 2);
  };
  changed = false;
  const Verdict found = search(body);
  ASSERT_TRUE(found.finding) << found.text;
  changed = true;
  const Verdict refused = search(body, token(found.finding->token));
  EXPECT_NE(refused.text.find(" of T0 (before replay_test.cpp:"), std::string::npos) << refused.text;
}

TEST(Replay, OfAScheduleWithoutAFinding) {
  const Verdict verdict = search(keep_both_updates, token("r1:ffff"));
  EXPECT_EQ(verdict.state, State::not_found);
  EXPECT_NE(verdict.text.find("ends without a finding"), std::string::npos) << verdict.text;
}

TEST(Replay, RefusesAThreadThatCannotBe) {
  schedule::Schedule schedule;
  schedule.segments = {{4'000'000'000u, 1}};
  EXPECT_THROW(search(keep_both_updates, token(schedule::to_token(schedule))), schedule::BadToken);
}

TEST(Replay, CommandNamesTheTest) {
  const Verdict verdict = search(lose_an_update);
  ASSERT_TRUE(verdict.finding);
  const std::string& command = verdict.finding->replay_command;
  EXPECT_EQ(command.find("RACECOURSE_OPTIONS=\"token=" + verdict.finding->token + "\" "), 0u) << command;
  EXPECT_NE(command.find("--gtest_filter=Replay.CommandNamesTheTest"), std::string::npos) << command;
}

TEST(Replay, CommandNamesTheCall) {
  search([] {});
  const Verdict verdict = search(lose_an_update);
  ASSERT_TRUE(verdict.finding);
  EXPECT_NE(verdict.finding->replay_command.find(" call=2\" "), std::string::npos) << verdict.finding->replay_command;
}

TEST(Replay, CommandKeepsWhatTheEnvironmentChanged) {
  const Environment environment("stop_at_race=1 seed=3");
  const Verdict verdict = search(lose_an_update);
  ASSERT_TRUE(verdict.finding);
  EXPECT_NE(verdict.finding->replay_command.find(" stop_at_race=1\" "), std::string::npos)
      << verdict.finding->replay_command;
}

TEST(Replay, CommandCanBeGiven) {
  Options options;
  options.replay_command = "racecourse replay counter --token {token}";
  const Verdict verdict = search(lose_an_update, options);
  ASSERT_TRUE(verdict.finding);
  EXPECT_EQ(verdict.finding->replay_command, "racecourse replay counter --token " + verdict.finding->token);
  EXPECT_NE(verdict.finding->report.find(verdict.finding->replay_command), std::string::npos);
}

TEST(Replay, TokenOfTheEnvironmentIsForOneCall) {
  const Verdict found = search(lose_an_update);  // call 1
  ASSERT_TRUE(found.finding);
  const Environment environment("token=" + found.finding->token + " call=3");
  expect_finding(keep_both_updates, Kind::deadlock);                      // call 2: says nothing, fails nothing
  EXPECT_NONFATAL_FAILURE(explore(lose_an_update), "replay of a token");  // call 3
}

TEST(Replay, WholeTraceOnRequest) {
  const Verdict found = search(lose_an_update);
  ASSERT_TRUE(found.finding);
  const Environment environment("trace=1 call=2 token=" + found.finding->token);
  const Verdict traced = search(lose_an_update);
  ASSERT_TRUE(traced.finding) << traced.text;
  EXPECT_GT(traced.finding->report.size(), found.finding->report.size());
}

TEST(Replay, ShowsTheOutput) {
  const auto body = [] {
    std::printf("before the failure\n");
    std::fflush(stdout);
    EXPECT_TRUE(false);
  };
  const Verdict verdict = search(body, token("r1:ffff"));
  ASSERT_TRUE(verdict.finding) << verdict.text;
  EXPECT_NE(verdict.finding->report.find("output of this execution:\nbefore the failure\n"), std::string::npos)
      << verdict.finding->report;
}

TEST(Environment, UnknownOptionIsRefused) {
  const Environment environment("executionz=5");
  try {
    search([] {});
    ADD_FAILURE() << "no exception";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("unknown option \"executionz\"; the options are strategy, executions, "),
              std::string::npos)
        << error.what();
  }
}

TEST(Environment, Wins) {
  const Environment environment("executions=7 seed=9");
  EXPECT_EQ(search(keep_both_updates).text.find("not found: 7 executions (seed 9), "), 0u);
}

TEST(Confirmation, FailsForAFindingOfThisProcessAlone) {
  // In the fresh process the variable is there already.
  setenv("RACECOURSE_TEST_PROCESS", std::to_string(getpid()).c_str(), 0);
  const Verdict verdict =
      search([process = std::to_string(getpid())] { EXPECT_NE(process, std::getenv("RACECOURSE_TEST_PROCESS")); });
  unsetenv("RACECOURSE_TEST_PROCESS");
  EXPECT_EQ(verdict.state, State::unreliable) << verdict.text;
  EXPECT_NE(verdict.text.find("but the fresh process followed the schedule and found nothing"), std::string::npos)
      << verdict.text;
  EXPECT_TRUE(verdict.finding);
}

// A body that depends on more than the schedule: both replays are shown where they part.
TEST(Confirmation, ShowsTwoReplaysSideBySide) {
  setenv("RACECOURSE_TEST_PROCESS", std::to_string(getpid()).c_str(), 0);
  const bool here = std::to_string(getpid()) == std::getenv("RACECOURSE_TEST_PROCESS");
  const Verdict verdict = search([here] {
    std::atomic<int> shared{0};
    std::thread other([&] { shared = here ? 6 : 7; });
    other.join();
    EXPECT_EQ(shared, 7);
  });
  unsetenv("RACECOURSE_TEST_PROCESS");
  ASSERT_EQ(verdict.state, State::unreliable) << verdict.text;
  const std::string& report = verdict.finding->report;
  const std::size_t marked = report.find("\n! ");
  const std::size_t stored = report.find(" T1   store shared", marked);
  ASSERT_NE(marked, std::string::npos) << report;
  ASSERT_NE(stored, std::string::npos) << report;
  const std::string line = report.substr(stored, report.find('\n', stored) - stored);
  EXPECT_LT(line.find(" <- 6 "), line.find(" <- 7 ")) << report;
  EXPECT_NE(line.find(" <- 7 "), std::string::npos) << report;
}

TEST(Confirmation, FailsIfTheProgramDoesNotComeToTheCallAgain) {
  if (std::getenv("RACECOURSE_TEST_ONCE") != nullptr) return;
  setenv("RACECOURSE_TEST_ONCE", "1", 1);
  const Verdict verdict = search(lose_an_update);
  unsetenv("RACECOURSE_TEST_ONCE");
  EXPECT_EQ(verdict.state, State::unreliable);
  EXPECT_NE(verdict.text.find("before it came to this call of explore()"), std::string::npos) << verdict.text;
}

TEST(Confirmation, ExploreFailsTheTestWhenUnreliable) {
  if (std::getenv("RACECOURSE_TEST_ONCE") != nullptr) return;
  setenv("RACECOURSE_TEST_ONCE", "1", 1);
  EXPECT_NONFATAL_FAILURE(explore(lose_an_update), "unreliable: assertion in execution");
  unsetenv("RACECOURSE_TEST_ONCE");
}

}  // namespace
}  // namespace racecourse
