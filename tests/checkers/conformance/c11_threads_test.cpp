// <threads.h>. ThreadSanitizer does not intercept these functions: they run in the explore link only.
#include <threads.h>
#include <time.h>

#include <atomic>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

constexpr char kReason[] = "ThreadSanitizer does not intercept <threads.h>";

// Two threads that run the same function on the same argument.
template <class Work>
void two(Work& work) {
  auto start = [](void* argument) {
    (*static_cast<Work*>(argument))();
    return 0;
  };
  thrd_t a, b;
  ASSERT_EQ(thrd_create(&a, start, &work), thrd_success);
  ASSERT_EQ(thrd_create(&b, start, &work), thrd_success);
  thrd_join(a, nullptr);
  thrd_join(b, nullptr);
}

TEST(C11Thread, Works) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  works([] {
    auto start = [](void* argument) -> int {
      *static_cast<int*>(argument) = 1;
      EXPECT_FALSE(thrd_equal(thrd_current(), thrd_t{}));
      thrd_yield();
      timespec nap{0, 1'000'000};
      EXPECT_EQ(thrd_sleep(&nap, nullptr), 0);
      thrd_exit(5);
    };
    int value = 0, result = 0;
    thrd_t thread;
    ASSERT_EQ(thrd_create(&thread, start, &value), thrd_success);
    EXPECT_EQ(thrd_join(thread, &result), thrd_success);
    EXPECT_EQ(value, 1);
    EXPECT_EQ(result, 5);
  });
}
TEST(C11Thread, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  is_caught(
      [] {
        int value = 0;
        auto work = [&] { ++value; };  // BUG: unsynchronized
        two(work);
      },
      Kind::data_race);
}

TEST(C11Detach, Works) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  works([] {
    static std::atomic<bool> ended;
    ended = false;
    thrd_t thread;
    auto start = [](void*) -> int {
      ended = true;
      return 0;
    };
    ASSERT_EQ(thrd_create(&thread, start, nullptr), thrd_success);
    EXPECT_EQ(thrd_detach(thread), thrd_success);
    while (!ended) thrd_yield();
  });
}
TEST(C11Detach, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  is_caught(
      [] {
        static int value;
        thrd_t thread;
        auto start = [](void*) -> int { return ++value; };
        thrd_create(&thread, start, nullptr);
        thrd_detach(thread);
        ++value;  // BUG: nothing waits for the other
      },
      Kind::data_race);
}

TEST(C11Mutex, Works) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  works([] {
    mtx_t mutex;
    ASSERT_EQ(mtx_init(&mutex, mtx_recursive | mtx_timed), thrd_success);
    int count = 0;
    auto work = [&] {
      mtx_lock(&mutex);
      EXPECT_EQ(mtx_trylock(&mutex), thrd_success);
      ++count;
      mtx_unlock(&mutex);
      mtx_unlock(&mutex);
    };
    two(work);
    EXPECT_EQ(count, 2);
    mtx_lock(&mutex);
    thrd_t other;
    auto start = [](void* argument) -> int {
      timespec deadline;
      timespec_get(&deadline, TIME_UTC);
      EXPECT_EQ(mtx_timedlock(static_cast<mtx_t*>(argument), &deadline), thrd_timedout);
      return 0;
    };
    thrd_create(&other, start, &mutex);
    thrd_join(other, nullptr);
    mtx_unlock(&mutex);
    mtx_destroy(&mutex);
  });
}
TEST(C11Mutex, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  is_caught(
      [] {
        mtx_t mutex;
        mtx_init(&mutex, mtx_plain);
        mtx_lock(&mutex);
        mtx_lock(&mutex);  // BUG: not recursive
      },
      Kind::self_deadlock);
}

TEST(C11Condition, Works) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  works([] {
    mtx_t mutex;
    cnd_t changed;
    mtx_init(&mutex, mtx_plain);
    cnd_init(&changed);
    int arrived = 0;
    auto work = [&] {
      mtx_lock(&mutex);
      ++arrived;
      cnd_broadcast(&changed);
      while (arrived < 2) cnd_wait(&changed, &mutex);
      mtx_unlock(&mutex);
    };
    two(work);
    mtx_lock(&mutex);
    timespec deadline;
    timespec_get(&deadline, TIME_UTC);
    int ended = thrd_success;
    while (ended == thrd_success) ended = cnd_timedwait(&changed, &mutex, &deadline);  // or for no reason
    EXPECT_EQ(ended, thrd_timedout);
    mtx_unlock(&mutex);
    cnd_destroy(&changed);
    mtx_destroy(&mutex);
  });
}
TEST(C11Condition, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  is_caught(
      [] {
        mtx_t mutex;
        cnd_t changed;
        mtx_init(&mutex, mtx_plain);
        cnd_init(&changed);
        int arrived = 0;
        auto work = [&] {
          mtx_lock(&mutex);
          ++arrived;
          while (arrived < 2) cnd_wait(&changed, &mutex);  // BUG: nobody signals
          mtx_unlock(&mutex);
        };
        two(work);
      },
      Kind::deadlock, {Kind::lost_wakeup});
}

tss_t slot;
std::atomic<int> destructions{0};
TEST(C11Specific, Works) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  works([] {
    destructions = 0;
    ASSERT_EQ(tss_create(&slot, [](void*) { ++destructions; }), thrd_success);
    auto work = [] {
      int mine = 0;
      EXPECT_EQ(tss_get(slot), nullptr);
      tss_set(slot, &mine);
      thrd_yield();
      EXPECT_EQ(tss_get(slot), &mine);
    };
    two(work);
    EXPECT_EQ(destructions, 2);
    tss_delete(slot);
  });
}
TEST(C11Specific, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  is_caught(
      [] {
        static int total;
        tss_create(&slot, [](void*) { ++total; });  // BUG: destructors run in parallel
        auto work = [] { tss_set(slot, &total); };
        two(work);
        tss_delete(slot);
      },
      Kind::data_race);
}

int once_calls = 0;
TEST(C11CallOnce, Works) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  works([] {
    once_flag once = ONCE_FLAG_INIT;
    once_calls = 0;
    auto work = [&] {
      call_once(&once, [] { ++once_calls; });
      EXPECT_EQ(once_calls, 1);
    };
    two(work);
  });
}
TEST(C11CallOnce, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  is_caught(
      [] {
        auto work = [] {
          once_flag once = ONCE_FLAG_INIT;  // BUG: a flag of its own
          call_once(&once, [] { ++once_calls; });
        };
        two(work);
      },
      Kind::data_race);
}

}  // namespace
}  // namespace racecourse::conformance
