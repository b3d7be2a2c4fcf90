// timerfd: a descriptor that becomes readable when it is time.
#include <poll.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

using std::chrono::steady_clock;
constexpr long kMillisecond = 1'000'000;

void set(int timer, long nanoseconds, long interval = 0) {
  const itimerspec value{{0, interval}, {0, nanoseconds}};
  EXPECT_EQ(timerfd_settime(timer, 0, &value, nullptr), 0);
}

std::uint64_t expirations(int timer) {
  std::uint64_t count = 0;
  return read(timer, &count, sizeof count) == sizeof count ? count : 0;
}

TEST(TimerDescriptor, Works) {
  works([] {
    const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    const int never = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    const auto begin = steady_clock::now();
    set(timer, 2 * kMillisecond);
    std::thread reader([&] {
      EXPECT_EQ(expirations(timer), 1u);
      EXPECT_GE(steady_clock::now() - begin, std::chrono::milliseconds(2));
      EXPECT_EQ(expirations(never), 0u);
      EXPECT_EQ(errno, EAGAIN);
    });
    reader.join();
    itimerspec left{};
    EXPECT_EQ(timerfd_gettime(timer, &left), 0);
    EXPECT_EQ(left.it_value.tv_nsec, 0);
    close(timer);
    close(never);
  });
}
TEST(TimerDescriptor, BrokenIsCaught) {
  is_caught(
      [] {
        int value = 0;
        const int timer = timerfd_create(CLOCK_MONOTONIC, 0);
        set(timer, kMillisecond);
        std::thread other([&] { value = 1; });
        expirations(timer);
        EXPECT_GE(value, 0);  // BUG: to wait for long enough is not to join
        other.join();
        close(timer);
      },
      Kind::data_race);
}

TEST(PeriodicTimer, Works) {
  works([] {
    const int timer = timerfd_create(CLOCK_REALTIME, 0);
    const int polling = epoll_create1(0);
    epoll_event event{};
    event.events = EPOLLIN;
    epoll_ctl(polling, EPOLL_CTL_ADD, timer, &event);
    set(timer, kMillisecond, kMillisecond);
    std::uint64_t ticks = 0;
    std::thread counts([&] {
      while (ticks < 5) {
        EXPECT_EQ(epoll_wait(polling, &event, 1, -1), 1);
        ticks += expirations(timer);
      }
    });
    counts.join();
    set(timer, 0);
    pollfd stopped{timer, POLLIN, 0};
    EXPECT_EQ(poll(&stopped, 1, 3), 0);
    close(polling);
    close(timer);
  });
}

TEST(DuplicatedTimer, Works) {
  works([] {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const int timer = timerfd_create(CLOCK_MONOTONIC, 0);
    const int same = dup(timer);
    set(same, kMillisecond);
    std::thread reader([&] { EXPECT_EQ(expirations(same), 1u); });
    reader.join();
    set(timer, kMillisecond);
    dup2(ends[0], timer);  // whose number is now another's
    EXPECT_EQ(expirations(same), 1u);
    pollfd empty{ends[0], POLLIN, 0};
    EXPECT_EQ(poll(&empty, 1, 3), 0);
    for (const int descriptor : {ends[0], ends[1], timer, same}) close(descriptor);
  });
}

TEST(TimerDescriptor, IsFreeAgainOnceClosed) {
  RACECOURSE_EXPLORE_ONLY("the kernel has enough");
  works([] {
    for (int i = 0; i < 300; ++i) {
      const int timer = timerfd_create(CLOCK_MONOTONIC, 0);
      ASSERT_GE(timer, 0);
      close(timer);
    }
  });
}

// Who waits for something else is not stuck while a timer ticks.
TEST(PeriodicTimer, TicksBesideALongWait) {
  RACECOURSE_EXPLORE_ONLY("six seconds");
  Options options;
  options.executions = 3;
  explore(
      [] {
        int ends[2];
        ASSERT_EQ(pipe(ends), 0);
        std::thread waits([&] {
          char byte;
          EXPECT_EQ(read(ends[0], &byte, 1), 1);
        });
        const int timer = timerfd_create(CLOCK_MONOTONIC, 0);
        set(timer, kMillisecond, kMillisecond);
        for (int i = 0; i < 6'000; ++i) expirations(timer);
        EXPECT_EQ(write(ends[1], "", 1), 1);
        waits.join();
      },
      options);
}

TEST(TimerThatIsNotSet, BrokenIsCaught) {
  is_caught(
      [] {
        const int timer = timerfd_create(CLOCK_MONOTONIC, 0);
        set(timer, kMillisecond);
        set(timer, 0);  // BUG: it will never fire
        expirations(timer);
        close(timer);
      },
      Kind::uncontrolled_blocking);
}

}  // namespace
}  // namespace racecourse::conformance
