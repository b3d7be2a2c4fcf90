// Pointers to locals of threads that have ended and of functions that have returned, and of those that have not.
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

#include "memory_support.h"

namespace racecourse {
namespace {

using memory_tests::caught;
using memory_tests::expect_right;
using memory_tests::opaque;
using memory_tests::tells;

TEST(DeadStack, OfAThreadThatWasJoined) {
  const Finding finding = caught(
      [] {
        int* kept = nullptr;
        std::thread other([&] {
          int local = 7;
          kept = opaque(&local);
        });
        other.join();
        EXPECT_NE(*opaque(kept), -1);
      },
      Kind::use_after_free);
  EXPECT_TRUE(tells(finding, {"read of", "by T0 on the stack of T1, which has ended",
                              "dead_stack_test.cpp:", "T1 was started by T0 at"}));
}

TEST(DeadStack, ThatWasUsedBeforeItsEnd) {
  const Finding finding = caught(
      [] {
        std::atomic<int*> kept{nullptr};
        std::atomic<bool> seen{false};
        std::thread owner([&] {
          int local = 7;
          kept = opaque(&local);
          while (!seen) std::this_thread::yield();
        });
        std::thread user([&] {
          while (kept == nullptr) std::this_thread::yield();
          for (int i = 0; i < 3; ++i) {
            EXPECT_NE(*opaque(kept.load()), -1);
            seen = true;
          }
        });
        owner.join();
        user.join();
      },
      Kind::use_after_free, {Kind::data_race});
  EXPECT_TRUE(tells(finding, {"by T2 on the stack of T1, which has ended"}));
}

TEST(DeadStack, OfThreadLocalStorage) {
  const Finding finding = caught(
      [] {
        static thread_local int own = 0;
        int* kept = nullptr;
        std::thread other([&] {
          own = 5;
          kept = opaque(&own);
        });
        other.join();
        EXPECT_NE(*opaque(kept), -1);
      },
      Kind::use_after_free);
  EXPECT_TRUE(tells(finding, {"by T0 in the thread-local storage of T1, which has ended"}));
}

TEST(DeadStack, WhileItsThreadLivesItMayBeUsed) {
  expect_right([] {
    std::atomic<int*> kept{nullptr};
    std::atomic<bool> done{false};
    std::thread owner([&] {
      int local = 7;
      kept = opaque(&local);
      while (!done) std::this_thread::yield();
      EXPECT_EQ(local, 8);
    });
    std::thread user([&] {
      while (kept == nullptr) std::this_thread::yield();
      ++*opaque(kept.load());
      done = true;
    });
    owner.join();
    user.join();
  });
}

// More threads than there are numbers at a time: stacks are used again.
TEST(DeadStack, StacksAreUsedAgain) {
  expect_right([] {
    int sum = 0;
    for (int i = 0; i < 3; ++i) {
      std::thread outer([&] {
        int mine = 1;
        std::thread inner([&mine] { ++mine; });
        inner.join();
        sum += mine;
      });
      outer.join();
    }
    EXPECT_EQ(sum, 6);
  });
}

[[gnu::noinline]] void counts_in_the_background() {
  int local = 0;
  int* count = opaque(&local);
  std::thread([count] { ++*opaque(count); }).detach();
}
TEST(DeadStack, OfAFunctionOfT0ThatHasReturned) {
  const Finding finding = caught(
      [] {
        counts_in_the_background();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      },
      Kind::use_after_free);
  EXPECT_TRUE(tells(finding, {"by T1 on the stack of T0, of a function that has returned", "dead_stack_test.cpp:"}));
}

[[gnu::noinline]] std::thread stops_when_told() {
  std::atomic<bool> told{false};
  std::atomic<bool>* flag = opaque(&told);
  std::thread daemon([flag] {
    for (int i = 0; i < 3 && !flag->load(); ++i) std::this_thread::yield();
  });
  return daemon;
}
TEST(DeadStack, OfAFunctionOfAnotherThreadThatHasReturned) {
  const Finding finding = caught(
      [] {
        std::thread owner([] { stops_when_told().join(); });
        owner.join();
      },
      Kind::use_after_free);
  EXPECT_TRUE(tells(finding, {"atomic read of", "by T2 on the stack of T1, of a function that has returned"}));
}

[[gnu::noinline]] int counts_with_help(int depth) {
  int local = depth;
  int* count = opaque(&local);
  auto* more = static_cast<int*>(__builtin_alloca(64 + 16 * static_cast<unsigned>(depth)));
  *opaque(more) = 0;
  std::thread helper([count, more] {
    ++*opaque(count);
    ++*opaque(more);
  });
  const int below = depth > 0 ? counts_with_help(depth - 1) : 0;
  helper.join();
  return below + *opaque(count) + *opaque(more);
}
// Frames above, the caller's and its own, while it calls other functions, throws and catches.
TEST(DeadStack, FramesOfFunctionsThatHaveNotReturnedMayBeUsed) {
  expect_right([] {
    EXPECT_EQ(counts_with_help(2), 9);
    std::mutex mutex;
    int value = 0;
    std::thread other([&] {
      EXPECT_EQ(counts_with_help(1), 5);
      std::lock_guard lock(mutex);
      ++value;
    });
    try {
      std::lock_guard lock(mutex);
      ++value;
      throw value;
    } catch (int) {
      std::lock_guard lock(mutex);
      ++value;
    }
    other.join();
    EXPECT_EQ(value, 3);
  });
}

}  // namespace
}  // namespace racecourse
