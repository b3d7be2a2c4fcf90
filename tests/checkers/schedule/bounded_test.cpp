// The search with a bound on preemptions, against the traces that an enumerator finds with so many.
#include <gtest/gtest.h>
#include <racecourse/checkers/schedule/bounded.h>

#include <map>
#include <random>
#include <set>
#include <string>

#include "small_program.h"

namespace racecourse::schedule::small {
namespace {

Searched search(const Program& program, int preemptions) {
  Arena* const arena = Arena::map(std::size_t{1} << 30);
  Searched searched;
  {
    Bounded bounded(arena, preemptions);
    searched = run(bounded, program);
    EXPECT_EQ(bounded.traces(), searched.last_traces);
  }
  Arena::unmap(arena);
  return searched;
}

std::size_t count(const Program& program, int preemptions) { return search(program, preemptions).last_traces; }

constexpr Instruction load(int object) { return {Op::load, object}; }
constexpr Instruction store(int object, int value = 1) { return {Op::store, object, value}; }
constexpr Instruction add(int object) { return {Op::add, object}; }

TEST(Bounded, CountsWhatAFewPreemptionsShow) {
  const Program store_buffering{{store(0), load(1)}, {store(1), load(0)}};
  EXPECT_EQ(count(store_buffering, 0), 2u);
  EXPECT_EQ(count(store_buffering, 1), 3u);
  EXPECT_EQ(count(store_buffering, 2), 3u);
  const Program increments(3, {add(0), add(1)});
  EXPECT_EQ(count(increments, 0), 6u);
  EXPECT_EQ(count(increments, 1), 24u);
  EXPECT_EQ(count(increments, 2), 36u);
}

TEST(Bounded, FindsWhatRandomProgramsDoWithinTheBound) {
  std::mt19937 random(3);
  for (int i = 0; i < 400; i++) {
    const Program program = random_program(random, 2 + i % 2, i % 2 == 0 ? 3 : 2, Kinds::may_fail);
    const Behaviour all = enumerate(program);
    for (int bound = 0; bound <= 2; bound++) {
      const auto within = [&](const auto& trace) { return trace.second <= bound; };
      const auto expected = static_cast<std::size_t>(std::count_if(all.traces.begin(), all.traces.end(), within));
      const Searched searched = search(program, bound);
      ASSERT_EQ(searched.traces.size(), expected) << show(program) << " with " << bound;
      for (const auto& [trace, times] : searched.traces) ASSERT_TRUE(all.traces.contains(trace));
    }
  }
}

// What all shards see together.
struct OfShards {
  std::set<std::uint64_t> digests;
  std::map<std::string, int> traces;
  std::uint64_t executions = 0;
  bool dealt = false;
  bool any_left = false;  // for want of preemptions
};

OfShards search_in_shards(const Program& program, int preemptions, std::uint64_t count) {
  OfShards all;
  std::uint64_t split = 0;
  for (std::uint64_t i = 1; i <= count; i++) {
    Arena* const arena = Arena::map(std::size_t{1} << 30);
    {
      Bounded bounded(arena, preemptions);
      bounded.set_shard(i, count);
      Searched searched = run(bounded, program);
      const auto digests = bounded.digests();
      EXPECT_EQ(bounded.traces(), digests.size());
      all.digests.insert(digests.begin(), digests.end());
      all.traces.merge(searched.traces);
      all.executions += bounded.traces() + bounded.redundant();
      all.any_left |= bounded.preemptions() >= 0;
      if (i == 1) split = bounded.shard().split();
      EXPECT_EQ(bounded.shard().split(), split);
    }
    Arena::unmap(arena);
  }
  all.dealt = split != 0;
  return all;
}

// Where one alone finds that it has seen all there is, a shard may not: it does not know that others came with fewer
// preemptions to where it had none left.
TEST(BoundedShards, SeeTogetherWhatOneSees) {
  std::mt19937 random(4);
  int dealt = 0;
  for (int i = 0; i < 60; i++) {
    const Program program = random_program(random, 2 + i % 2, 3, Kinds::may_fail);
    const int bound = i % 4;
    Arena* const arena = Arena::map(std::size_t{1} << 30);
    {
      Bounded whole(arena, bound);
      const Searched alone = run(whole, program);
      for (const std::uint64_t count : {2, 5}) {
        const OfShards all = search_in_shards(program, bound, count);
        ASSERT_EQ(all.digests.size(), whole.traces()) << show(program) << " with " << bound << " in " << count;
        ASSERT_EQ(all.traces.size(), alone.traces.size());
        ASSERT_TRUE(all.any_left || whole.preemptions() < 0) << show(program) << " with " << bound;
        dealt += all.dealt;
      }
    }
    Arena::unmap(arena);
  }
  EXPECT_GT(dealt, 20);
}

TEST(BoundedShards, CountIncrementsOfTwo) {
  const Program program(4, {add(0), add(1)});
  constexpr std::size_t kTraces[] = {24, 168, 432, 576};
  for (int bound = 0; bound < 4; bound++) {
    EXPECT_EQ(count(program, bound), kTraces[bound]);
    for (const std::uint64_t shards : {2, 3, 5})
      EXPECT_EQ(search_in_shards(program, bound, shards).digests.size(), kTraces[bound]) << shards;
  }
}

}  // namespace
}  // namespace racecourse::schedule::small
