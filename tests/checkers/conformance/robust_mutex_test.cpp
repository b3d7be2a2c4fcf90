// Robust mutexes, and the attribute that shares one between processes.
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

class SharedMutex {
 public:
  explicit SharedMutex(int robust) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    EXPECT_EQ(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED), 0);
    EXPECT_EQ(pthread_mutexattr_setrobust(&attributes, robust), 0);
    EXPECT_EQ(pthread_mutex_init(&mutex_, &attributes), 0);
    pthread_mutexattr_destroy(&attributes);
  }
  ~SharedMutex() { pthread_mutex_destroy(&mutex_); }
  operator pthread_mutex_t*() { return &mutex_; }

 private:
  pthread_mutex_t mutex_;
};

constexpr const char* kNoReleaseSeen = "ThreadSanitizer does not take the death of a holder for a release";

void end_while_holding(pthread_mutex_t* mutex) {
  std::thread([=] { pthread_mutex_lock(mutex); }).join();
}

TEST(RobustMutex, Works) {
  RACECOURSE_EXPLORE_ONLY(kNoReleaseSeen);
  works([] {
    SharedMutex mutex(PTHREAD_MUTEX_ROBUST);
    int repairs = 0, count = 0;
    auto add = [&] {
      const int error = pthread_mutex_lock(mutex);
      if (error == EOWNERDEAD) {
        ++repairs;
        EXPECT_EQ(pthread_mutex_consistent(mutex), 0);
      } else {
        EXPECT_EQ(error, 0);
      }
      ++count;
      EXPECT_EQ(pthread_mutex_unlock(mutex), 0);
    };
    std::thread dies([&] {
      if (pthread_mutex_lock(mutex) == EOWNERDEAD) ADD_FAILURE();
      ++count;
    });
    std::thread a(add), b(add);
    dies.join();
    a.join();
    b.join();
    add();
    EXPECT_EQ(repairs, 1);
    EXPECT_EQ(count, 4);
  });
}
TEST(RobustMutex, BrokenIsCaught) {
  is_caught(
      [] {
        SharedMutex mutex(PTHREAD_MUTEX_STALLED);  // BUG: not robust
        end_while_holding(mutex);
        std::thread other([&] {
          pthread_mutex_lock(mutex);
          pthread_mutex_unlock(mutex);
        });
        other.join();
      },
      Kind::deadlock);
}

TEST(RobustMutexRules, Works) {
  RACECOURSE_EXPLORE_ONLY(kNoReleaseSeen);
  works([] {
    SharedMutex mutex(PTHREAD_MUTEX_ROBUST);
    EXPECT_EQ(pthread_mutex_consistent(mutex), EINVAL);
    EXPECT_EQ(pthread_mutex_unlock(mutex), EPERM);
    end_while_holding(mutex);
    EXPECT_EQ(pthread_mutex_trylock(mutex), EOWNERDEAD);
    EXPECT_EQ(pthread_mutex_consistent(mutex), 0);
    EXPECT_EQ(pthread_mutex_unlock(mutex), 0);
    EXPECT_EQ(pthread_mutex_trylock(mutex), 0);
    EXPECT_EQ(pthread_mutex_unlock(mutex), 0);

    end_while_holding(mutex);
    // The one who was told dies as well.
    std::thread([&] { EXPECT_EQ(pthread_mutex_lock(mutex), EOWNERDEAD); }).join();
    EXPECT_EQ(pthread_mutex_lock(mutex), EOWNERDEAD);
    EXPECT_EQ(pthread_mutex_unlock(mutex), 0);  // not repaired: lost for good
    EXPECT_EQ(pthread_mutex_lock(mutex), ENOTRECOVERABLE);
    EXPECT_EQ(pthread_mutex_trylock(mutex), ENOTRECOVERABLE);
  });
}
TEST(RobustMutexRules, BrokenIsCaught) {
  is_caught(
      [] {
        SharedMutex mutex(PTHREAD_MUTEX_ROBUST);
        int count = 0;
        auto add = [&] {
          const int error = pthread_mutex_lock(mutex);
          ++count;  // BUG: even if ENOTRECOVERABLE
          if (error != ENOTRECOVERABLE) pthread_mutex_unlock(mutex);
        };
        end_while_holding(mutex);
        // Not three: who is told that it cannot be repaired need not wake the next (glibc 2.36).
        std::thread a(add), b(add);
        a.join();
        b.join();
      },
      Kind::data_race);
}

// Whoever sleeps on a condition variable is told when it has the mutex again.
TEST(RobustMutexCondition, Works) {
  RACECOURSE_EXPLORE_ONLY(kNoReleaseSeen);
  works([] {
    SharedMutex mutex(PTHREAD_MUTEX_ROBUST);
    pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
    bool ready = false;
    std::thread sleeper([&] {
      int told = pthread_mutex_lock(mutex);
      while (!ready) told = pthread_cond_wait(&changed, mutex);
      EXPECT_EQ(told, EOWNERDEAD);
      pthread_mutex_consistent(mutex);
      pthread_mutex_unlock(mutex);
    });
    std::thread dies([&] {
      pthread_mutex_lock(mutex);
      ready = true;
      pthread_cond_signal(&changed);
    });
    dies.join();
    sleeper.join();
  });
}
TEST(RobustMutexCondition, BrokenIsCaught) {
  is_caught(
      [] {
        SharedMutex mutex(PTHREAD_MUTEX_ROBUST);
        pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
        bool ready = false;
        std::thread sleeper([&] {
          pthread_mutex_lock(mutex);
          while (!ready) pthread_cond_wait(&changed, mutex);
          pthread_mutex_unlock(mutex);
        });
        std::thread dies([&] {
          pthread_mutex_lock(mutex);
          ready = true;  // BUG: dies before the signal
        });
        dies.join();
        sleeper.join();
      },
      Kind::deadlock);
}

// A thread that the kernel ends: none of its destructors runs, as when a process is killed.
TEST(ThreadThatVanishes, Works) {
  RACECOURSE_EXPLORE_ONLY("ThreadSanitizer loses a thread that ends behind its back");
  works([] {
    SharedMutex mutex(PTHREAD_MUTEX_ROBUST);
    struct Unlocker {
      pthread_mutex_t* mutex;
      ~Unlocker() { pthread_mutex_unlock(mutex); }
    };
    std::thread dies([&] {
      pthread_mutex_lock(mutex);
      Unlocker never{mutex};
      syscall(SYS_exit, 0);
    });
    dies.join();
    EXPECT_EQ(pthread_mutex_lock(mutex), EOWNERDEAD);
    pthread_mutex_consistent(mutex);
    pthread_mutex_unlock(mutex);
  });
}
TEST(ThreadThatVanishes, BrokenIsCaught) {
  is_caught(
      [] {
        std::mutex mutex;
        std::thread dies([&] {
          std::lock_guard guard(mutex);
          syscall(SYS_exit, 0);
        });
        dies.join();
        std::lock_guard guard(mutex);  // BUG: held by nobody
      },
      Kind::deadlock);
}

}  // namespace
}  // namespace racecourse::conformance
