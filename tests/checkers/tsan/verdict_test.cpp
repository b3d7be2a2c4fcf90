// What ThreadSanitizer reports becomes a verdict of that name, and nothing else does.
#include <gtest/gtest-spi.h>
#include <pthread.h>

#include <exception>
#include <future>
#include <stdexcept>
#include <string>
#include <utility>

#include "bodies.h"

namespace racecourse::tsan_tests {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Verdict, DataRaceIsNamedWithBothSides) {
  const Verdict verdict = search(unlocked_withdrawals);
  ASSERT_EQ(summary(verdict), "failed: data-race");
  const Finding& finding = *verdict.finding;
  const std::size_t between = finding.message.find(" races with ");
  ASSERT_NE(between, std::string::npos) << finding.message;
  for (const std::string& side : {finding.message.substr(0, between), finding.message.substr(between)}) {
    EXPECT_TRUE(has(side, " by T")) << side;
    EXPECT_TRUE(has(side, "Account::withdraw(int) (")) << side;
    EXPECT_TRUE(has(side, "bodies.h:")) << side;
  }
  EXPECT_TRUE(finding.file.ends_with("bodies.h")) << finding.file;
  EXPECT_GT(finding.line, 0);
  EXPECT_TRUE(finding.token.empty());
  EXPECT_EQ(finding.execution, verdict.executions);
  EXPECT_TRUE(has(finding.replay_command, "RACECOURSE_OPTIONS=seed=1 ")) << finding.replay_command;
  EXPECT_TRUE(has(finding.replay_command, "--gtest_filter=Verdict.DataRaceIsNamedWithBothSides"));
  EXPECT_TRUE(has(finding.report, finding.replay_command));
}

TEST(Verdict, LockOrderIsNamed) {
  const Verdict verdict = search(locks_in_both_orders);
  ASSERT_EQ(summary(verdict), "failed: lock-order");
  EXPECT_TRUE(has(verdict.finding->message, "cycle")) << verdict.finding->message;
  EXPECT_TRUE(verdict.finding->file.ends_with("bodies.h")) << verdict.finding->file;
}

TEST(Verdict, UseAfterFreeIsNamed) {
  const Verdict verdict = search([] {
    int* number = new int(1);
    std::thread([&] { delete number; }).join();
    *static_cast<volatile int*>(number) = 2;
  });
  EXPECT_EQ(summary(verdict), "failed: use-after-free");
}

TEST(Verdict, MutexMisuseIsNamed) {
  EXPECT_EQ(summary(search([] {
              std::mutex mutex;
              mutex.unlock();
            })),
            "failed: mutex-misuse");
  EXPECT_EQ(summary(search([] {
              pthread_mutex_t mutex;
              pthread_mutex_init(&mutex, nullptr);
              pthread_mutex_lock(&mutex);
              pthread_mutex_destroy(&mutex);
            })),
            "failed: mutex-misuse");
}

// The checker's own functions stand between the body and the runtime, and must not hide the place.
TEST(Verdict, PlaceIsTheUsers) {
  int number = 0;
  const auto publish = [&] { std::atomic_ref<int>(number).store(1); };
  const auto overwrite = [&] { number = 2; };
  const int line = __LINE__;
  const Verdict atomic = search([&] { both(publish, overwrite); });
  ASSERT_EQ(summary(atomic), "failed: data-race");
  const std::string& message = atomic.finding->message;
  EXPECT_TRUE(has(message, "verdict_test.cpp:" + std::to_string(line - 2))) << message;
  EXPECT_TRUE(has(message, "verdict_test.cpp:" + std::to_string(line - 1))) << message;

  const int unlock = __LINE__ + 3;
  const Verdict mutex = search([] {
    std::mutex mutex;
    mutex.unlock();
  });
  ASSERT_EQ(summary(mutex), "failed: mutex-misuse");
  EXPECT_EQ(mutex.finding->line, unlock);
}

// The last reference to an exception is dropped inside libstdc++.so, which is not instrumented.
TEST(Verdict, ExceptionsThatTravelAreNoRace) {
  const Verdict verdict = search(
      [] {
        std::exception_ptr shared = std::make_exception_ptr(std::runtime_error("seen by two threads"));
        const auto look = [](std::exception_ptr exception) {
          try {
            std::rethrow_exception(std::move(exception));
          } catch (const std::runtime_error& error) {
            EXPECT_EQ(std::string(error.what()).size(), 19u);
          }
        };
        std::thread a(look, shared), b(look, std::move(shared));
        a.join();
        b.join();

        std::promise<int> promise;
        std::future<int> future = promise.get_future();
        std::thread c([promise = std::move(promise)]() mutable {
          promise.set_exception(std::make_exception_ptr(std::runtime_error("from a promise")));
        });
        EXPECT_THROW(future.get(), std::runtime_error);
        c.join();
      },
      few_runs());
  EXPECT_EQ(summary(verdict), "not-found") << (verdict.finding ? verdict.finding->report : "");
}

// What the first thread of a run did is known too, from its first step on.
TEST(Verdict, BodyWithoutThreadsIsSeen) {
  EXPECT_EQ(summary(search([] {
              // volatile: the compiler would see through it, and warn.
              volatile int* volatile number = new int(1);
              delete number;
              *number = 2;
            })),
            "failed: use-after-free");
}

TEST(Verdict, ThreadLeakIsNamed) {
  EXPECT_EQ(summary(search([] {
              std::atomic<bool> ended = false;
              pthread_t thread;
              pthread_create(
                  &thread, nullptr,
                  [](void* flag) -> void* {
                    *static_cast<std::atomic<bool>*>(flag) = true;
                    return nullptr;
                  },
                  &ended);
              while (!ended) std::this_thread::yield();
            })),
            "failed: thread-leak");
}

