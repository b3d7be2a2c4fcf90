// The contract of primitives/barrier/barrier.h, for each correct barrier: first alone, then under all schedules that
// are tried.
#include <gtest/gtest.h>
#include <racecourse/primitives/barrier/generation_counted.h>
#include <racecourse/primitives/barrier/sense_reversing.h>
#include <racecourse/primitives/barrier/std_barrier.h>
#include <racecourse/tests/primitives/under_schedules.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace racecourse::barrier {
namespace {

using namespace std::chrono_literals;

static_assert(Barrier<GenerationCounted> && Barrier<SenseReversing> && Barrier<StdBarrier>);

template <class B>
class BarrierContract : public testing::Test {};

using Barriers = testing::Types<GenerationCounted, SenseReversing, StdBarrier>;
TYPED_TEST_SUITE(BarrierContract, Barriers);

TYPED_TEST(BarrierContract, RefusesToBeMadeForNobody) { EXPECT_THROW(TypeParam(0), std::invalid_argument); }

TYPED_TEST(BarrierContract, OfOneNeverWaits) {
  TypeParam barrier(1);
  EXPECT_EQ(barrier.parties(), 1u);
  for (int phase = 0; phase < 3; phase++) barrier.wait();
}

TYPED_TEST(BarrierContract, NobodyIsAheadAndAllIsSeen) {
  under_schedules([] {
    constexpr int kPhases = 3;
    TypeParam barrier(2);
    int done[kPhases][2] = {};  // plain: the barrier orders it
    auto work = [&](int me) {
      for (auto& phase : done) {
        EXPECT_EQ(phase[me], 0);
        phase[me] = 1;
        barrier.wait();
        EXPECT_EQ(phase[1 - me], 1);
      }
    };
    std::thread first(work, 0), second(work, 1);
    first.join();
    second.join();
  });
}

TYPED_TEST(BarrierContract, ThreeMeetTwice) {
  under_schedules([] {
    TypeParam barrier(3);
    int sum[3] = {};  // each written by one, read by all
    std::vector<std::thread> threads;
    for (int me = 0; me < 3; me++) {
      threads.emplace_back([&, me] {
        sum[me] = me + 1;
        barrier.wait();
        EXPECT_EQ(sum[0] + sum[1] + sum[2], 6);
        barrier.wait();
        sum[me] = 0;  // not before all have read
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
}

template <class B>
class BarrierPlaces : public testing::Test {};

using BarriersWithPlaces = testing::Types<GenerationCounted, SenseReversing>;
TYPED_TEST_SUITE(BarrierPlaces, BarriersWithPlaces);

TYPED_TEST(BarrierPlaces, AreGivenOnceAPhase) {
  under_schedules([] {
    TypeParam barrier(2);
    unsigned places[2][2] = {};
    auto work = [&](int me) {
      for (auto& phase : places) phase[me] = barrier.wait();
    };
    std::thread first(work, 0), second(work, 1);
    first.join();
    second.join();
    for (const auto& phase : places) EXPECT_EQ(phase[0] + phase[1], 1u);
  });
}

// The last to arrive lets the other go, who may destroy the barrier before the last one has returned.
TEST(SenseReversingBarrier, MayBeDestroyedByTheFirstToPass) {
  under_schedules([] {
    auto barrier = std::make_unique<SenseReversing>(2);
    SenseReversing* const it = barrier.get();
    auto meet = [&barrier, it] {
      if (it->wait() == 0) barrier.reset();
    };
    std::thread other(meet);
    meet();
    other.join();
  });
}

// How a thread fared.
enum class End { none, passed, broken };
template <class Wait>
End end_of(const Wait& wait) {
  try {
    wait();
    return End::passed;
  } catch (const BrokenBarrier&) {
    return End::broken;
  }
}

TEST(BreakableBarrier, BeginsWhole) {
  GenerationCounted barrier(2);
  EXPECT_EQ(barrier.parties(), 2u);
  EXPECT_EQ(barrier.n_waiting(), 0u);
  EXPECT_FALSE(barrier.broken());
}

TEST(BreakableBarrier, ATimeoutBreaksItUntilReset) {
  GenerationCounted barrier(2);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_THROW(barrier.wait_for(5ms), BrokenBarrier);
  EXPECT_GE(std::chrono::steady_clock::now() - before, 5ms);
  EXPECT_TRUE(barrier.broken());
  EXPECT_EQ(barrier.n_waiting(), 0u);
  EXPECT_THROW(barrier.wait(), BrokenBarrier);
  barrier.reset();
  EXPECT_FALSE(barrier.broken());
  std::thread other([&] { barrier.wait(); });
  barrier.wait();
  other.join();
}

TEST(BreakableBarrier, HasATimeoutOfItsOwn) {
  GenerationCounted barrier(2, 1ms);
  EXPECT_THROW(barrier.wait(), BrokenBarrier);
  EXPECT_TRUE(barrier.broken());
}

TEST(BreakableBarrier, ATimeoutOfNothingGivesUpAtOnce) {
  GenerationCounted two(2), one(1);
  EXPECT_THROW(two.wait_for(-1s), BrokenBarrier);
  EXPECT_EQ(one.wait_for(-1s), 0u);  // and who arrives last, passes
  EXPECT_EQ(one.wait_for(std::chrono::hours::max()), 0u);
}

TEST(BreakableBarrier, AnAbortedOneIsBrokenForAll) {
  under_schedules([] {
    GenerationCounted barrier(3);
    End ends[2] = {};
    std::thread first([&] { ends[0] = end_of([&] { barrier.wait(); }); });
    std::thread second([&] { ends[1] = end_of([&] { barrier.wait(); }); });
    barrier.abort();
    first.join();
    second.join();
    EXPECT_EQ(ends[0], End::broken);
    EXPECT_EQ(ends[1], End::broken);
    EXPECT_TRUE(barrier.broken());
    EXPECT_EQ(barrier.n_waiting(), 0u);
  });
}

TEST(BreakableBarrier, BothPassOrBothAreTold) {
  under_schedules([] {
    GenerationCounted barrier(2, 1ms);
    End ends[2] = {};
    bool was_broken = false;
    std::thread first([&] { ends[0] = end_of([&] { barrier.wait(); }); });
    std::thread second([&] {
      was_broken = barrier.broken();     // to ask disturbs nobody
      std::this_thread::sleep_for(1ms);  // may be too late
      ends[1] = end_of([&] { barrier.wait(); });
    });
    first.join();
    second.join();
    EXPECT_EQ(ends[0], ends[1]);
    EXPECT_EQ(barrier.broken(), ends[0] == End::broken);
    EXPECT_TRUE(!was_broken || barrier.broken());
  });
}

// Who has passed is not told that it was broken later, however late it wakes up.
TEST(BreakableBarrier, WhoHasPassedHasPassed) {
  under_schedules([] {
    GenerationCounted barrier(2);
    End end = End::none;
    std::thread slow([&] { end = end_of([&] { barrier.wait(); }); });
    barrier.wait();
    barrier.abort();
    slow.join();
    EXPECT_EQ(end, End::passed);
  });
}

TEST(BreakableBarrier, ResetSendsAwayWhoWaits) {
  under_schedules([] {
    GenerationCounted barrier(2);
    End end = End::none;
    std::thread waiter([&] { end = end_of([&] { barrier.wait(); }); });
    while (barrier.n_waiting() == 0) std::this_thread::yield();
    barrier.reset();
    EXPECT_FALSE(barrier.broken());
    waiter.join();
    EXPECT_EQ(end, End::broken);
  });
}

TEST(BreakableBarrier, IsAsNewAfterTwoResetsAtATime) {
  under_schedules([] {
    GenerationCounted barrier(2);
    End end = End::none;
    std::thread waiter([&] { end = end_of([&] { barrier.wait(); }); });
    while (barrier.n_waiting() == 0) std::this_thread::yield();
    std::thread other([&] { barrier.reset(); });
    barrier.reset();
    other.join();
    waiter.join();
    EXPECT_EQ(end, End::broken);
    std::thread partner([&] { barrier.wait(); });
    barrier.wait();
    partner.join();
  });
}

// A waiter may be so slow that the next phase is over before it looks.
TEST(BreakableBarrier, ServesMoreThreadsThanParties) {
  under_schedules([] {
    GenerationCounted barrier(2);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++) threads.emplace_back([&] { barrier.wait(); });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(barrier.n_waiting(), 0u);
  });
}

}  // namespace
}  // namespace racecourse::barrier
