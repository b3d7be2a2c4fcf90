// Pointers to locals of threads that have ended, and of threads that have not.
#include <atomic>
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

}  // namespace
}  // namespace racecourse
