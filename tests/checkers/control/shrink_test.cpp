// Shrinking, on a toy program whose executions are only a list of who ran.
#include <gtest/gtest.h>
#include <racecourse/checkers/control/shrink.h>
#include <racecourse/checkers/schedule/strategy.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace racecourse::control {
namespace {

using schedule::Schedule;
using schedule::Segment;

// Threads 0..n-1 that take `length` ticks each and never block. `bug` sees who ran at each tick.
struct Toy {
  std::uint32_t threads = 3;
  std::uint32_t length = 10;
  std::function<bool(const std::vector<std::uint32_t>& ran, const Schedule& schedule)> bug;
  std::uint64_t replays = 0;

  Attempt replay(const Schedule& schedule) {
    replays++;
    std::vector<std::uint32_t> left(threads, length);
    std::vector<std::uint32_t> ran;
    Attempt attempt;
    const auto run = [&](std::uint32_t thread, std::uint32_t ticks) {
      if (thread >= threads) return;
      const std::uint32_t count = std::min(ticks == 0 ? length : ticks, left[thread]);
      if (count == 0) return;
      left[thread] -= count;
      ran.insert(ran.end(), count, thread);
      auto& segments = attempt.recorded.segments;
      if (!segments.empty() && segments.back().thread == thread) {
        segments.back().ticks += count;
      } else {
        segments.push_back({thread, count});
      }
    };
    for (const Segment& segment : schedule.segments) run(segment.thread, segment.ticks);
    const std::uint32_t last = ran.empty() ? 0 : ran.back();
    for (std::uint32_t i = 0; i < threads; i++) run((last + i) % threads, schedule::kUnlimited);
    attempt.recorded.segments.back().ticks = 0;  // until the end
    attempt.recorded.picks = schedule.picks;
    attempt.ticks = ran.size();
    attempt.same = bug(ran, schedule);
    return attempt;
  }

