// A tree that is dealt out: all shards together explore all of it, and nothing twice but what is said to be.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "own_forest.h"
#include "small_program.h"

namespace racecourse::schedule::small {
namespace {

struct OfShards {
  Searched searched;             // by all
  std::uint64_t traces = 0;      // as they count them, each once
  std::uint64_t seen_twice = 0;  // of late ones
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
  std::set<std::uint64_t> late;
  std::uint64_t split = 0;
  for (std::uint8_t i = 1; i <= count; i++) {
    const OwnForest own;
    own.forest->set_shard(i, count, growth);
    explore(*own.forest, program, result.searched);
    EXPECT_FALSE(own.forest->diverged());
    result.traces += own.forest->traces() - own.forest->traces_of_others() - own.forest->late_traces();
    EXPECT_EQ(own.forest->late().size(), own.forest->late_traces());
    result.seen_twice += own.forest->late_traces();
    late.insert(own.forest->late().begin(), own.forest->late().end());
    if (i == 1) split = own.forest->split();
    EXPECT_EQ(own.forest->split(), split);
  }
  result.traces += late.size();
  result.seen_twice -= late.size();
  result.was_dealt = split != 0;
  return result;
}

// All that a program can do is explored; and counted once, if each operation does the same wherever it stands. Returns
// in how many ways it was dealt out.
int compare(const Program& program, Kinds kinds, std::uint64_t least_each) {
  int dealt = 0;
  const Behaviour all = enumerate(program);
  for (const std::uint8_t count : {2, 3, 5}) {
    const OfShards explored = explore(program, count, {least_each, 20, 1});
    EXPECT_EQ(explored.searched.states, all.states) << show(program);
    EXPECT_EQ(explored.searched.traces.size(), all.traces.size()) << show(program);
    if (kinds == Kinds::always_the_same) {
      EXPECT_EQ(explored.traces, all.traces.size()) << show(program);
    }
    dealt += explored.was_dealt;
  }
  return dealt;
}

int compare_random_programs(unsigned seed, Kinds kinds) {
  std::mt19937 random(seed);
  int dealt = 0;
  for (int i = 0; i < 60; i++) {
    const Program program = random_program(random, 2 + i % 2, i % 2 == 0 ? 3 : 2, kinds);
    dealt += compare(program, kinds, 1 + static_cast<std::uint64_t>(i % 3));
    if (testing::Test::HasFailure()) break;
  }
  return dealt;
}

TEST(Shards, ReachAllThatRandomProgramsCanDo) { EXPECT_GT(compare_random_programs(21, Kinds::always_the_same), 20); }

TEST(Shards, ReachAllThatRandomProgramsCanDoWhereOperationsFail) {
  EXPECT_GT(compare_random_programs(22, Kinds::may_fail), 20);
}

// What wakes those who sleep is known late, or never comes.
TEST(Shards, ReachAllThatManyThreadsCanDo) {
  std::mt19937 random(23);
  int dealt = 0;
  for (int i = 0; i < 60 && !HasFailure(); i++) {
    Program program(static_cast<std::size_t>(4 + i % 2));
    for (auto& thread : program)
      thread = random_program(random, 1, 1 + static_cast<int>(random() % 2), Kinds::always_the_same)[0];
    dealt += compare(program, Kinds::always_the_same, 2);
  }
  EXPECT_GT(dealt, 100);
}

TEST(Shards, CountOrdersOfIncrements) {
  for (const std::uint8_t count : {1, 2, 3, 5}) {
    const OfShards explored = explore(Program(6, {{Op::add, 0}}), count, {5, 100, 4});
    EXPECT_EQ(explored.searched.traces.size(), 720u);
    EXPECT_EQ(explored.traces, 720u);
    EXPECT_EQ(explored.seen_twice, 0u);
  }
}

TEST(Shards, CountReaders) {
  Program program(11, {{Op::load, 0}});
  program[0] = {{Op::store, 0}};
  for (const std::uint8_t count : {2, 3, 5}) {
    const OfShards explored = explore(program, count, {10, 1000, 4});
    EXPECT_EQ(explored.traces, 1024u);
    EXPECT_EQ(explored.seen_twice, 0u);
    EXPECT_EQ(explored.searched.given_up, 0u);
  }
}

// A tree that grows too little before it is dealt out: what two shards see is said, and is counted once.
TEST(Shards, CountOnceWhatTwoSee) {
  const Program program(4, {{Op::add, 0}, {Op::load, 1}, {Op::store, 1}});
  const OfShards explored = explore(program, 3, {1, 100, 30});
  EXPECT_EQ(explored.searched.traces.size(), 13824u);
  EXPECT_EQ(explored.traces, 13824u);
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
