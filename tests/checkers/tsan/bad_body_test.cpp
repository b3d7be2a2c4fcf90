// Bodies that misbehave: each ends as a named verdict, and the tests after it still run.
#include <sys/wait.h>
#include <unistd.h>

#include <cassert>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "bodies.h"

namespace racecourse::tsan_tests {
namespace {

TEST(BadBody, Empty) {
  EXPECT_EQ(summary(search([] {}, few_runs())), "not-found");
}

TEST(BadBody, FailsAnExpectation) {
  const Verdict verdict = search([] { EXPECT_EQ(1 + 1, 3); });
  const int line = __LINE__ - 1;
  ASSERT_EQ(summary(verdict), "failed: assertion");
  EXPECT_TRUE(verdict.finding->file.ends_with("bad_body_test.cpp")) << verdict.finding->file;
  EXPECT_EQ(verdict.finding->line, line);
  EXPECT_NE(verdict.finding->message.find("1 + 1"), std::string::npos) << verdict.finding->message;
}

TEST(BadBody, FailsAnExpectationInAThread) {
  EXPECT_EQ(summary(search([] { std::thread([] { EXPECT_TRUE(false); }).join(); })), "failed: assertion");
  EXPECT_EQ(summary(search([] { std::thread([] { ASSERT_TRUE(false); }).join(); })), "failed: assertion");
}

TEST(BadBody, FailsInManyThreadsAtOnce) {
  const auto fail = [] { EXPECT_TRUE(false) << "in one of two threads"; };
  const Verdict verdict = search([&] { both(fail, fail); });
  ASSERT_EQ(summary(verdict), "failed: assertion");
  EXPECT_NE(verdict.finding->message.find("in one of two threads"), std::string::npos);
}

TEST(BadBody, FailsAnAssert) {
  const Verdict verdict = search([] { std::thread([] { assert(2 < 1); }).join(); });
  ASSERT_EQ(summary(verdict), "failed: assertion");
  EXPECT_NE(verdict.finding->message.find("2 < 1"), std::string::npos) << verdict.finding->message;
}

TEST(BadBody, Throws) {
  const Verdict verdict = search([] { throw std::runtime_error("no such account"); });
  ASSERT_EQ(summary(verdict), "failed: exception");
  EXPECT_EQ(verdict.finding->message, "the body threw std::runtime_error: no such account");
}

TEST(BadBody, ThrowsInAThread) {
  const Verdict verdict = search([] { std::thread([] { throw 7; }).join(); });
  ASSERT_EQ(summary(verdict), "failed: exception");
  EXPECT_TRUE(verdict.finding->file.ends_with("bad_body_test.cpp")) << verdict.finding->file;
}

TEST(BadBody, DestroysAJoinableThread) {
  EXPECT_EQ(summary(search([] { std::thread([] {}); })), "failed: thread-misuse");
}

TEST(BadBody, Aborts) {
  const Verdict verdict = search([] {
    std::puts("last words");
    std::thread([] { std::abort(); }).join();
  });
  ASSERT_EQ(summary(verdict), "failed: abort");
  EXPECT_NE(verdict.finding->report.find("last words"), std::string::npos) << verdict.finding->report;
}

TEST(BadBody, Crashes) {
  EXPECT_EQ(summary(search([] { std::thread([] { *static_cast<volatile int*>(nullptr) = 1; }).join(); })),
            "failed: signal");
  // Not an address at all: the fault is in the runtime, on behalf of the body.
  EXPECT_EQ(summary(search([] { *reinterpret_cast<volatile int*>(0x8123456789abcdef) = 1; })), "failed: signal");
}

TEST(BadBody, IsTerminated) {
  const Verdict verdict = search([] { std::raise(SIGTERM); });
  EXPECT_EQ(summary(verdict), "failed: signal");
}

TEST(BadBody, IsKilledFromOutside) {
  EXPECT_EQ(summary(search([] { kill(getpid(), SIGKILL); })), "unreliable");
}

TEST(BadBody, Exits) {
  const Verdict verdict = search([] { std::thread([] { std::exit(3); }).join(); });
  ASSERT_EQ(summary(verdict), "failed: exit");
  EXPECT_NE(verdict.finding->message.find("exit code 3"), std::string::npos) << verdict.finding->message;
  EXPECT_EQ(summary(search([] { _exit(0); })), "failed: exit");
}

TEST(BadBody, SpinsWithoutAVisibleOperation) {
  EXPECT_EQ(summary(search(
                [] {
                  while (true) asm volatile("");
                },
                impatient())),
            "failed: hang");
}

TEST(BadBody, ReadsAnEmptyPipe) {
  EXPECT_EQ(summary(search(
                [] {
                  int ends[2];
                  ASSERT_EQ(pipe(ends), 0);
                  char letter;
                  [[maybe_unused]] const auto length = read(ends[0], &letter, 1);
                },
                impatient())),
            "failed: hang");
}

// The processes that a body has started end with its run.
TEST(BadBody, StartsAProcessThatHangs) {
  EXPECT_EQ(summary(search(
                [] {
                  const pid_t child = fork();
                  if (child == 0) {
                    while (true) pause();
                  }
                  waitpid(child, nullptr, 0);
                },
                impatient())),
            "failed: hang");
}

TEST(BadBody, LeavesADetachedThreadRunning) {
  EXPECT_EQ(summary(search(
                [] {
                  std::thread([] {
                    while (true) std::this_thread::yield();
                  }).detach();
                },
                few_runs())),
            "not-found");
}

TEST(BadBody, ExploresInItsTurn) {
  const Verdict verdict = search([] { search([] {}); });
  ASSERT_EQ(summary(verdict), "failed: exception");
  EXPECT_NE(verdict.finding->message.find("inside the body of another"), std::string::npos);
}

// ThreadSanitizer sees nothing in a process that was forked beside another thread. That silence is no verdict.
TEST(Silence, IsNoVerdictBesideAnotherThread) {
  std::atomic<bool> done = false;
  std::thread other([&] {
    while (!done) std::this_thread::yield();
  });
  const Verdict verdict = search(unlocked_withdrawals, few_runs());
  done = true;
  other.join();
  EXPECT_EQ(summary(verdict), "unreliable");
  EXPECT_NE(verdict.text.find("another thread"), std::string::npos) << verdict.text;
}

}  // namespace
}  // namespace racecourse::tsan_tests
