// Reading ThreadSanitizer's text.
#include <gtest/gtest.h>
#include <racecourse/checkers/tsan/report_text.h>
#include <racecourse/checkers/tsan/stack_text.h>

namespace racecourse::tsan {
namespace {

constexpr const char kRace[] =
    "==================\n"
    "WARNING: ThreadSanitizer: data race (pid=12)\n"
    "  Read of size 4 at 0x7b0400000000 by thread T2 (mutexes: write M0):\n"
    "    #0|Account::withdraw(int)|/src/account.h|31|/build/account_test\n"
    "    #1|operator()|/src/account_test.cpp|12|/build/account_test\n"
    "    #2|__invoke_impl<void>|/usr/include/c++/12/bits/invoke.h|61|/build/account_test\n"
    "    #3|<null>|<null>|0|/lib/libstdc++.so.6\n"
    "\n"
    "  Previous atomic write of size 4 at 0x7b0400000000 by main thread:\n"
    "    #0|Account::reset()|/src/account.h|40|/build/account_test\n"
    "\n"
    "  Location is global '<null>' at 0x000000000000 ([stack]+0x1)\n"
    "\n"
    "  Thread T2 (tid=14, running) created by main thread at:\n"
    "    #0|pthread_create|<null>|0|/lib/libtsan.so.2\n"
    "\n"
    "==================\n";

TEST(ReportText, DataRace) {
  const ReportText report = read_report(kRace);
  EXPECT_EQ(report.problem, "");
  EXPECT_FALSE(report.deadly);
  ASSERT_EQ(report.seen.size(), 1u);
  const Seen& race = report.seen[0];
  EXPECT_EQ(race.kind, Kind::data_race);
  EXPECT_EQ(race.message,
            "read by T2 in Account::withdraw(int) (src/account.h:31) races with atomic write by T0 in "
            "Account::reset() (src/account.h:40)");
  EXPECT_EQ(race.file, "/src/account.h");
  EXPECT_EQ(race.line, 31);
  EXPECT_EQ(race.text,
            "data race\n"
            "  Read of size 4 at 0x7b0400000000 by thread T2 (mutexes: write M0):\n"
            "    Account::withdraw(int) (src/account.h:31)\n"
            "    a lambda (src/account_test.cpp:12)\n"
            "  Previous atomic write of size 4 at 0x7b0400000000 by main thread:\n"
            "    Account::reset() (src/account.h:40)\n");
}

TEST(ReportText, EveryReportOfARunCounts) {
  const ReportText report = read_report(std::string(kRace) +
                                        "WARNING: ThreadSanitizer: thread leak (pid=12)\n"
                                        "  Thread T1 (tid=14, finished) created by main thread at:\n"
                                        "    #0|pthread_create|<null>|0|/lib/libtsan.so.2\n"
                                        "    #1|start|/src/pool.cpp|7|/build/pool_test\n");
  ASSERT_EQ(report.seen.size(), 2u);
  EXPECT_EQ(report.seen[1].kind, Kind::thread_leak);
  EXPECT_EQ(report.seen[1].message, "thread leak in start (src/pool.cpp:7)");
}

TEST(ReportText, KindsByName) {
  const auto kind_of = [](const std::string& name) {
    const ReportText report = read_report("WARNING: ThreadSanitizer: " + name + " (pid=1)\n");
    return report.seen.size() == 1 && report.problem.empty() ? to_string(report.seen[0].kind) : "none";
  };
  EXPECT_STREQ(kind_of("data race on vptr (ctor/dtor vs virtual call)"), "data-race");
  EXPECT_STREQ(kind_of("heap-use-after-free"), "use-after-free");
  EXPECT_STREQ(kind_of("lock-order-inversion (potential deadlock)"), "lock-order");
  EXPECT_STREQ(kind_of("double lock of a mutex"), "self-deadlock");
  EXPECT_STREQ(kind_of("unlock of an unlocked mutex (or by a wrong thread)"), "mutex-misuse");
  EXPECT_STREQ(kind_of("destroy of a locked mutex"), "mutex-misuse");
  EXPECT_STREQ(kind_of("thread leak"), "thread-leak");
}

TEST(ReportText, UnknownReportIsAProblemAndNoCatch) {
  const ReportText report = read_report("WARNING: ThreadSanitizer: something new (pid=1)\n");
  EXPECT_TRUE(report.seen.empty());
  EXPECT_EQ(report.problem, "ThreadSanitizer reports what is not known here: something new");
}

TEST(ReportText, FailureOfTheRuntimeIsAProblemAndNoCatch) {
  for (const char* line : {"FATAL: ThreadSanitizer: unexpected memory mapping 0x5 - 0x6\n",
                           "ThreadSanitizer: CHECK failed: tsan_rtl.cpp:1 \"((0)) != (0)\" (0x0, 0x0) (tid=1)\n",
                           "ERROR: ThreadSanitizer failed to allocate 0x1000 (4096) bytes\n"}) {
    const ReportText report = read_report(line);
    EXPECT_TRUE(report.seen.empty()) << line;
    EXPECT_TRUE(report.problem.starts_with("ThreadSanitizer itself failed: ")) << line;
  }
}

TEST(ReportText, CrashOfTheBodyAndOfTheRuntime) {
  const std::string crash = "==12==ERROR: ThreadSanitizer: SEGV on unknown address 0x000000000000 (pc 0x1 T14)\n";
  const ReportText bodys = read_report(crash +
                                       "    #0|__tsan_write4|<null>|0|/lib/libtsan.so.2\n"
                                       "    #1|push|/src/stack.h|9|/build/stack_test\n");
  ASSERT_EQ(bodys.seen.size(), 1u);
  EXPECT_EQ(bodys.seen[0].kind, Kind::signal);
  EXPECT_EQ(bodys.seen[0].message, "SEGV on unknown address 0x000000000000 in push (src/stack.h:9)");
  EXPECT_TRUE(bodys.deadly);

  const ReportText runtimes =
      read_report(crash + "    #0|__tsan::BackgroundThread(void*)|<null>|0|/lib/libtsan.so.2\n");
  EXPECT_TRUE(runtimes.seen.empty());
  EXPECT_EQ(runtimes.problem, "ThreadSanitizer itself crashed: SEGV on unknown address 0x000000000000");
}

TEST(ReportText, CycleOfLocks) {
  const ReportText report = read_report(
      "WARNING: ThreadSanitizer: lock-order-inversion (potential deadlock) (pid=1)\n"
      "  Cycle in lock order graph: M9 (0x7ffd) => M10 (0x7ffe) => M9\n");
  ASSERT_EQ(report.seen.size(), 1u);
  EXPECT_EQ(report.seen[0].message,
            "mutexes are locked in a cycle, M9 => M10 => M9, so that threads can wait for each other for ever");
}

TEST(ReportText, Positions) {
  const ReportText report = read_report(
      "racecourse: position of T1\n"
      "    #0|__sanitizer_print_stack_trace|<null>|0|/lib/libtsan.so.2\n"
      "    #1|pthread_mutex_lock|<null>|0|/lib/libtsan.so.2\n"
      "    #2|work|/src/pool.cpp|7|/build/pool_test\n");
  ASSERT_EQ(report.positions.size(), 1u);
  EXPECT_EQ(report.positions[0].thread, "T1");
  EXPECT_EQ(report.positions[0].place, "work (src/pool.cpp:7)");
  EXPECT_EQ(report.positions[0].text, "T1\n    pthread_mutex_lock\n    work (src/pool.cpp:7)\n");
}

TEST(StackText, FunctionMayHoldTheSeparator) {
  const auto frame = read_frame("    #0|operator|(Flags, Flags)|/src/flags.h|3|/build/x");
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->function, "operator|(Flags, Flags)");
  EXPECT_EQ(frame->line, 3);
  EXPECT_TRUE(frame->users);
}

TEST(StackText, OtherLinesAreNoFrames) {
  EXPECT_FALSE(read_frame("  Location is stack of main thread."));
  EXPECT_FALSE(read_frame("    #0 main /src/main.cpp:3 (x+0x1)"));
  EXPECT_FALSE(read_frame(""));
}

}  // namespace
}  // namespace racecourse::tsan
