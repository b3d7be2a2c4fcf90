// Decisions of a caller: when one is due, and what follows those that cannot be taken.
#include <gtest/gtest.h>
#include <racecourse/checkers/schedule/steered.h>

#include <algorithm>
#include <vector>

namespace racecourse::schedule {
namespace {

using After = Steered::After;

class Play {
 public:
  explicit Play(std::vector<Decision> decisions, After after = After::stop)
      : decisions_(std::move(decisions)), strategy_(decisions_, after, outlook) {
    strategy_.begin(0, 0, {});
  }
  int choose(std::vector<std::uint16_t> enabled, std::vector<std::uint16_t> timed = {}, int current = 0) {
    const bool can_go_on = std::find(enabled.begin(), enabled.end(), current) != enabled.end();
    return strategy_.choose({enabled, timed, current, can_go_on, Reason::budget, 0}).thread;
  }
  std::uint32_t pick(std::uint32_t n) { return strategy_.pick(n); }

  Outlook outlook;

 private:
  std::vector<Decision> decisions_;
  Steered strategy_;
};

TEST(Steered, WhereOneCanGoOnNothingIsDue) {
  Play play({});
  EXPECT_EQ(play.choose({0}), 0);
  EXPECT_EQ(play.choose({0}), 0);
  EXPECT_FALSE(play.outlook.stopped);
}

TEST(Steered, ANewThreadRunsUpToItsFirstOperation) {
  Play play({{0, 0}});
  EXPECT_EQ(play.choose({0}), 0);
  EXPECT_EQ(play.choose({0, 1}), 1) << "it has done nothing yet";
  EXPECT_EQ(play.choose({0, 1}), 0) << "the decision";
  EXPECT_EQ(play.choose({0, 1}), -1);
  EXPECT_TRUE(play.outlook.stopped);
  EXPECT_FALSE(play.outlook.unfit);
  EXPECT_EQ(play.outlook.taken, 1u);
  EXPECT_EQ(play.outlook.option_count, 2u);
}

TEST(Steered, ATimeoutIsAWayToGoOn) {
  Play play({{1, 0}});
  play.choose({0});
  play.choose({0, 1});
  EXPECT_EQ(play.choose({0}, {1}), 1);
  EXPECT_EQ(play.choose({}, {1}), 1) << "it alone is left";
}

TEST(Steered, AThreadThatCannotGoOnIsNotChosen) {
  Play play({{2, 0}});
  play.choose({0});
  play.choose({0, 1});
  EXPECT_EQ(play.choose({0, 1}), -1);
  EXPECT_TRUE(play.outlook.unfit);
  EXPECT_EQ(play.outlook.taken, 0u);
}

TEST(Steered, RunsOnByTheDefaultRule) {
  Play play({}, After::run_on);
  play.choose({0});
  play.choose({0, 1});
  EXPECT_EQ(play.choose({0, 1}, {}, 1), 1);
  EXPECT_FALSE(play.outlook.stopped);
}

TEST(Steered, AnswersBelongToTheirStep) {
  Play play({{0, 2}, {0, 9}});
  play.choose({0});
  EXPECT_EQ(play.pick(3), 0u) << "before any decision";
  play.choose({0, 1});
  play.choose({0, 1});
  EXPECT_EQ(play.pick(3), 2u);
  EXPECT_EQ(play.outlook.alternatives, 3u);
  EXPECT_EQ(play.outlook.first_question, 1u);
  play.choose({0, 1});
  EXPECT_EQ(play.outlook.alternatives, 0u);
  EXPECT_EQ(play.pick(2), 1u) << "there are only two";
}

}  // namespace
}  // namespace racecourse::schedule
