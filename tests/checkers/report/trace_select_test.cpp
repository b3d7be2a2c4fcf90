#include <gtest/gtest.h>
#include <racecourse/checkers/report/contention.h>
#include <racecourse/checkers/report/lifetimes.h>
#include <racecourse/checkers/report/trace_select.h>

#include <algorithm>
#include <vector>

#include "synthetic.h"

namespace racecourse::report {
namespace {

std::vector<std::uint32_t> selected(const TraceBuilder& builder) {
  const Trace trace = builder.trace();
  const Lifetimes lifetimes(trace);
  return select_events(trace, Contention(trace, lifetimes));
}

TEST(Select, WhatOneThreadTouchesAloneIsLeftOut) {
  TraceBuilder builder(3);
  builder.begin_threads();  // events 0 and 1
  builder.add(1, Op::write, 0x10);
  builder.add(1, Op::write, 0x100);  // private
  builder.add(2, Op::write, 0x10);
  builder.add(2, Op::read, 0x200);
  builder.add(1, Op::read, 0x200);  // only read by both
  EXPECT_EQ(selected(builder), (std::vector<std::uint32_t>{2, 4}));
}

TEST(Select, HandingOverByStartAndJoinIsNotSharing) {
  TraceBuilder builder(2);
  builder.add(0, Op::write, 0x10);
  builder.add(0, Op::thread_create, 0, 1);
  builder.add(1, Op::write, 0x10);
  builder.add(0, Op::thread_join, 0, 1);
  builder.add(0, Op::read, 0x10);
  EXPECT_EQ(selected(builder), std::vector<std::uint32_t>{});
}

TEST(Select, AReusedHeapAddressIsAnotherObject) {
  TraceBuilder builder(3);
  builder.begin_threads();
  builder.add(1, Op::allocate, 0x40, 8);
  builder.add(1, Op::write, 0x40);
  builder.add(1, Op::release, 0x40, 8);
  builder.add(2, Op::allocate, 0x40, 8);
  builder.add(2, Op::write, 0x40);
  EXPECT_EQ(selected(builder), std::vector<std::uint32_t>{});
}

TEST(Select, StuckThreadsKeepTheirLastStep) {
  TraceBuilder builder(2);
  builder.begin_threads();
  builder.add(1, Op::cond_wait, 0x10);
  builder.thread(1).state = ThreadState::blocked;
  EXPECT_EQ(selected(builder), std::vector<std::uint32_t>{1});
}

TEST(Shorten, KeepsTheFindingAndSaysWhatIsMissing) {
  TraceBuilder builder(3);
  builder.begin_threads();
  for (int i = 0; i < 200; ++i)
    builder.add(1 + i % 2, Op::write, 0x10, static_cast<std::uint64_t>(i), 7u + static_cast<unsigned>(i));
  builder.found(Kind::assertion, 1);
  const Trace trace = builder.trace();
  const Lifetimes lifetimes(trace);
  const std::vector<Step> steps = fold(trace, select_events(trace, Contention(trace, lifetimes)));
  const Shortened shortened = shorten_steps(trace, steps, 30);
  EXPECT_LE(shortened.steps.size(), 32u);
  EXPECT_EQ(trace.events[shortened.steps.back().event].op, Op::finding);
  ASSERT_EQ(shortened.gaps.size(), shortened.steps.size() + 1);
  std::uint32_t missing = 0;
  for (const Gap& gap : shortened.gaps) missing += gap.steps;
  EXPECT_EQ(missing + shortened.steps.size(), steps.size());
}

}  // namespace
}  // namespace racecourse::report
