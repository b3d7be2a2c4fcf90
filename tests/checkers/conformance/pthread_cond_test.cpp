// pthread_cond_t, pthread_rwlock_t and pthread_barrier_t.
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <ctime>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

timespec later(clockid_t clock, long milliseconds) {
  timespec time;
  clock_gettime(clock, &time);
  time.tv_nsec += milliseconds * 1'000'000L;
  if (time.tv_nsec >= 1'000'000'000L) {
    time.tv_nsec -= 1'000'000'000L;
    ++time.tv_sec;
  }
  return time;
}

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

TEST(PthreadCond, Works) {
  works([] {
    int ready = 0;
    auto wait = [&] {
      pthread_mutex_lock(&mutex);
      while (!ready) EXPECT_EQ(pthread_cond_wait(&changed, &mutex), 0);
      pthread_mutex_unlock(&mutex);
    };
    std::thread a(wait), b(wait);
    pthread_mutex_lock(&mutex);
    ready = 1;
    pthread_mutex_unlock(&mutex);
    EXPECT_EQ(pthread_cond_broadcast(&changed), 0);
    a.join();
    b.join();
  });
}
TEST(PthreadCond, BrokenIsCaught) {
  is_caught(
      [] {
        std::thread waiter([] {
          pthread_mutex_lock(&mutex);
          pthread_cond_wait(&changed, &mutex);  // BUG: the signal may come first
          pthread_mutex_unlock(&mutex);
        });
        pthread_cond_signal(&changed);
        waiter.join();
      },
      Kind::lost_wakeup, {Kind::deadlock});
}

TEST(PthreadCondTimed, Works) {
  works([] {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    EXPECT_EQ(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC), 0);
    pthread_cond_t monotonic;
    EXPECT_EQ(pthread_cond_init(&monotonic, &attributes), 0);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_lock(&mutex);
    // A wait may end for no reason.
    const auto end_of = [](auto wait) {
      int ended = 0;
      while (ended == 0) ended = wait();
      return ended;
    };
    timespec deadline = later(CLOCK_MONOTONIC, 1);
    EXPECT_EQ(end_of([&] { return pthread_cond_timedwait(&monotonic, &mutex, &deadline); }), ETIMEDOUT);
    deadline = later(CLOCK_REALTIME, 1);
    EXPECT_EQ(end_of([&] { return pthread_cond_timedwait(&changed, &mutex, &deadline); }), ETIMEDOUT);
    deadline = later(CLOCK_MONOTONIC, 1);
    EXPECT_EQ(end_of([&] { return pthread_cond_clockwait(&changed, &mutex, CLOCK_MONOTONIC, &deadline); }), ETIMEDOUT);
    pthread_mutex_unlock(&mutex);
    EXPECT_EQ(pthread_cond_destroy(&monotonic), 0);
  });
}
TEST(PthreadCondTimed, BrokenIsCaught) {
  is_caught(
      [] {
        int ready = 0;
        std::thread setter([&] {
          pthread_mutex_lock(&mutex);
          ready = 1;
          pthread_cond_signal(&changed);
          pthread_mutex_unlock(&mutex);
        });
        pthread_mutex_lock(&mutex);
        timespec deadline = later(CLOCK_REALTIME, 1);
        if (!ready) pthread_cond_timedwait(&changed, &mutex, &deadline);
        EXPECT_TRUE(ready);  // BUG: it may have been the timeout
        pthread_mutex_unlock(&mutex);
        setter.join();
      },
      Kind::assertion);
}