TEST(Verdict, CorrectCodeHasNone) {
  const Verdict verdict = search(locked_withdrawals, few_runs());
  EXPECT_EQ(summary(verdict), "not-found");
  EXPECT_EQ(verdict.executions, 20u);
  EXPECT_EQ(verdict.text, "not found: 20 runs on real threads (seed 1); this is no proof");
}

TEST(Verdict, HangIsNamedWithTheThreadsPlaces) {
  const Verdict verdict = search(waits_for_ever, impatient());
  ASSERT_EQ(summary(verdict), "failed: hang");
  EXPECT_EQ(verdict.executions, 1u);
  EXPECT_TRUE(has(verdict.finding->message, "T0 is in ")) << verdict.finding->message;
  EXPECT_TRUE(has(verdict.finding->message, "T1 is in ")) << verdict.finding->message;
}

// A window of nanoseconds on real threads. Measured with delays: 15 to 23 of 100 runs on two busy cores; say 8, then
// 200 miss it with probability < 0.92^200 < 1e-7; without delays, 0 of 100.
TEST(Verdict, DelaysShowAnInterleaving) {
  const Verdict verdict = search(check_then_act);
  EXPECT_EQ(summary(verdict), "failed: assertion");
}

TEST(Verdict, AForbiddenOutcomeIsAFindingOfItsKind) {
  Options options = few_runs();
  options.forbidden = {"unseen", "seen"};
  const Verdict verdict = search([] { outcome("seen"); }, options);
  ASSERT_EQ(summary(verdict), "failed: forbidden-outcome");
  EXPECT_EQ(verdict.finding->message, "forbidden outcome: seen");
}

TEST(Verdict, OutcomesAreCounted) {
  const Verdict verdict = search([] { outcome("seen"); }, few_runs());
  EXPECT_EQ(verdict.outcomes, (std::map<std::string, std::uint64_t>{{"seen", 20}}));
}

// Each run starts from the state at the call, and leaves none behind.
TEST(Verdict, RunsDoNotSeeEachOther) {
  static int global = 0;
  int captured = 0;
  const Verdict verdict = search(
      [&] {
        EXPECT_EQ(++global, 1);
        EXPECT_EQ(++captured, 1);
      },
      few_runs());
  EXPECT_EQ(summary(verdict), "not-found");
  EXPECT_EQ(global + captured, 0);
}

TEST(Verdict, SecondsEndTheSearch) {
  Options options;
  options.repetitions = 1'000'000;
  options.seconds = 0.2;
  const Verdict verdict = search([] {}, options);
  EXPECT_EQ(summary(verdict), "not-found");
  EXPECT_LT(verdict.executions, options.repetitions);
}

TEST(Verdict, TokenIsRefused) {
  Options options;
  options.token = "r1:7f3a.1x1";
  EXPECT_THROW(search([] {}, options), std::invalid_argument);
}

TEST(Verdict, LinkedCheckerIsTsan) { EXPECT_STREQ(linked_checker(), "tsan"); }

// expect_finding() is satisfied by the required kind, and by no other.

TEST(Expect, RequiredKindPasses) { expect_finding(unlocked_withdrawals, Kind::data_race); }

TEST(Expect, HangPasses) { expect_finding(waits_for_ever, Kind::hang, impatient()); }

TEST(Expect, NothingFoundFails) {
  EXPECT_NONFATAL_FAILURE(expect_finding(locked_withdrawals, Kind::data_race, few_runs()),
                          "expected a finding of kind data-race; not found: 20 runs");
}

TEST(Expect, CrashIsNoCatch) {
  const auto crash = [] { std::thread([] { *static_cast<volatile int*>(nullptr) = 1; }).join(); };
  EXPECT_NONFATAL_FAILURE(expect_finding(crash, Kind::data_race), "found signal");
}

TEST(Expect, HangIsNoCatch) {
  EXPECT_NONFATAL_FAILURE(expect_finding(waits_for_ever, Kind::lock_order, impatient()), "found hang");
}

TEST(Expect, AnotherReportIsNoCatch) {
  EXPECT_NONFATAL_FAILURE(expect_finding(unlocked_withdrawals, Kind::lock_order), "found data-race");
}

// The allowed hang is passed over until a run shows the inversion.
TEST(Expect, AllowedKindIsPassedOver) {
  const auto body = [] {
    std::mutex a, b;
    both(
        [&] {
          const std::scoped_lock first(a);
          const std::scoped_lock second(b);
        },
        [&] {
          const std::scoped_lock first(b);
          const std::scoped_lock second(a);
        });
  };
  Options options = impatient();
  // At least a fifth of the runs keep the sides apart: missed by 60 with probability < 0.8^60 < 2e-6.
  options.repetitions = 60;
  const Verdict verdict = expect_finding(body, Kind::lock_order, {Kind::hang}, options);
  EXPECT_EQ(summary(verdict), "failed: lock-order");
}

TEST(Expect, KindBesideItMustBeAllowed) {
  const auto body = [] {
    unlocked_withdrawals();
    EXPECT_TRUE(false);
  };
  EXPECT_NONFATAL_FAILURE(expect_finding(body, Kind::data_race), "found assertion");
  const Verdict verdict = expect_finding(body, Kind::data_race, {Kind::assertion});
  ASSERT_EQ(summary(verdict), "failed: data-race");
  EXPECT_EQ(verdict.finding->also, std::vector<Kind>{Kind::assertion});
}

TEST(Explore, FindingFailsTheTestOnce) { EXPECT_NONFATAL_FAILURE(explore(unlocked_withdrawals), "races with"); }

}  // namespace
}  // namespace racecourse::tsan_tests
