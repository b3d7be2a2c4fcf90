// Golden reports: readability is reviewed like code.
#include <gtest/gtest.h>
#include <racecourse/checkers/report/render.h>

#include <string>

#include "synthetic.h"

namespace racecourse::report {
namespace {

constexpr std::uint64_t kBalance = 0x1000;
constexpr std::uint64_t kLockA = 0x2000;
constexpr std::uint64_t kLockB = 0x2040;
constexpr std::uint64_t kWord = 0x3000;

const std::vector<std::string> kAccount = {
    "bool withdraw(int amount) {",               // 1
    "  if (balance_ < amount) return false;",    // 2
    "  balance_ -= amount;",                     // 3
    "  return true;",                            // 4
    "}",                                         // 5
    "int balance() const { return balance_; }",  // 6
};

Context account_context() {
  Context context;
  context.name = "account/check_then_act";
  context.token = "r1:7f3a.1x1.2x2.1x2";
  context.replay_command = "racecourse replay account/check_then_act --token r1:7f3a.1x1.2x2.1x2";
  context.execution = 17;
  return context;
}

// Both threads check before either withdraws.
TraceBuilder overdrawn(const FakeSymbols& code) {
  TraceBuilder trace(3);
  trace.add(0, Op::write, kBalance, 1000, code.pc(3, "-="));
  trace.begin_threads();
  trace.add(1, Op::read, kBalance, 1000, code.pc(2, "balance_"));
  trace.add(2, Op::read, kBalance, 1000, code.pc(2, "balance_"));
  trace.add(2, Op::write, kBalance, 200, code.pc(3, "-="));
  RawFinding& race = trace.found(Kind::data_race, 2);
  race.other = 1;
  race.thread_is_write = 1;
  race.access_size = 4;
  race.address = kBalance;
  race.pc = code.pc(3, "-=");
  trace.switch_by(Switch::ended);
  trace.add(1, Op::read, kBalance, 200, code.pc(3, "balance_"));
  trace.add(1, Op::write, kBalance, static_cast<std::uint64_t>(-600), code.pc(3, "-="));
  trace.switch_by(Switch::ended);
  trace.add(0, Op::thread_join, 0, 1);
  trace.add(0, Op::thread_join, 0, 2);
  trace.add(0, Op::read, kBalance, static_cast<std::uint64_t>(-600), code.pc(6, "balance_;"));
  RawFinding& failed = trace.found(Kind::assertion, 0, "Expected: (account.balance()) >= (0), actual: -600 vs 0");
  std::snprintf(failed.file, sizeof failed.file, "/src/bank/account_test.cpp");
  failed.line = 12;
  return trace;
}

TEST(Render, OverdrawnAccount) {
  FakeSymbols code(kAccount);
  const TraceBuilder builder = overdrawn(code);
  const Finding finding = render(builder.trace(), account_context(), code);
  EXPECT_EQ(finding.kind, Kind::assertion);
  EXPECT_EQ(finding.also, std::vector<Kind>{Kind::data_race});
  EXPECT_EQ(finding.message, "Expected: (account.balance()) >= (0), actual: -600 vs 0");
  EXPECT_EQ(finding.file, "bank/account_test.cpp");
  EXPECT_EQ(finding.line, 12);
  const std::string picture = R"(step  T0        T1                      T2                      why
  1             read  balance_ -> 1000                          checks balance_ < amount
  2                                     read  balance_ -> 1000  switch: T1 preempted; checks
                                                                balance_ < amount
  3                                     write balance_ <- 200
  !   data-race: write of balance_ by T2 races with read by T1 (account.h:3)
  4             read  balance_ -> 200                           switch: T2 ended
  5             write balance_ <- -600
  6   read  balance_ -> -600                                    switch: T1 ended
  !   assertion: Expected: (account.balance()) >= (0), actual: -600 vs 0 (account_test.cpp:12)
replay: racecourse replay account/check_then_act --token r1:7f3a.1x1.2x2.1x2
)";
  EXPECT_EQ(finding.picture, picture);
  EXPECT_EQ(finding.report, R"(assertion: Expected: (account.balance()) >= (0), actual: -600 vs 0
  in account/check_then_act, execution 17, also seen: data-race

  in T0 at bank/account_test.cpp:12

also data-race: write of balance_ by T2 races with read by T1 (account.h:3)
  T2: write of balance_ (4 bytes)
    bank/account.h:3  Account::withdraw
  T1, earlier: read of balance_
    bank/account.h:2  Account::withdraw
  neither T2 nor T1 holds a lock
  no release and acquire, thread start or join orders the two
  T2 was started by T0
  T1 was started by T0

token:  r1:7f3a.1x1.2x2.1x2

)" + picture);
  EXPECT_LE(widest_line(finding.report), 100u);
}

TEST(Render, TheKindAskedForLeads) {
  FakeSymbols code(kAccount);
  const TraceBuilder builder = overdrawn(code);
  Context context = account_context();
  context.lead = Kind::data_race;
  const Finding finding = render(builder.trace(), context, code);
  EXPECT_EQ(finding.kind, Kind::data_race);
  EXPECT_EQ(finding.message, "write of balance_ by T2 races with read by T1");
  EXPECT_EQ(finding.file, "bank/account.h");
  EXPECT_EQ(finding.line, 3);
  EXPECT_EQ(finding.also, std::vector<Kind>{Kind::assertion});
}

const std::vector<std::string> kTransfer = {
    "void transfer(Account& from, Account& to) {",  // 1
    "  std::lock_guard first(from.mutex_);",        // 2
    "  std::lock_guard second(to.mutex_);",         // 3
    "}",                                            // 4
};

TEST(Render, DeadlockNamesHoldersAndCycle) {
  FakeSymbols code(kTransfer);
  code.function = "transfer";
  TraceBuilder builder(3);
  builder.begin_threads();
  builder.add(1, Op::mutex_lock, kLockA, 0, code.pc(2, ");"));
  builder.add(2, Op::mutex_lock, kLockB, 0, code.pc(2, ");"));
  builder.add(2, Op::mutex_blocked, kLockA, 1, code.pc(3, ");"));
  builder.switch_by(Switch::blocked);
  builder.add(1, Op::mutex_blocked, kLockB, 2, code.pc(3, ");"));
  builder.switch_by(Switch::blocked);
  builder.add(0, Op::join_blocked, 0, 1);
  const auto stuck = [&](std::size_t thread, Wait wait, std::uint64_t object, std::uint16_t other) {
    ThreadEnd& end = builder.thread(thread);
    end.state = ThreadState::blocked;
    end.wait = wait;
    end.wait_object = object;
    end.wait_thread = other;
    if (wait == Wait::mutex) end.wait_pc = code.pc(3, ");");
  };
  stuck(0, Wait::join, 0, 1);
  stuck(1, Wait::mutex, kLockB, 2);
  stuck(2, Wait::mutex, kLockA, 1);
  builder.found(Kind::deadlock, 0, "every thread waits: ...").pc = code.pc(3, ");");
  const Finding finding = render(builder.trace(), {}, code);
  EXPECT_EQ(
      finding.message,
      "T1 waits for mutex_ #2, held by T2 since account.h:2; T2 waits for mutex_ #1, held by T1 since account.h:2");
  EXPECT_EQ(finding.file, "bank/account.h");
  EXPECT_EQ(finding.line, 3);
  EXPECT_EQ(finding.report,
            R"(deadlock: T1 waits for mutex_ #2, held by T2 since account.h:2; T2 waits for mutex_ #1, held by
    T1 since account.h:2

  T1 waits for mutex_ #2, held by T2 since account.h:2
    bank/account.h:3  transfer
    T2 locked it at bank/account.h:2
  T2 waits for mutex_ #1, held by T1 since account.h:2
    bank/account.h:3  transfer
    T1 locked it at bank/account.h:2
  T0 waits for T1 to end
    (no source line known)
  cycle: T1 -> mutex_ #2 -> T2 -> mutex_ #1 -> T1

step  T1                   T2                   where        why
  1   lock  mutex_ #1                           account.h:2
  2                        lock  mutex_ #2      account.h:2  switch: T1 preempted
  3                        lock  mutex_ #1 ...  account.h:3  held by T1
  4   lock  mutex_ #2 ...                       account.h:3  switch: T2 waits for mutex_ #1; held by
                                                             T2
  !   deadlock: T1 -> mutex_ #2 -> T2 -> mutex_ #1 -> T1 (account.h:3)
)");
}

const std::vector<std::string> kSemaphore = {
    "semaphore.acquire();",  // 1
    "semaphore.release();",  // 2
};

TEST(Render, LostWakeupShowsTheReleaseThatWokeNobody) {
  FakeSymbols code(kSemaphore);
  code.function = "worker";
  TraceBuilder builder(3);
  builder.begin_threads();
  builder.add(2, Op::futex_wake, kWord, 0, code.pc(2, "("));
  builder.add(1, Op::futex_wait, kWord, 1, code.pc(1, "("));
  builder.switch_by(Switch::blocked);
  Event& release = builder.add(2, Op::atomic_rmw, kWord, 2, code.pc(2, "("));
  release.old_value = 1;
  builder.switch_by(Switch::ended);
  builder.add(0, Op::join_blocked, 0, 1);
  ThreadEnd& sleeper = builder.thread(1);
  sleeper.state = ThreadState::blocked;
  sleeper.wait = Wait::futex;
  sleeper.wait_object = kWord;
  sleeper.wait_value = 1;
  sleeper.wait_pc = code.pc(1, "(");
  builder.found(Kind::lost_wakeup, 0, "every thread waits");
  const Finding finding = render(builder.trace(), {}, code);
  EXPECT_EQ(finding.message,
            "T1 sleeps on semaphore because it was 1, and missed the wake by T2 (account.h:2), which came while nobody "
            "waited");
  EXPECT_EQ(finding.report,
            R"(lost-wakeup: T1 sleeps on semaphore because it was 1, and missed the wake by T2 (account.h:2),
    which came while nobody waited

  T1 sleeps on semaphore because it was 1, and missed the wake by T2 (account.h:2), which came
    while nobody waited
    bank/account.h:1  worker
    the last change of it, from 1 to 2 by T2 at bank/account.h:2, came after this sleep began, and
      no wake followed
    first T2 notified at bank/account.h:2, and woke nobody
    then T1 fell asleep at bank/account.h:1, and had looked at nothing since that T2 had changed

step  T1                      T2                              why
  1                           wake  semaphore -> woke nobody
  2   sleep semaphore (is 1)                                  switch: T2 preempted
  3                           rmw   semaphore: 1 -> 2         switch: T1 sleeps on semaphore
  !   lost-wakeup: T1 sleeps on semaphore because it was 1, and missed the wake by T2 (account.h:2),
      which came while nobody waited (account.h:1)
)");
}

TEST(Render, EndlessThreadShowsWhatItDoes) {
  FakeSymbols code({"while (!stop) {", "  ++ticks;", "}", "daemon.join();"});
  code.types["stop"] = {ValueType::Form::boolean, 1, {}};
  TraceBuilder builder(2);
  builder.begin_threads();
  builder.add(0, Op::join_blocked, 0, 1, code.pc(4, "("));
  builder.switch_by(Switch::blocked);
  for (int i = 0; i < 400; ++i) {
    builder.add(1, Op::atomic_load, kWord, 0, code.pc(1, "stop")).size = 1;
    builder.add(1, Op::yield);
  }
  builder.thread(0).state = ThreadState::blocked;
  builder.thread(0).wait = Wait::join;
  builder.thread(0).wait_thread = 1;
  builder.thread(0).wait_pc = code.pc(4, "(");
  builder.thread(1).state = ThreadState::runnable;
  RawFinding& finding_of = builder.found(Kind::non_termination, 0, "T0 waits for T1 to end, which has not ended");
  finding_of.other = 1;
  finding_of.address = kWord;
  const Finding finding = render(builder.trace(), {}, code);
  EXPECT_NE(finding.picture.find("load  stop -> false"), std::string::npos) << finding.picture;
  EXPECT_NE(finding.picture.find("x400"), std::string::npos) << finding.picture;
  EXPECT_NE(finding.report.find("what T1 did last, which changes nothing that others see:\n"
                                "    load  stop -> false  (again and again) at bank/account.h:1\n"),
            std::string::npos)
      << finding.report;
}

TEST(Render, EndlessThreadThatChangesSomethingIsNotSaidToLookOnly) {
  FakeSymbols code({"while (!stop) {", "  ++ticks;", "}", "daemon.join();"});
  TraceBuilder builder(2);
  builder.begin_threads();
  builder.add(0, Op::read, kWord + 8, 0, code.pc(4, "daemon")).size = 8;
  for (int i = 0; i < 400; ++i) {
    builder.add(1, Op::atomic_load, kWord, 0, code.pc(1, "stop")).size = 1;
    builder.add(1, Op::write, kWord + 8, 0, code.pc(2, "ticks")).size = 8;  // where T0 reads
  }
  builder.thread(1).state = ThreadState::runnable;
  builder.found(Kind::step_limit, 1, "the execution has not ended");
  const Finding finding = render(builder.trace(), {}, code);
  EXPECT_NE(finding.report.find("what T1 did last:\n"), std::string::npos) << finding.report;
}

TEST(Render, WholeTraceOnRequest) {
  FakeSymbols code(kAccount);
  const TraceBuilder builder = overdrawn(code);
  Context context = account_context();
  context.whole_trace = true;
  const Finding finding = render(builder.trace(), context, code);
  EXPECT_NE(finding.report.find("start T2"), std::string::npos) << finding.report;
  EXPECT_EQ(finding.picture.find("start T2"), std::string::npos) << finding.picture;
}

TEST(Render, RefusesATraceWithoutFinding) {
  FakeSymbols code(kAccount);
  const TraceBuilder builder(1);
  EXPECT_THROW(render(builder.trace(), {}, code), std::logic_error);
}

}  // namespace
}  // namespace racecourse::report
