// pthread_mutex_t of every kind, and pthread_spinlock_t.
#include <pthread.h>

#include <cerrno>
#include <ctime>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

class Mutex {
 public:
  explicit Mutex(int type) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    pthread_mutex_init(&mutex_, &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
  ~Mutex() { pthread_mutex_destroy(&mutex_); }
  operator pthread_mutex_t*() { return &mutex_; }

 private:
  pthread_mutex_t mutex_;
};

timespec in_milliseconds(int milliseconds) {
  timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  time.tv_nsec += milliseconds * 1'000'000L;
  if (time.tv_nsec >= 1'000'000'000L) {
    time.tv_nsec -= 1'000'000'000L;
    ++time.tv_sec;
  }
  return time;
}

pthread_mutex_t static_mutex = PTHREAD_MUTEX_INITIALIZER;
TEST(PthreadMutex, Works) {
  works([] {
    int count = 0;
    auto add = [&] {
      EXPECT_EQ(pthread_mutex_lock(&static_mutex), 0);
      ++count;
      EXPECT_EQ(pthread_mutex_unlock(&static_mutex), 0);
    };
    std::thread a(add), b(add);
    a.join();
    b.join();
    EXPECT_EQ(count, 2);
  });
}
TEST(PthreadMutex, BrokenIsCaught) {
  is_caught(
      [] {
        pthread_mutex_lock(&static_mutex);
        pthread_mutex_lock(&static_mutex);  // BUG: relock
      },
      Kind::self_deadlock);
}

TEST(PthreadMutexErrorcheck, Works) {
  works([] {
    Mutex mutex(PTHREAD_MUTEX_ERRORCHECK);
    EXPECT_EQ(pthread_mutex_lock(mutex), 0);
    EXPECT_EQ(pthread_mutex_lock(mutex), EDEADLK);
    std::thread stranger([&] { EXPECT_EQ(pthread_mutex_trylock(mutex), EBUSY); });
    stranger.join();
    EXPECT_EQ(pthread_mutex_unlock(mutex), 0);
  });
}
TEST(PthreadMutexErrorcheck, BrokenIsCaught) {
  is_caught(
      [] {
        Mutex mutex(PTHREAD_MUTEX_ERRORCHECK);
        int count = 0;
        auto add = [&] {
          pthread_mutex_trylock(mutex);
          ++count;  // BUG: even when EBUSY
        };
        std::thread a(add), b(add);
        a.join();
        b.join();
      },
      Kind::data_race, {Kind::mutex_misuse});
}

TEST(PthreadMutexRecursive, Works) {
  works([] {
    Mutex mutex(PTHREAD_MUTEX_RECURSIVE);
    int count = 0;
    auto add = [&] {
      EXPECT_EQ(pthread_mutex_lock(mutex), 0);
      EXPECT_EQ(pthread_mutex_trylock(mutex), 0);
      ++count;
      EXPECT_EQ(pthread_mutex_unlock(mutex), 0);
      ++count;
      EXPECT_EQ(pthread_mutex_unlock(mutex), 0);
    };
    std::thread a(add), b(add);
    a.join();
    b.join();
    EXPECT_EQ(count, 4);
  });
}
TEST(PthreadMutexRecursive, BrokenIsCaught) {
  is_caught(
      [] {
        Mutex mutex(PTHREAD_MUTEX_RECURSIVE);
        pthread_mutex_lock(mutex);
        pthread_mutex_unlock(mutex);
        pthread_mutex_unlock(mutex);  // BUG: once too often
      },
      Kind::mutex_misuse);
}

TEST(PthreadMutexTimed, Works) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer of GCC 12 does not intercept pthread_mutex_clocklock");
  works([] {
    Mutex mutex(PTHREAD_MUTEX_NORMAL);
    pthread_mutex_lock(mutex);
    std::thread waiter([&] {
      timespec deadline = in_milliseconds(1);
      EXPECT_EQ(pthread_mutex_timedlock(mutex, &deadline), ETIMEDOUT);
      EXPECT_EQ(pthread_mutex_clocklock(mutex, CLOCK_REALTIME, &deadline), ETIMEDOUT);
    });
    waiter.join();
    pthread_mutex_unlock(mutex);
    timespec deadline = in_milliseconds(1);
    EXPECT_EQ(pthread_mutex_timedlock(mutex, &deadline), 0);
    pthread_mutex_unlock(mutex);
  });
}
TEST(PthreadMutexTimed, BrokenIsCaught) {
  is_caught(
      [] {
        Mutex mutex(PTHREAD_MUTEX_NORMAL);
        pthread_mutex_lock(mutex);
        std::thread waiter([&] {
          timespec deadline = in_milliseconds(1);
          pthread_mutex_timedlock(mutex, &deadline);
          pthread_mutex_unlock(mutex);  // BUG: after a timeout
        });
        waiter.join();
        pthread_mutex_unlock(mutex);
      },
      Kind::mutex_misuse);
}

TEST(PthreadSpin, Works) {
  works([] {
    pthread_spinlock_t spin;
    EXPECT_EQ(pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE), 0);
    int count = 0;
    auto add = [&] {
      EXPECT_EQ(pthread_spin_lock(&spin), 0);
      ++count;
      EXPECT_EQ(pthread_spin_unlock(&spin), 0);
    };
    std::thread a(add), b(add);
    a.join();
    b.join();
    EXPECT_EQ(count, 2);
    EXPECT_EQ(pthread_spin_trylock(&spin), 0);
    EXPECT_EQ(pthread_spin_trylock(&spin), EBUSY);
    EXPECT_EQ(pthread_spin_unlock(&spin), 0);
    EXPECT_EQ(pthread_spin_destroy(&spin), 0);
  });
}
TEST(PthreadSpin, BrokenIsCaught) {
  is_caught(
      [] {
        pthread_spinlock_t spin;
        pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
        int count = 0;
        std::thread a([&] {
          pthread_spin_lock(&spin);
          ++count;
          pthread_spin_unlock(&spin);
        });
        std::thread b([&] { ++count; });  // BUG: no lock
        a.join();
        b.join();
      },
      Kind::data_race);
}

}  // namespace
}  // namespace racecourse::conformance
