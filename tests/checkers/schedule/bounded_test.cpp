// The search with a bound on preemptions, against the traces that an enumerator finds with so many.
#include <gtest/gtest.h>
#include <racecourse/checkers/schedule/bounded.h>

#include <random>

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

}  // namespace
}  // namespace racecourse::schedule::small
