// Deadlocks that are predicted from executions that passed: confirmed where they can happen, and never where they
// cannot.
#include <gtest/gtest.h>
#include <racecourse/checkers/explore.h>

#include <atomic>
#include <barrier>
#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <string>
#include <thread>

namespace racecourse {
namespace {

using Lock = std::lock_guard<std::mutex>;

Options few(std::uint64_t executions = 300) {
  Options options;
  options.executions = executions;
  return options;
}

void expect_predicted(const std::function<void()>& body, const Options& options = few()) {
  const Verdict verdict = search(body, options);
  ASSERT_TRUE(verdict.finding) << verdict.text;
  EXPECT_EQ(verdict.finding->kind, Kind::deadlock) << verdict.text;
  EXPECT_NE(verdict.text.find("predicted from the order of locks in execution"), std::string::npos) << verdict.text;
  EXPECT_LE(verdict.executions, 10u);
}

void expect_nothing(const std::function<void()>& body, const Options& options = few()) {
  const Verdict verdict = search(body, options);
  EXPECT_EQ(verdict.state, State::not_found) << verdict.text << (verdict.finding ? verdict.finding->report : "");
}

void both(std::mutex& first, std::mutex& second) {
  Lock outer(first);
  Lock inner(second);
}

// Each thread holds its own lock once while it wants the other one, somewhere among 200 sections.
void rarely_nested(int nested_in_a, int nested_in_b) {
  std::mutex a, b, counted;
  int count = 0;  // guarded by counted
  const auto work = [&](std::mutex& first, std::mutex& second, int nested) {
    for (int i = 0; i < 200; i++) {
      if (i == nested) both(first, second);
      Lock lock(counted);
      ++count;
    }
  };
  std::thread one([&] { work(a, b, nested_in_a); });
  std::thread other([&] { work(b, a, nested_in_b); });
  one.join();
  other.join();
  EXPECT_EQ(count, 400);
}

TEST(LockOrder, ARareDeadlockIsConfirmedWithinAHandfulOfExecutions) {
  expect_predicted([] { rarely_nested(20, 180); });
  expect_predicted([] { rarely_nested(199, 0); });
}

TEST(LockOrder, TheReportTellsOfThePrediction) {
  const Verdict verdict = search([] { rarely_nested(20, 180); }, few());
  ASSERT_TRUE(verdict.finding);
  EXPECT_NE(verdict.finding->report.find("predicted from the order of locks"), std::string::npos)
      << verdict.finding->report;
  EXPECT_NE(verdict.finding->report.find("cycle: T"), std::string::npos) << verdict.finding->report;
}

TEST(LockOrder, TheSameSeedPredictsTheSame) {
  Options options = few();
  options.seed = 7;
  const Verdict once = search([] { rarely_nested(50, 150); }, options);
  options.workers = 2;
  const Verdict again = search([] { rarely_nested(50, 150); }, options);
  ASSERT_TRUE(once.finding && again.finding);
  EXPECT_EQ(once.finding->token, again.finding->token);
  EXPECT_EQ(once.executions, again.executions);
}

TEST(LockOrder, AGateKeepsTheSidesApart) {
  expect_nothing([] {
    std::mutex gate, a, b;
    const auto work = [&](std::mutex& first, std::mutex& second) {
      Lock lock(gate);
      both(first, second);
    };
    std::thread one([&] { work(a, b); }), other([&] { work(b, a); });
    one.join();
    other.join();
  });
}
TEST(LockOrder, AGateLetGoEarlyDoesNot) {
  expect_predicted([] {
    std::mutex gate, a, b;
    const auto work = [&](std::mutex& first, std::mutex& second) {
      for (int i = 0; i < 100; i++) Lock lock(gate);
      std::unique_lock lock(gate);
      Lock outer(first);
      lock.unlock();
      Lock inner(second);
    };
    std::thread one([&] { work(a, b); }), other([&] { work(b, a); });
    one.join();
    other.join();
  });
}

TEST(LockOrder, OneAfterTheOtherByJoin) {
  expect_nothing([] {
    std::mutex a, b;
    std::thread([&] { both(a, b); }).join();
    std::thread([&] { both(b, a); }).join();
  });
}
TEST(LockOrder, OneBeforeTheOtherIsStarted) {
  expect_nothing([] {
    std::mutex a, b;
    std::thread one([&] {
      both(a, b);
      std::thread([&] { both(b, a); }).join();
    });
    one.join();
  });
}

TEST(LockOrder, OneAfterTheOtherByASemaphore) {
  expect_nothing([] {
    std::mutex a, b;
    std::binary_semaphore done(0);
    std::thread one([&] {
      both(a, b);
      done.release();
    });
    std::thread other([&] {
      done.acquire();
      both(b, a);
    });
    one.join();
    other.join();
  });
}

TEST(LockOrder, OneAfterTheOtherByAFlag) {
  expect_nothing([] {
    std::mutex a, b;
    std::atomic<bool> done = false;
    std::thread one([&] {
      both(a, b);
      done = true;
    });
    std::thread other([&] {
      while (!done) std::this_thread::yield();
      both(b, a);
    });
    one.join();
    other.join();
  });
}

TEST(LockOrder, OneAfterTheOtherByACondition) {
  expect_nothing([] {
    std::mutex a, b, mutex;
    std::condition_variable condition;
    bool done = false;  // guarded by mutex
    std::thread one([&] {
      both(a, b);
      Lock lock(mutex);
      done = true;
      condition.notify_one();
    });
    std::thread other([&] {
      std::unique_lock lock(mutex);
      condition.wait(lock, [&] { return done; });
      lock.unlock();
      both(b, a);
    });
    one.join();
    other.join();
  });
}
// The flag is guarded by one of the two locks themselves.
TEST(LockOrder, OneAfterTheOtherByWhatALockOfTheCircleGuards) {
  expect_nothing([] {
    std::mutex a, b;
    bool done = false;  // guarded by a
    std::thread one([&] {
      Lock outer(a);
      Lock inner(b);
      done = true;
    });
    std::thread other([&] {
      for (bool seen = false; !seen;) {
        Lock lock(a);
        seen = done;
        if (!seen) std::this_thread::yield();
      }
      both(b, a);
    });
    one.join();
    other.join();
  });
}

TEST(LockOrder, OneAfterTheOtherByABarrier) {
  expect_nothing([] {
    std::mutex a, b;
    std::barrier barrier(2);
    std::thread one([&] {
      both(a, b);
      barrier.arrive_and_wait();
    });
    std::thread other([&] {
      barrier.arrive_and_wait();
      both(b, a);
    });
    one.join();
    other.join();
  });
}
// Before the barrier they take turns; what follows it is not ordered.
TEST(LockOrder, BothAfterABarrier) {
  expect_predicted([] {
    std::mutex a, b, counted;
    std::barrier barrier(2);
    const auto work = [&](std::mutex& first, std::mutex& second) {
      barrier.arrive_and_wait();
      for (int i = 0; i < 100; i++) Lock lock(counted);
      both(first, second);
    };
    std::thread one([&] { work(a, b); }), other([&] { work(b, a); });
    one.join();
    other.join();
  });
}

TEST(LockOrder, ThreeLocksInACircle) {
  expect_predicted([] {
    std::mutex locks[3], counted;
    const auto work = [&](int i) {
      for (int k = 0; k < 50; k++) Lock lock(counted);
      both(locks[i], locks[(i + 1) % 3]);
    };
    std::thread one([&] { work(0); }), two([&] { work(1); }), three([&] { work(2); });
    one.join();
    two.join();
    three.join();
  });
}

// What it reads under its first lock depends on who was first: the prediction is not certain, and comes true.
TEST(LockOrder, ValuesReadUnderTheFirstLock) {
  expect_predicted([] {
    struct Account {
      std::mutex mutex;
      int balance = 100;  // guarded by mutex
    } one, other;
    std::mutex counted;
    const auto transfer = [&](Account& from, Account& to) {
      for (int i = 0; i < 50; i++) Lock lock(counted);
      Lock outer(from.mutex);
      if (from.balance < 10) return;
      Lock inner(to.mutex);
      from.balance -= 10;
      to.balance += 10;
    };
    std::thread a([&] { transfer(one, other); }), b([&] { transfer(other, one); });
    a.join();
    b.join();
  });
}

TEST(LockOrder, TwoReadersDoNotExcludeEachOther) {
  expect_nothing([] {
    std::shared_mutex a, b;
    std::thread one([&] {
      std::shared_lock outer(a);
      std::shared_lock inner(b);
    });
    std::thread other([&] {
      std::shared_lock outer(b);
      std::shared_lock inner(a);
    });
    one.join();
    other.join();
  });
}
TEST(LockOrder, AReaderAndAWriterDo) {
  expect_predicted([] {
    std::shared_mutex a, b;
    std::mutex counted;
    std::thread one([&] {
      for (int i = 0; i < 100; i++) Lock lock(counted);
      std::shared_lock outer(a);
      std::lock_guard inner(b);
    });
    std::thread other([&] {
      for (int i = 0; i < 100; i++) Lock lock(counted);
      std::shared_lock outer(b);
      std::lock_guard inner(a);
    });
    one.join();
    other.join();
  });
}

TEST(LockOrder, WhoOnlyTriesDoesNotWait) {
  expect_nothing([] {
    std::mutex a, b;
    std::thread one([&] { both(a, b); });
    std::thread other([&] {
      Lock outer(b);
      if (a.try_lock()) a.unlock();
    });
    one.join();
    other.join();
  });
}
TEST(LockOrder, WhatWasTriedIsHeld) {
  expect_predicted([] {
    std::mutex a, b, counted;
    std::thread one([&] {
      for (int i = 0; i < 100; i++) Lock lock(counted);
      both(a, b);
    });
    std::thread other([&] {
      for (int i = 0; i < 100; i++) Lock lock(counted);
      if (!b.try_lock()) return;
      { Lock inner(a); }
      b.unlock();
    });
    one.join();
    other.join();
  });
}

// Ordered by what nobody can see.
volatile int hidden = 0;
__attribute__((noinline, no_sanitize("thread"))) void set_hidden(int value) { hidden = value; }
__attribute__((noinline, no_sanitize("thread"))) int get_hidden() { return hidden; }
void ordered_secretly() {
  std::mutex a, b;
  std::thread one([&] {
    both(a, b);
    set_hidden(1);
  });
  std::thread other([&] {
    while (get_hidden() == 0) std::this_thread::yield();
    both(b, a);
  });
  one.join();
  other.join();
}

TEST(LockOrder, WhatNoDirectedExecutionConfirmsIsALockOrder) {
  const Verdict verdict = search(ordered_secretly, few());
  ASSERT_EQ(verdict.state, State::failed) << verdict.text;
  EXPECT_EQ(verdict.finding->kind, Kind::lock_order);
  EXPECT_NE(verdict.text.find("not confirmed by 300 directed ones"), std::string::npos) << verdict.text;
  Options replay = few();
  replay.token = verdict.finding->token;
  const Verdict again = search(ordered_secretly, replay);
  ASSERT_EQ(again.state, State::failed) << again.text;
  EXPECT_EQ(again.finding->kind, Kind::lock_order);
  EXPECT_EQ(again.finding->message, verdict.finding->message);
}
TEST(LockOrder, IsNotJudgedUnlessWanted) {
  Options options = few();
  options.judge = {Kind::assertion};
  expect_nothing(ordered_secretly, options);
  expect_nothing([] { rarely_nested(20, 180); }, options);
}

}  // namespace
}  // namespace racecourse
