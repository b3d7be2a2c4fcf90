// Sleeps and clocks run in virtual time under control: nothing waits for real.
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST(Sleep, Works) {
  RACECOURSE_EXPLORE_ONLY("sleeps for hours");
  works([] {
    auto start = Clock::now();
    std::thread a([] { std::this_thread::sleep_for(3h); });
    std::thread b([] { std::this_thread::sleep_until(Clock::now() + 5h); });
    a.join();
    b.join();
    auto slept = Clock::now() - start;
    EXPECT_GE(slept, 5h);
    EXPECT_LT(slept, 9h);
  });
}
TEST(Sleep, BrokenIsCaught) {
  is_caught(
      [] {
        int data = 0;
        std::thread writer([&] { data = 1; });
        std::this_thread::sleep_for(20ms);  // BUG: a sleep orders nothing
        int seen = data;
        writer.join();
        EXPECT_GE(seen, 0);
      },
      Kind::data_race);
}

// A sleep is a lower bound: the thread that sleeps less may still come later.
TEST(SleepOrder, Works) {
  works([] {
    std::atomic<bool> early{false};
    std::thread quick([&] {
      std::this_thread::sleep_for(1ms);
      early = true;
    });
    std::thread slow([&] {
      std::this_thread::sleep_for(2ms);
      while (!early) std::this_thread::yield();
    });
    quick.join();
    slow.join();
  });
}
TEST(SleepOrder, BrokenIsCaught) {
  is_caught(
      [] {
        std::atomic<bool> early{false};
        std::thread quick([&] {
          std::this_thread::sleep_for(1ms);
          early = true;
        });
        std::this_thread::sleep_for(20ms);
        EXPECT_TRUE(early);  // BUG: relies on the sleeps
        quick.join();
      },
      Kind::assertion);
}

TEST(SleepFunctions, Works) {
  works([] {
    auto start = Clock::now();
    timespec nap{0, 1'000'000}, remaining{};
    EXPECT_EQ(nanosleep(&nap, &remaining), 0);
    EXPECT_EQ(usleep(1'000), 0);
    EXPECT_EQ(clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, nullptr), 0);
    timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    EXPECT_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nullptr), 0);
    EXPECT_GE(Clock::now() - start, 3ms);
    if (explores()) {
      EXPECT_EQ(sleep(3'600), 0u);
      EXPECT_GE(Clock::now() - start, 1h);
    }
  });
}
TEST(SleepFunctions, BrokenIsCaught) {
  is_caught(
      [] {
        int data = 0;
        std::thread writer([&] {
          usleep(1'000);
          data = 1;
        });
        usleep(20'000);  // BUG: a sleep orders nothing
        int seen = data;
        writer.join();
        EXPECT_GE(seen, 0);
      },
      Kind::data_race);
}

TEST(Clocks, Works) {
  works([] {
    timespec before, after;
    clock_gettime(CLOCK_REALTIME, &before);
    timeval wall;
    gettimeofday(&wall, nullptr);
    time_t seconds = time(nullptr);
    std::this_thread::sleep_for(1ms);
    clock_gettime(CLOCK_REALTIME, &after);
    EXPECT_GE(wall.tv_sec, before.tv_sec);
    EXPECT_GE(seconds + 1, before.tv_sec);
    auto nanoseconds = (after.tv_sec - before.tv_sec) * 1'000'000'000L + after.tv_nsec - before.tv_nsec;
    EXPECT_GE(nanoseconds, 1'000'000);
    timespec utc;
    EXPECT_EQ(timespec_get(&utc, TIME_UTC), TIME_UTC);
    EXPECT_GE(utc.tv_sec, after.tv_sec);
    auto system = std::chrono::system_clock::now();
    auto last = Clock::now();
    for (int i = 0; i < 5; ++i) {
      auto now = Clock::now();
      EXPECT_GE(now, last);
      last = now;
    }
    EXPECT_GE(std::chrono::system_clock::now(), system);
  });
}
TEST(Clocks, BrokenIsCaught) {
  is_caught(
      [] {
        auto start = Clock::now();
        std::atomic<bool> done{false};
        std::thread worker([&] {
          std::this_thread::sleep_for(10ms);
          done = true;
        });
        while (Clock::now() - start < 10ms) std::this_thread::yield();
        EXPECT_TRUE(done);  // BUG: time passed, not work
        worker.join();
      },
      Kind::assertion);
}

}  // namespace
}  // namespace racecourse::conformance
