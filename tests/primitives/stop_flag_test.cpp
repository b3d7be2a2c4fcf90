// The contract of primitives/stop_flag/stop_flag.h, for each correct flag and for the worker: first alone, then under
// all schedules that are tried.
#include <gtest/gtest.h>
#include <racecourse/primitives/stop_flag/atomic_bool.h>
#include <racecourse/primitives/stop_flag/condition_variable.h>
#include <racecourse/primitives/stop_flag/stop_token.h>
#include <racecourse/primitives/stop_flag/worker.h>
#include <racecourse/tests/primitives/under_schedules.h>

#include <chrono>
#include <functional>
#include <thread>

namespace racecourse::stop_flag {
namespace {

using namespace std::chrono_literals;

void step() { std::this_thread::sleep_for(1ms); }

template <class F>
class StopFlagContract : public testing::Test {};

using Flags = testing::Types<AtomicBool, StopToken, ConditionVariable>;
TYPED_TEST_SUITE(StopFlagContract, Flags);

TYPED_TEST(StopFlagContract, IsRaisedByTheFirstRequestForGood) {
  TypeParam flag;
  EXPECT_FALSE(flag.requested());
  flag.request();
  EXPECT_TRUE(flag.requested());
  flag.request();
  EXPECT_TRUE(flag.requested());
}

TYPED_TEST(StopFlagContract, PublishesWhatWasWrittenBefore) {
  under_schedules([] {
    TypeParam flag;
    int last_order = 0;
    std::thread worker([&] {
      while (!flag.requested()) step();
      EXPECT_EQ(last_order, 42);
    });
    last_order = 42;
    flag.request();
    worker.join();
  });
}

TYPED_TEST(StopFlagContract, StopsAllWhoLook) {
  under_schedules([] {
    TypeParam flag;
    auto look = [&] {
      while (!flag.requested()) step();
    };
    std::thread first(look), second(look), asker([&] { flag.request(); });
    first.join();
    second.join();
    asker.join();
  });
}

TYPED_TEST(StopFlagContract, StopsAWorkerWhoFinishesOnce) {
  under_schedules([] {
    int finished = 0, last_order = 0, seen = -1;
    {
      Worker<TypeParam> worker(step, [&] {
        finished++;
        seen = last_order;
      });
      last_order = 42;
      worker.stop();
      worker.stop();
    }
    EXPECT_EQ(finished, 1);
    EXPECT_EQ(seen, 42);
  });
}

TYPED_TEST(StopFlagContract, IsRaisedByTheWorkersDestructor) {
  under_schedules([] {
    bool finished = false;
    {
      Worker<TypeParam> worker(step, [&] { finished = true; });
    }
    EXPECT_TRUE(finished);
  });
}

// The four places where the course notes keep the variable. The flag is the same in all of them.
AtomicBool global_flag;

struct Dog {
  AtomicBool stop_threads;
  std::thread thread{[this] {
    while (!stop_threads.requested()) step();
  }};
};

void run(const std::function<bool()>& stop_threads) {
  while (!stop_threads()) step();
}

TEST(WhereTheFlagLives, Global) {
  under_schedules([] {
    std::thread thread([] {
      while (!global_flag.requested()) step();
    });
    global_flag.request();
    thread.join();
  });
}

TEST(WhereTheFlagLives, Member) {
  under_schedules([] {
    Dog dog;
    dog.stop_threads.request();
    dog.thread.join();
  });
}

TEST(WhereTheFlagLives, PassedInAsAPredicate) {
  under_schedules([] {
    AtomicBool flag;
    std::thread thread(run, [&] { return flag.requested(); });
    flag.request();
    thread.join();
  });
}

TEST(WhereTheFlagLives, MemberPassedInAsAPredicate) {
  under_schedules([] {
    struct Cat {
      AtomicBool stop_threads;
      std::thread thread{run, [this] { return stop_threads.requested(); }};
    } cat;
    cat.stop_threads.request();
    cat.thread.join();
  });
}

TEST(ConditionVariableFlag, WaitsNoLongerThanAsked) {
  ConditionVariable flag;
  EXPECT_FALSE(flag.wait_for(0ms));
  EXPECT_FALSE(flag.wait_for(-1s));
  const auto before = std::chrono::steady_clock::now();
  EXPECT_FALSE(flag.wait_for(5ms));
  EXPECT_GE(std::chrono::steady_clock::now() - before, 5ms);
  flag.request();
  EXPECT_TRUE(flag.wait_for(0ms));
  flag.wait();
}

TEST(ConditionVariableFlag, WakesEverySleeper) {
  under_schedules([] {
    ConditionVariable flag;
    int last_order = 0;
    auto sleep = [&] {
      flag.wait();
      EXPECT_EQ(last_order, 42);
    };
    std::thread first(sleep), second(sleep);
    last_order = 42;
    flag.request();
    first.join();
    second.join();
  });
}

TEST(ConditionVariableFlag, EndsATimedSleepEarlyOrOnTime) {
  under_schedules([] {
    ConditionVariable flag;
    bool asked = false;
    std::thread sleeper([&] { asked = flag.wait_for(1ms); });
    flag.request();
    sleeper.join();
    racecourse::outcome(asked ? "asked" : "timed out");
  });
}

TEST(StopTokenFlag, InterruptsAWaitThroughACallback) {
  StopToken flag;
  int calls = 0;
  std::stop_callback callback(flag.token(), [&] { calls++; });
  EXPECT_EQ(calls, 0);
  flag.request();
  flag.request();
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace racecourse::stop_flag
