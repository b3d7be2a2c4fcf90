// The generator of schedules, and what it means to run under one.
#include <gtest/gtest.h>
#include <racecourse/checkers/property/holds_under.h>
#include <racecourse/checkers/property/schedule_generator.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <sstream>
#include <thread>

namespace racecourse::property {
namespace {

using schedule::Schedule;

RC_GTEST_PROP(ScheduleGenerator, MakesSchedulesThatATokenCanHold, (const Schedule& schedule)) {
  RC_ASSERT(schedule::from_token(schedule::to_token(schedule)) == schedule);
}

RC_GTEST_PROP(ScheduleGenerator, KeepsItsBounds, ()) {
  const Bounds bounds{.threads = 3, .segments = 5, .ticks = 10, .picks = 1};
  const Schedule schedule = *schedules(bounds);
  RC_ASSERT(schedule.segments.size() <= 5u);
  RC_ASSERT(schedule.picks.size() <= 1u);
  for (const schedule::Segment& segment : schedule.segments) {
    RC_ASSERT(segment.thread < 3u);
    RC_ASSERT(segment.ticks >= 1u);
    RC_ASSERT(segment.ticks <= (segment.thread == 0 ? 10 * kBodyFactor : 10u));
  }
}

RC_GTEST_PROP(ScheduleGenerator, NeverGrowsWhileItShrinks, ()) {
  const auto shrinkable = schedules()(rc::Random(*rc::gen::arbitrary<std::uint64_t>()), 100);
  const Schedule whole = shrinkable.value();
  auto shrinks = shrinkable.shrinks();
  for (int i = 0; i < 50; ++i) {
    const auto smaller = shrinks.next();
    if (!smaller) break;
    RC_ASSERT(smaller->value().segments.size() <= whole.segments.size());
  }
}

TEST(ScheduleGenerator, ShowsTheTokenAndTheSwitches) {
  std::ostringstream out;
  rc::show(Schedule{{{0, 5}, {1, 2}, {2, 1}}, {{3, 1}}}, out);
  EXPECT_EQ(out.str(), schedule::to_token({{{0, 5}, {1, 2}, {2, 1}}, {{3, 1}}}) + " (2 switches)");
}

void locked_increments() {
  std::mutex mutex;
  int count = 0;
  auto add = [&] {
    std::lock_guard lock(mutex);
    ++count;
  };
  std::thread a(add), b(add), c(add);
  a.join();
  b.join();
  c.join();
  EXPECT_EQ(count, 3);
}
RC_GTEST_PROP(HoldsUnder, AllSchedulesAreLegal, (const Schedule& schedule)) {
  const Verdict verdict = holds_under(locked_increments, schedule);
  RC_ASSERT(verdict.state == State::not_found);
  RC_ASSERT(!verdict.finding);
}

void lost_update() {
  std::atomic<int> count{0};
  auto add = [&] { count = count + 1; };
  std::thread a(add), b(add);
  a.join();
  b.join();
  EXPECT_EQ(count, 2);
}
// The same schedule says the same every time.
RC_GTEST_PROP(HoldsUnder, TheScheduleDecides, (const Schedule& schedule)) {
  const Verdict once = holds_under(lost_update, schedule);
  const Verdict again = holds_under(lost_update, schedule);
  RC_ASSERT(once.state == again.state);
  RC_CLASSIFY(once.state == State::failed, "lost an update");
}

TEST(HoldsUnder, KeepsTheLastFailure) {
  forget_last_failure();
  const std::uint64_t before = schedules_tried();
  EXPECT_EQ(holds_under(locked_increments, {}).state, State::not_found);
  EXPECT_FALSE(last_failure());
  const Verdict verdict = holds_under([] { EXPECT_EQ(1, 2); }, {});
  ASSERT_EQ(verdict.state, State::failed);
  ASSERT_TRUE(last_failure());
  EXPECT_EQ(last_failure()->finding.kind, Kind::assertion);
  EXPECT_EQ(schedules_tried() - before, 2u);
}

}  // namespace
}  // namespace racecourse::property
