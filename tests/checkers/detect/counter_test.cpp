// Counts inside types of the standard library that leave what those types allow, and those that do not.
#include <gtest/gtest.h>
#include <limits.h>
#include <pthread.h>
#include <racecourse/checkers/explore.h>
#include <semaphore.h>

#include <atomic>
#include <barrier>
#include <cerrno>
#include <functional>
#include <latch>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

namespace racecourse {
namespace {

Options few() {
  Options options;
  options.executions = 100;
  return options;
}

void expect_found(const std::function<void()>& body, Kind kind, const std::vector<std::string>& said,
                  Options options = few()) {
  options.judge = {kind};
  const Verdict verdict = search(body, options);
  ASSERT_TRUE(verdict.finding) << verdict.text;
  EXPECT_EQ(verdict.state, State::failed) << verdict.text;
  EXPECT_STREQ(to_string(verdict.finding->kind), to_string(kind)) << verdict.finding->report;
  for (const std::string& part : said)
    EXPECT_NE(verdict.finding->report.find(part), std::string::npos) << verdict.finding->report;
}

void expect_nothing(const std::function<void()>& body) {
  const Verdict verdict = search(body, few());
  EXPECT_TRUE(verdict.state == State::not_found || verdict.state == State::proved)
      << verdict.text << (verdict.finding ? verdict.finding->report : "");
}

TEST(Counter, ABinarySemaphoreIsReleasedByTwo) {
  expect_found(
      [] {
        std::binary_semaphore ready(0);
        std::thread a([&] { ready.release(); }), b([&] { ready.release(); });
        a.join();
        b.join();
        ready.acquire();
      },
      Kind::sync_misuse, {"releases ready above its max() of 1: it stood at 1", "counter_test.cpp:"});
}
TEST(Counter, ABinarySemaphoreIsReleasedByTwoInTurn) {
  expect_nothing([] {
    std::binary_semaphore ready(0);
    std::thread a([&] { ready.release(); });
    ready.acquire();
    std::thread b([&] { ready.release(); });
    ready.acquire();
    a.join();
    b.join();
  });
}

TEST(Counter, ACountingSemaphoreIsReleasedTooMuch) {
  expect_found(
      [] {
        std::counting_semaphore<3> room(1);
        room.release(2);
        std::thread other([&] { room.release(); });
        other.join();
      },
      Kind::sync_misuse, {"T1 releases ", "above its max() of 3: it stood at 3"});
}
TEST(Counter, ACountingSemaphoreIsReleasedToItsMaximum) {
  expect_nothing([] {
    std::counting_semaphore<3> room(0);
    std::counting_semaphore<> any(7);
    std::thread other([&] {
      room.release();
      any.release(9);
    });
    room.release(2);
    other.join();
  });
}

TEST(Counter, AnExhaustiveSearchJudgesThem) {
  Options options = few();
  options.strategy = "exhaustive";
  expect_found(
      [] {
        std::binary_semaphore turn(1);
        std::thread other([&] { turn.release(); });
        turn.acquire();
        other.join();
      },
      Kind::sync_misuse, {"T1 releases turn"}, options);
}

TEST(Counter, ALatchIsCountedDownTooOften) {
  expect_found(
      [] {
        std::latch done(1);
        std::thread a([&] { done.count_down(); }), b([&] { done.count_down(); });
        a.join();
        b.join();
      },
      Kind::sync_misuse, {"counts down done below zero: it stood at 0"});
}
TEST(Counter, ALatchIsArrivedAtTooOften) {
  expect_found(
      [] {
        std::latch done(2);
        std::thread a([&] { done.arrive_and_wait(); });
        done.arrive_and_wait(2);
        a.join();
      },
      Kind::sync_misuse, {"below zero"});
}
TEST(Counter, ALatchIsCountedDownToZero) {
  expect_nothing([] {
    std::latch done(3);
    std::thread a([&] { done.count_down(2); }), b([&] { done.arrive_and_wait(); });
    done.wait();
    a.join();
    b.join();
  });
}

TEST(Counter, ABarrierIsArrivedAtMoreOftenAtOnceThanItExpects) {
  expect_found(
      [] {
        std::barrier meeting(1);
        static_cast<void>(meeting.arrive(2));
      },
      Kind::sync_misuse, {"T0 arrives at a std::barrier more often at once than threads are expected"});
}
TEST(Counter, ABarrierIsArrivedAtForOthers) {
  expect_nothing([] {
    std::barrier meeting(3);
    std::atomic<bool> flag{false};
    std::thread other([&] {
      for (int i = 0; i < 2; ++i) meeting.arrive_and_wait();
      flag.store(false, std::memory_order_release);
    });
    for (int i = 0; i < 2; ++i) meeting.wait(meeting.arrive(2));
    other.join();
  });
}

TEST(Counter, OtherIntegersCountAsTheyLike) {
  expect_nothing([] {
    std::atomic<int> balance{0};
    std::thread a([&] { balance -= 5; }), b([&] { balance += 7; });
    a.join();
    b.join();
    EXPECT_EQ(balance, 2);
  });
}

// Who is too many at a barrier is one of its next phase, and waits there.
TEST(Counter, ThreeMeetAtABarrierForTwo) {
  expect_found(
      [] {
        std::barrier meeting(2);
        std::thread a([&] { meeting.arrive_and_wait(); }), b([&] { meeting.arrive_and_wait(); });
        meeting.arrive_and_wait();
        a.join();
        b.join();
      },
      Kind::deadlock, {"counter_test.cpp:"});
}

TEST(Counter, FourMeetAtABarrierForTwo) {
  const auto meet = [](std::ptrdiff_t many) {
    return [many] {
      std::barrier meeting(many);
      const auto arrive = [&] { meeting.arrive_and_wait(); };
      std::thread a(arrive), b(arrive), c(arrive);
      arrive();
      a.join();
      b.join();
      c.join();
    };
  };
  expect_found(meet(2), Kind::non_termination,
               {"has arrived at a std::barrier when all that it was made for had come", "counter_test.cpp:"});
  expect_nothing(meet(4));
}

TEST(Counter, ThreeMeetAtABarrierForTwoOfPosix) {
  expect_found(
      [] {
        static pthread_barrier_t meeting;
        pthread_barrier_init(&meeting, nullptr, 2);
        const auto arrive = [] { pthread_barrier_wait(&meeting); };
        std::thread a(arrive), b(arrive);
        arrive();
        a.join();
        b.join();
      },
      Kind::deadlock, {"waits at meeting for the others to arrive", "arrived, and too few: T", "counter_test.cpp:"});
}

TEST(Counter, ABarrierForNobodyIsWaitedAt) {
  expect_found(
      [] {
        static pthread_barrier_t nothing;
        EXPECT_EQ(pthread_barrier_init(&nothing, nullptr, 0), EINVAL);
        pthread_barrier_wait(&nothing);
      },
      Kind::sync_misuse, {"T0 waits at nothing, which was not made"});
}

TEST(Counter, ASemaphoreIsPostedAboveItsMaximum) {
  expect_found(
      [] {
        sem_t full;
        sem_init(&full, 0, SEM_VALUE_MAX);
        std::thread other([&] { sem_post(&full); });
        other.join();
      },
      Kind::sync_misuse, {", which stands at SEM_VALUE_MAX; post only what was taken"});
}
TEST(Counter, ASemaphoreIsPostedToItsMaximum) {
  expect_nothing([] {
    sem_t almost;
    sem_init(&almost, 0, SEM_VALUE_MAX - 1);
    std::thread other([&] { EXPECT_EQ(sem_post(&almost), 0); });
    other.join();
    sem_destroy(&almost);
  });
}

}  // namespace
}  // namespace racecourse
