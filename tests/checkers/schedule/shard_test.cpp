// A tree that is dealt out: all shards together explore all of it, and nothing twice but what is said to be.
#include <gtest/gtest.h>
#include <racecourse/checkers/schedule/forest.h>

#include <algorithm>
#include <map>
#include <random>

#include "small_program.h"

namespace racecourse::schedule::small {
namespace {

struct OwnForest {
  std::array<Arena*, Forest::kLanes> arenas;
  Arena* own = Arena::map(std::size_t{1} << 28);
  Forest* forest;

  OwnForest() {
    for (Arena*& arena : arenas) arena = Arena::map(std::size_t{1} << 28);
    forest = own->make<Forest>(own, arenas);
  }
  ~OwnForest() {
    for (Arena* arena : arenas) Arena::unmap(arena);
    Arena::unmap(own);
  }
};

struct OfShards {
  Searched searched;                // by all
  std::uint64_t traces = 0;         // as they count them
  std::uint64_t perhaps_twice = 0;  // at most so many of these were counted by two
  bool was_dealt = false;
};

// In rounds of one execution a lane, where there is something to share and the round is even.
void explore(Forest& forest, const Program& program, Searched& searched) {
  for (int round = 0; !forest.exhausted(); round++) {
    if (forest.is_dealt() && round % 2 == 0 && forest.deal()) {
      for (unsigned i = 0; i < Forest::kLanes; i++)
        if (Optimal* lane = forest.lane(i)) run_one(*lane, program, searched);
    } else if (Optimal* search = forest.next()) {
      run_one(*search, program, searched);
    }
    forest.settle();
  }
}

OfShards explore(const Program& program, std::uint8_t count, const Forest::Growth& growth) {
  OfShards result;
  std::map<std::uint64_t, std::vector<std::uint64_t>> late;
  std::uint64_t split = 0;
  for (std::uint8_t i = 1; i <= count; i++) {
    const OwnForest own;
    own.forest->set_shard(i, count, growth);
    explore(*own.forest, program, result.searched);
    EXPECT_FALSE(own.forest->diverged());
    result.traces += own.forest->traces() - own.forest->traces_of_others();
    for (const auto& [name, traces] : own.forest->late()) late[name].push_back(traces);
    if (i == 1) split = own.forest->split();
    EXPECT_EQ(own.forest->split(), split);
  }
  for (const auto& [name, counts] : late)
    for (const std::uint64_t traces : counts) result.perhaps_twice += traces;
  for (const auto& [name, counts] : late) result.perhaps_twice -= *std::ranges::max_element(counts);
  result.was_dealt = split != 0;
  return result;
}

// All that programs of a kind can do is explored. Returns how many programs were dealt out.
int compare_random_programs(unsigned seed, Kinds kinds, bool once) {
  std::mt19937 random(seed);
  int dealt = 0;
  for (int i = 0; i < 60; i++) {
    const Program program = random_program(random, 2 + i % 2, i % 2 == 0 ? 3 : 2, kinds);
    const Behaviour all = enumerate(program);
    for (const std::uint8_t count : {2, 3, 5}) {
      const OfShards explored = explore(program, count, {1 + static_cast<std::uint64_t>(i % 5), 20, 1});
      EXPECT_EQ(explored.searched.states, all.states) << show(program);
      EXPECT_EQ(explored.searched.traces.size(), all.traces.size()) << show(program);
      if (once) {
        EXPECT_GE(explored.traces, all.traces.size()) << show(program);
        EXPECT_LE(explored.traces - explored.perhaps_twice, all.traces.size()) << show(program);
      }
      dealt += explored.was_dealt;
    }
    if (testing::Test::HasFailure()) break;
  }
  return dealt;
}

TEST(Shards, ReachAllThatRandomProgramsCanDo) {
  EXPECT_GT(compare_random_programs(21, Kinds::always_the_same, true), 20);
}

TEST(Shards, ReachAllThatRandomProgramsCanDoWhereOperationsFail) {
  EXPECT_GT(compare_random_programs(22, Kinds::may_fail, false), 20);
}

TEST(Shards, CountOrdersOfIncrements) {
  for (const std::uint8_t count : {1, 2, 3, 5}) {
    const OfShards explored = explore(Program(6, {{Op::add, 0}}), count, {20, 100, 4});
    EXPECT_EQ(explored.searched.traces.size(), 720u);
    EXPECT_EQ(explored.traces, 720u);
    EXPECT_EQ(explored.perhaps_twice, 0u);
  }
}

TEST(Shards, TheFirstCountsASmallTree) {
  for (const std::uint8_t i : {1, 2}) {
    const OwnForest own;
    Searched searched;
    own.forest->set_shard(i, 2, {});
    explore(*own.forest, Program(4, {{Op::add, 0}}), searched);
    EXPECT_EQ(searched.traces.size(), 24u);
    EXPECT_EQ(own.forest->traces() - own.forest->traces_of_others(), i == 1 ? 24u : 0u);
  }
}

}  // namespace
}  // namespace racecourse::schedule::small