  Shrunk shrink_from(const Schedule& start, const ShrinkBudget& budget = {}) {
    return shrink(
        start, [this](const Schedule& candidate) { return replay(candidate); }, budget);
  }
};

// Each thread one tick at a time, in turn.
Schedule rotating(const Toy& toy) {
  Schedule schedule;
  for (std::uint32_t tick = 0; tick < toy.length; tick++) {
    for (std::uint32_t thread = 0; thread < toy.threads; thread++) schedule.segments.push_back({thread, 1});
  }
  return schedule;
}

// Position at which `thread` runs for the n-th time (from 0).
std::size_t position(const std::vector<std::uint32_t>& ran, std::uint32_t thread, std::uint32_t n) {
  for (std::size_t i = 0; i < ran.size(); i++) {
    if (ran[i] == thread && n-- == 0) return i;
  }
  return ran.size();
}

TEST(Shrink, FindsTheEmptyScheduleWhenAnyWillDo) {
  Toy toy;
  toy.bug = [](const auto&, const auto&) { return true; };
  const Shrunk shrunk = toy.shrink_from(rotating(toy));
  EXPECT_TRUE(shrunk.reproduced);
  EXPECT_EQ(shrunk.schedule, Schedule{});
  EXPECT_EQ(shrunk.from, 29u);
  EXPECT_EQ(shrunk.to, 2u);
}

TEST(Shrink, KeepsTheOnePreemptionThatIsNeeded) {
  Toy toy;
  // All of thread 2 inside the first half of thread 0.
  toy.bug = [](const auto& ran, const auto&) {
    return position(ran, 0, 3) < position(ran, 2, 0) && position(ran, 2, 9) < position(ran, 0, 9);
  };
  Schedule start = rotating(toy);
  start.segments.insert(start.segments.begin(), {{0, 4}, {1, 1}, {2, 5}, {1, 2}, {2, 5}});
  const Shrunk shrunk = toy.shrink_from(start);
  ASSERT_TRUE(shrunk.reproduced);
  EXPECT_EQ(shrunk.to, 3u);  // 0, 2, 0, and thread 1 at its end
  EXPECT_TRUE(toy.replay(shrunk.schedule).same);
  EXPECT_LE(schedule::switches(shrunk.schedule), shrunk.to);
}

TEST(Shrink, NeedsTwoOrderings) {
  Toy toy;
  toy.bug = [](const auto& ran, const auto&) {
    return position(ran, 1, 2) < position(ran, 0, 5) && position(ran, 0, 5) < position(ran, 1, 3) &&
           position(ran, 2, 0) < position(ran, 0, 0);
  };
  Schedule start;
  start.segments = {{2, 3}, {0, 5}, {1, 1}, {2, 1}, {1, 2}, {2, 2}, {0, 2},
                    {2, 1}, {1, 4}, {0, 1}, {2, 3}, {1, 3}, {0, 2}};
  ASSERT_TRUE(toy.replay(start).same);
  const Shrunk shrunk = toy.shrink_from(start);
  EXPECT_TRUE(shrunk.reproduced);
  EXPECT_LE(shrunk.to, 4u);
  EXPECT_TRUE(toy.replay(shrunk.schedule).same);
}

// The finding comes with the first tick of thread 1, after two of thread 0: with two switches the run could be over
// after three ticks, but one switch will do.
TEST(Shrink, DoesNotBuyAShorterRunWithASwitch) {
  Toy toy;
  toy.threads = 2;
  toy.bug = [](const auto& ran, const auto&) { return position(ran, 0, 1) < position(ran, 1, 0) && ran[0] == 0; };
  const auto replay = [&](const Schedule& schedule) {
    Attempt attempt = toy.replay(schedule);
    attempt.ticks = attempt.recorded.segments[0].ticks + 1;
    return attempt;
  };
  Schedule start;
  start.segments = {{0, 8}, {1, 3}, {0, 2}, {1, 7}};
  const Shrunk shrunk = shrink(start, replay);
  ASSERT_TRUE(shrunk.reproduced);
  EXPECT_EQ(shrunk.to, 1u);
  EXPECT_EQ(shrunk.ticks_from, 9u);
  EXPECT_EQ(shrunk.ticks_to, 11u);
}

// Thread 0 must be interrupted after its third tick or later; only what it did by then is run in vain.
TEST(Shrink, HandsOverAsEarlyAsItCan) {
  Toy toy;
  toy.threads = 2;
  toy.length = 100;
  toy.bug = [](const auto& ran, const auto&) { return position(ran, 0, 2) < position(ran, 1, 0) && ran.back() == 0; };
  const auto replay = [&](const Schedule& schedule) {
    Attempt attempt = toy.replay(schedule);
    attempt.ticks = attempt.recorded.segments[0].ticks;
    return attempt;
  };
  const Shrunk shrunk = shrink({{{0, 70}, {1, 40}, {0, 10}, {1, 60}, {0, 20}}, {}}, replay);
  ASSERT_TRUE(shrunk.reproduced);
  EXPECT_EQ(shrunk.to, 2u);
  EXPECT_EQ(shrunk.ticks_from, 70u);
  EXPECT_EQ(shrunk.ticks_to, 3u);
  EXPECT_EQ(shrunk.schedule.segments[0], (Segment{0, 3}));
}

TEST(Shrink, DropsPicksThatDoNotMatter) {
  Toy toy;
  toy.bug = [](const auto&, const Schedule& schedule) {
    return std::any_of(schedule.picks.begin(), schedule.picks.end(),
                       [](const auto& pick) { return pick.ordinal == 5; });
  };
  Schedule start = rotating(toy);
  start.picks = {{1, 1}, {5, 2}, {6, 1}};
  const Shrunk shrunk = toy.shrink_from(start);
  EXPECT_EQ(shrunk.schedule.picks, (std::vector<schedule::Pick>{{5, 2}}));
  EXPECT_EQ(shrunk.to, 2u);
}

TEST(Shrink, TrimsTheTailThatTheDefaultRuleRepeats) {
  Toy toy;
  toy.bug = [](const auto& ran, const auto&) { return ran[0] == 2; };
  const Shrunk shrunk = toy.shrink_from({{{2, 1}, {0, 1}, {1, 10}, {0, 9}, {2, 9}}, {}});
  EXPECT_EQ(shrunk.schedule.segments.size(), 1u);
  EXPECT_EQ(shrunk.schedule.segments[0].thread, 2u);
}

TEST(Shrink, SaysWhenTheFindingDoesNotComeAgain) {
  Toy toy;
  toy.bug = [](const auto&, const auto&) { return false; };
  const Schedule start = rotating(toy);
  const Shrunk shrunk = toy.shrink_from(start);
  EXPECT_FALSE(shrunk.reproduced);
  EXPECT_EQ(shrunk.schedule, start);
  EXPECT_EQ(toy.replays, 1u);
}

TEST(Shrink, KeepsToItsBudget) {
  Toy toy;
  toy.threads = 20;
  toy.length = 50;
  toy.bug = [](const auto& ran, const auto&) { return ran[0] == 0 && ran[500] == 0; };
  Schedule start = rotating(toy);
  ASSERT_TRUE(toy.replay(start).same);
  toy.replays = 0;
  ShrinkBudget budget;
  budget.replays = 50;
  toy.shrink_from(start, budget);
  EXPECT_LE(toy.replays, 50u + 12u);  // the trimming of the tail is a search by halving, whatever the budget
}

TEST(Shrink, IsDeterministic) {
  Toy toy;
  toy.bug = [](const auto& ran, const auto&) { return position(ran, 2, 4) < position(ran, 1, 1); };
  EXPECT_EQ(toy.shrink_from(rotating(toy)).schedule, toy.shrink_from(rotating(toy)).schedule);
}

}  // namespace
}  // namespace racecourse::control
