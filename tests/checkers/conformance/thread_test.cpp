// std::thread: creation, arguments, identity, join and what they order.
#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

TEST(Thread, Works) {
  works([] {
    int from_a = 0, from_b = 0;
    std::thread a([&] { from_a = 1; });
    std::thread b([](int* out, std::unique_ptr<int> value) { *out = *value; }, &from_b, std::make_unique<int>(2));
    EXPECT_NE(a.get_id(), b.get_id());
    EXPECT_TRUE(a.joinable());
    a.join();
    b.join();
    EXPECT_FALSE(a.joinable());
    EXPECT_EQ(from_a + from_b, 3);
  });
}
TEST(Thread, BrokenIsCaught) {
  is_caught(
      [] {
        int result = 0;
        std::thread worker([&] { result = 1; });
        int seen = result;  // BUG: before the join
        worker.join();
        EXPECT_GE(seen, 0);
      },
      Kind::data_race);
}

TEST(ThreadIdentity, Works) {
  works([] {
    std::thread::id inside;
    std::thread worker([&] { inside = std::this_thread::get_id(); });
    std::thread::id outside = worker.get_id();
    std::thread moved = std::move(worker);
    EXPECT_EQ(worker.get_id(), std::thread::id());
    moved.join();
    EXPECT_EQ(inside, outside);
    EXPECT_NE(inside, std::this_thread::get_id());
  });
}
TEST(ThreadIdentity, BrokenIsCaught) {
  is_caught(
      [] {
        std::atomic<std::thread::id> last;
        auto claim = [&] { last = std::this_thread::get_id(); };
        std::thread a(claim), b(claim);
        auto expected = b.get_id();
        a.join();
        b.join();
        EXPECT_EQ(last.load(), expected);  // BUG: assumes that b comes last
      },
      Kind::assertion);
}

// The destructor of a joinable thread ends the program.
TEST(ThreadDestructor, Works) {
  works([] {
    std::thread never_started;
    std::thread worker([] {});
    worker.join();
  });
}
TEST(ThreadDestructor, BrokenIsCaught) {
  is_caught([] { std::thread forgotten([] {}); }, Kind::thread_misuse, {Kind::abort});
}

TEST(NestedThreads, Works) {
  works([] {
    int value = 1;
    std::thread outer([&] {
      ++value;
      std::thread inner([&] { ++value; });
      inner.join();
      ++value;
    });
    outer.join();
    EXPECT_EQ(value, 4);
  });
}
TEST(NestedThreads, BrokenIsCaught) {
  is_caught(
      [] {
        int value = 1;
        std::thread outer([&] {
          std::thread inner([&] { ++value; });
          ++value;  // BUG: beside the inner thread
          inner.join();
        });
        outer.join();
      },
      Kind::data_race);
}

TEST(ManyThreads, Works) {
  works([] {
    std::atomic<int> sum{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 20; ++i) threads.emplace_back([&, i] { sum += i; });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(sum, 190);
  });
}
TEST(ManyThreads, BrokenIsCaught) {
  is_caught(
      [] {
        int sum = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 20; ++i) threads.emplace_back([&, i] { sum += i; });  // BUG: unsynchronized
        for (auto& thread : threads) thread.join();
      },
      Kind::data_race);
}

// A joined thread's slot is used again: an execution may start more threads than can be alive at once.
TEST(SuccessiveThreads, Works) {
  Options options;
  options.max_steps = 200'000;
  works(
      [] {
        int count = 0;
        for (int i = 0; i < 60; ++i) {
          std::thread worker([&] { ++count; });
          worker.join();
        }
        EXPECT_EQ(count, 60);
      },
      options);
}
TEST(SuccessiveThreads, BrokenIsCaught) {
  is_caught(
      [] {
        int count = 0;
        std::thread previous([&] { ++count; });
        for (int i = 0; i < 10; ++i) {
          std::thread next([&] { ++count; });  // BUG: the previous one still runs
          previous.join();
          previous = std::move(next);
        }
        previous.join();
      },
      Kind::data_race);
}

}  // namespace
}  // namespace racecourse::conformance
