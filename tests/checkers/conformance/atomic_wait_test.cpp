// std::atomic::wait and notify, on the width of a futex and on the others, for which libstdc++ sleeps on a proxy.
#include <atomic>
#include <cstdint>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

template <class T>
void wait_for_one() {
  std::atomic<T> value{T(0)};
  int data = 0;
  std::thread waiter([&] {
    value.wait(T(0));
    EXPECT_EQ(value.load(), T(1));
    EXPECT_EQ(data, 7);
  });
  data = 7;
  value = T(1);
  value.notify_one();
  waiter.join();
}
TEST(AtomicWait, Works) {
  works(wait_for_one<int>);
  works(wait_for_one<std::uint8_t>);
  works(wait_for_one<std::uint16_t>);
  works(wait_for_one<std::uint64_t>);
  works(wait_for_one<bool>);
}
TEST(AtomicWait, BrokenIsCaught) {
  is_caught(
      [] {
        std::atomic<int> value{0};
        std::thread waiter([&] { value.wait(0); });
        value = 1;  // BUG: no notify
        waiter.join();
      },
      Kind::deadlock, {Kind::lost_wakeup});
}

TEST(AtomicNotifyOrder, Works) {
  works([] {
    std::atomic<int> turn{0};
    auto play = [&](int me) {
      for (int i = 0; i < 3; ++i) {
        turn.wait(1 - me);
        turn = 1 - me;
        turn.notify_one();
      }
    };
    std::thread a(play, 0), b(play, 1);
    a.join();
    b.join();
    EXPECT_EQ(turn, 0);
  });
}
TEST(AtomicNotifyOrder, BrokenIsCaught) {
  is_caught(
      [] {
        std::atomic<int> value{0};
        std::thread waiter([&] { value.wait(0); });
        value.notify_one();
        value = 1;  // BUG: after the notify
        waiter.join();
      },
      Kind::deadlock, {Kind::lost_wakeup});
}

TEST(AtomicNotifyAll, Works) {
  works([] {
    std::atomic<bool> open{false};
    auto pass = [&] { open.wait(false); };
    std::thread a(pass), b(pass), c(pass);
    open = true;
    open.notify_all();
    a.join();
    b.join();
    c.join();
  });
}
TEST(AtomicNotifyAll, BrokenIsCaught) {
  is_caught(
      [] {
        std::atomic<int> open{0};
        auto pass = [&] { open.wait(0); };
        std::thread a(pass), b(pass);
        open = 1;
        open.notify_one();  // BUG: two wait
        a.join();
        b.join();
      },
      Kind::deadlock, {Kind::lost_wakeup});
}

// Each of two waiters spins, and yields, before it sleeps; both must be asleep when the one notify comes. Of the
// default search about one execution in fifteen does that: a thousand miss it with probability e^-66.
TEST(SpinningWaitersFallAsleep, BrokenIsCaught) {
  Options options;
  options.executions = 1'000;
  is_caught(
      [] {
        std::atomic<int> open{0};
        auto pass = [&] { open.wait(0); };
        std::thread a(pass), b(pass);
        std::thread opener([&] {
          open = 1;
          open.notify_one();  // BUG: two wait
        });
        a.join();
        b.join();
        opener.join();
      },
      Kind::deadlock, {Kind::lost_wakeup}, options);
}

TEST(AtomicFlagWait, Works) {
  works([] {
    std::atomic_flag raised;
    int data = 0;
    std::thread waiter([&] {
      raised.wait(false);
      EXPECT_EQ(data, 7);
    });
    data = 7;
    raised.test_and_set();
    raised.notify_all();
    waiter.join();
  });
}
TEST(AtomicFlagWait, BrokenIsCaught) {
  is_caught(
      [] {
        std::atomic_flag raised;
        int data = 0;
        std::thread waiter([&] {
          raised.wait(false);
          EXPECT_EQ(data, 7);
        });
        raised.test_and_set();
        data = 7;  // BUG: after the flag
        raised.notify_all();
        waiter.join();
      },
      Kind::data_race);
}

TEST(AtomicRefWait, Works) {
  works([] {
    int value = 0;
    std::thread waiter([&] { std::atomic_ref<int>(value).wait(0); });
    std::atomic_ref<int>(value).store(1);
    std::atomic_ref<int>(value).notify_one();
    waiter.join();
  });
}
TEST(AtomicRefWait, BrokenIsCaught) {
  is_caught(
      [] {
        int value = 0;
        std::thread waiter([&] { std::atomic_ref<int>(value).wait(0); });
        std::atomic_ref<int>(value).store(1);  // BUG: no notify
        waiter.join();
      },
      Kind::deadlock, {Kind::lost_wakeup});
}

}  // namespace
}  // namespace racecourse::conformance
