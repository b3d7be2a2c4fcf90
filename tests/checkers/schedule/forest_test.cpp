// A tree explored in parts: as if by one, whoever explores which part and when.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "own_forest.h"
#include "small_program.h"

namespace racecourse::schedule::small {
namespace {

struct Explored {
  Searched searched;
  std::vector<std::string> order;  // traces, in the order of rounds and lanes
  int rounds = 0;                  // with more than one lane
};

// Rounds of `each` executions a lane, in which the lanes come one after the other, the later ones first if `backwards`.
// Every third round is of one process alone.
Explored explore(const Program& program, int each, bool backwards) {
  const OwnForest own;
  Forest& forest = *own.forest;
  Explored result;
  for (int round = 0; !forest.exhausted(); round++) {
    if (round % 3 == 2 || !forest.deal()) {
      forest.settle();
      for (int i = 0; i < each; i++) {
        Optimal* search = forest.next();
        if (search == nullptr) break;
        result.order.push_back(run_one(*search, program, result.searched));
      }
      continue;
    }
    result.rounds++;
    std::array<std::vector<std::string>, Forest::kLanes> seen;
    for (unsigned i = 0; i < Forest::kLanes; i++) {
      const unsigned lane = backwards ? Forest::kLanes - 1 - i : i;
      for (int n = 0; n < each && forest.lane(lane) != nullptr; n++)
        seen[lane].push_back(run_one(*forest.lane(lane), program, result.searched));
    }
    for (const auto& of_lane : seen) result.order.insert(result.order.end(), of_lane.begin(), of_lane.end());
    forest.settle();
  }
  result.searched.last_traces = forest.traces();
  return result;
}

// Returns how many executions showed nothing new.
std::uint64_t compare(const Program& program, int each, int& rounds) {
  const Behaviour all = enumerate(program);
  const Explored explored = explore(program, each, false);
  const Searched& searched = explored.searched;
  EXPECT_EQ(searched.states, all.states) << show(program);
  EXPECT_EQ(searched.traces.size(), all.traces.size()) << show(program);
  EXPECT_EQ(searched.last_traces, all.traces.size()) << show(program);
  EXPECT_FALSE(searched.diverged) << show(program);
  EXPECT_EQ(explore(program, each, true).order, explored.order) << show(program);
  rounds += explored.rounds;
  std::uint64_t repeated = searched.given_up;
  for (const auto& [trace, times] : searched.traces) repeated += static_cast<std::uint64_t>(times - 1);
  return repeated;
}

TEST(Forest, ReachesAllThatRandomProgramsCanDoAndNothingTwice) {
  std::mt19937 random(11);
  int rounds = 0;
  for (int i = 0; i < 250; i++) {
    const Program program = random_program(random, 2 + i % 2, i % 2 == 0 ? 3 : 2, Kinds::always_the_same);
    ASSERT_EQ(compare(program, 1 + i % 4, rounds), 0u) << show(program);
    if (HasFailure()) return;
  }
  EXPECT_GT(rounds, 100);
}

TEST(Forest, ReachesAllThatRandomProgramsCanDoWhereOperationsFail) {
  std::mt19937 random(12);
  int rounds = 0;
  for (int i = 0; i < 250; i++) {
    compare(random_program(random, 2 + i % 2, i % 2 == 0 ? 3 : 2, Kinds::may_fail), 1 + i % 4, rounds);
    if (HasFailure()) return;
  }
  EXPECT_GT(rounds, 100);
}

TEST(Forest, ReachesAllThatRandomProgramsCanDoWhereReadersShareLocks) {
  std::mt19937 random(13);
  int rounds = 0;
  for (int i = 0; i < 250; i++) {
    compare(random_program(random, 2 + i % 2, i % 2 == 0 ? 3 : 2, Kinds::with_readers), 1 + i % 4, rounds);
    if (HasFailure()) return;
  }
  EXPECT_GT(rounds, 100);
}

TEST(Forest, CountsOrdersOfIncrements) {
  constexpr Instruction kAdd{Op::add, 0};
  for (const int each : {1, 7, 50}) {
    const Explored explored = explore(Program(6, {kAdd}), each, false);
    EXPECT_EQ(explored.searched.traces.size(), 720u);
    EXPECT_EQ(explored.order.size(), 720u);
    EXPECT_EQ(explored.searched.last_traces, 720u);
  }
}

TEST(Forest, BeginsAnew) {
  const OwnForest own;
  Forest& forest = *own.forest;
  const Program program(5, {{Op::add, 0}});
  Searched before, after;
  for (int i = 0; i < 10; i++) run_one(*forest.next(), program, before);
  ASSERT_TRUE(forest.deal());
  for (unsigned lane = 0; lane < 3; lane++) run_one(*forest.lane(lane), program, before);
  forest.put_off_restart(1);
  EXPECT_EQ(forest.lane(1), nullptr);
  EXPECT_FALSE(forest.exhausted());
  forest.settle();
  while (Optimal* search = forest.next()) run_one(*search, program, after);
  EXPECT_TRUE(forest.exhausted());
  EXPECT_EQ(after.traces.size(), 120u);
  EXPECT_EQ(forest.traces(), 120u);
}

}  // namespace
}  // namespace racecourse::schedule::small