TEST(PthreadRwlock, Works) {
  works([] {
    int value = 0;
    auto write = [&] {
      EXPECT_EQ(pthread_rwlock_wrlock(&rwlock), 0);
      ++value;
      EXPECT_EQ(pthread_rwlock_unlock(&rwlock), 0);
    };
    auto read = [&] {
      EXPECT_EQ(pthread_rwlock_rdlock(&rwlock), 0);
      EXPECT_GE(value, 0);
      EXPECT_EQ(pthread_rwlock_unlock(&rwlock), 0);
    };
    std::thread a(write), b(read), c(write);
    a.join();
    b.join();
    c.join();
    EXPECT_EQ(value, 2);
    EXPECT_EQ(pthread_rwlock_tryrdlock(&rwlock), 0);
    EXPECT_EQ(pthread_rwlock_trywrlock(&rwlock), EBUSY);
    timespec deadline = later(CLOCK_REALTIME, 1);
    std::thread other([&] { EXPECT_EQ(pthread_rwlock_timedwrlock(&rwlock, &deadline), ETIMEDOUT); });
    other.join();
    EXPECT_EQ(pthread_rwlock_unlock(&rwlock), 0);
  });
}
TEST(PthreadRwlock, BrokenIsCaught) {
  is_caught(
      [] {
        int value = 0;
        auto write = [&] {
          pthread_rwlock_rdlock(&rwlock);  // BUG: shared, but writes
          ++value;
          pthread_rwlock_unlock(&rwlock);
        };
        std::thread a(write), b(write);
        a.join();
        b.join();
      },
      Kind::data_race);
}

class PreferWriters {
 public:
  PreferWriters() {
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    EXPECT_EQ(pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP), 0);
    EXPECT_EQ(pthread_rwlock_init(&lock_, &attributes), 0);
  }
  ~PreferWriters() { EXPECT_EQ(pthread_rwlock_destroy(&lock_), 0); }
  operator pthread_rwlock_t*() { return &lock_; }

 private:
  pthread_rwlock_t lock_;
};

TEST(PthreadRwlockPrefersWriters, Works) {
  works([] {
    PreferWriters lock;
    int value = 0;
    std::atomic<bool> waits{false};
    EXPECT_EQ(pthread_rwlock_rdlock(lock), 0);
    std::thread writer([&] {
      const timespec deadline = later(CLOCK_REALTIME, 50);
      waits = true;
      if (pthread_rwlock_timedwrlock(lock, &deadline) != 0) return;
      ++value;
      pthread_rwlock_unlock(lock);
    });
    // It waits for the writer, which gives up or comes and goes.
    std::thread reader([&] {
      while (!waits) std::this_thread::yield();
      EXPECT_EQ(pthread_rwlock_rdlock(lock), 0);
      EXPECT_LE(value, 1);
      pthread_rwlock_unlock(lock);
    });
    writer.join();
    pthread_rwlock_unlock(lock);
    reader.join();
  });
}
TEST(PthreadRwlockPrefersWriters, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY("waits for ever");
  is_caught(
      [] {
        PreferWriters lock;
        std::thread writer([&] {
          pthread_rwlock_wrlock(lock);
          pthread_rwlock_unlock(lock);
        });
        pthread_rwlock_rdlock(lock);
        pthread_rwlock_rdlock(lock);  // BUG: a writer may wait by now, and comes first
        pthread_rwlock_unlock(lock);
        pthread_rwlock_unlock(lock);
        writer.join();
      },
      Kind::deadlock);
}

TEST(PthreadBarrier, Works) {
  works([] {
    pthread_barrier_t barrier;
    EXPECT_EQ(pthread_barrier_init(&barrier, nullptr, 2), 0);
    std::atomic<int> serial{0};
    int cells[2] = {};
    auto work = [&](int me) {
      for (int phase = 1; phase <= 2; ++phase) {
        cells[me] = phase;
        if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD) ++serial;
        EXPECT_EQ(cells[1 - me], phase);
        if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD) ++serial;
      }
    };
    std::thread a(work, 0), b(work, 1);
    a.join();
    b.join();
    EXPECT_EQ(serial, 4);
    EXPECT_EQ(pthread_barrier_destroy(&barrier), 0);
  });
}
TEST(PthreadBarrier, BrokenIsCaught) {
  is_caught(
      [] {
        pthread_barrier_t barrier;
        pthread_barrier_init(&barrier, nullptr, 3);  // BUG: two parties
        auto work = [&] { pthread_barrier_wait(&barrier); };
        std::thread a(work), b(work);
        a.join();
        b.join();
      },
      Kind::deadlock);
}

}  // namespace
}  // namespace racecourse::conformance
