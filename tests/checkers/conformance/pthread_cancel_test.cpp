// pthread_cancel: the thread ends at a call where it may, and what it has promised to tidy up is tidied up.
#include <pthread.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <ctime>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

pthread_t start(void* (*function)(void*)) {
  pthread_t thread;
  EXPECT_EQ(pthread_create(&thread, nullptr, function, nullptr), 0);
  return thread;
}
void end(pthread_t thread) {
  void* result = nullptr;
  EXPECT_EQ(pthread_cancel(thread), 0);
  EXPECT_EQ(pthread_join(thread, &result), 0);
  EXPECT_EQ(result, PTHREAD_CANCELED);
}

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
void unlock(void*) { pthread_mutex_unlock(&mutex); }

TEST(PthreadCancelWait, Works) {
  works([] {
    end(start([](void*) -> void* {
      pthread_mutex_lock(&mutex);
      pthread_cleanup_push(unlock, nullptr);
      while (true) pthread_cond_wait(&condition, &mutex);
      pthread_cleanup_pop(1);
      return nullptr;
    }));
    EXPECT_EQ(pthread_mutex_trylock(&mutex), 0);
    pthread_mutex_unlock(&mutex);
  });
}
TEST(PthreadCancelWait, BrokenIsCaught) {
  is_caught(
      [] {
        end(start([](void*) -> void* {
          pthread_mutex_lock(&mutex);
          while (true) pthread_cond_wait(&condition, &mutex);  // BUG: it takes the mutex along
          return nullptr;
        }));
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
      },
      Kind::deadlock, {Kind::mutex_misuse});
}

// One who was notified has the notification, and ends later.
TEST(PthreadCancelNotified, Works) {
  works([] {
    static bool ready;
    static std::atomic<bool> taken;
    ready = taken = false;
    const pthread_t thread = start([](void*) -> void* {
      pthread_mutex_lock(&mutex);
      pthread_cleanup_push(unlock, nullptr);
      while (!ready) pthread_cond_wait(&condition, &mutex);
      taken = true;
      pthread_cleanup_pop(1);
      while (true) pthread_testcancel();
      return nullptr;
    });
    pthread_mutex_lock(&mutex);
    ready = true;
    pthread_cond_signal(&condition);
    pthread_mutex_unlock(&mutex);
    while (!taken) sched_yield();
    end(thread);
  });
}

TEST(PthreadSetcancelstate, Works) {
  works([] {
    static int paid, received;
    paid = received = 0;
    end(start([](void*) -> void* {
      while (true) {
        int before = -1;
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
        EXPECT_EQ(before, PTHREAD_CANCEL_ENABLE);
        paid++;
        pthread_testcancel();
        received++;
        pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, nullptr);
        pthread_testcancel();
      }
    }));
    EXPECT_EQ(paid, received);
  });
}
TEST(PthreadSetcancelstate, BrokenIsCaught) {
  is_caught(
      [] {
        static int paid, received;
        paid = received = 0;
        end(start([](void*) -> void* {
          while (true) {
            paid++;
            pthread_testcancel();  // BUG: half of it is done
            received++;
          }
        }));
        EXPECT_EQ(paid, received);
      },
      Kind::assertion);
}

// The calls that wait: each ends when its thread is cancelled.
void* sleeps(void*) {
  while (true) sleep(1000);
}
void* takes_a_permit(void*) {
  static sem_t semaphore;
  sem_init(&semaphore, 0, 0);
  while (true) sem_wait(&semaphore);
}
int ends_of_pipe[2];
void* reads(void*) {
  char letter;
  while (true) EXPECT_EQ(read(ends_of_pipe[0], &letter, 1), 1);
}
void* joins(void*) {
  static pthread_t other;
  static bool ended;
  ended = false;
  other = start([](void*) -> void* {
    sleep(1);
    ended = true;
    return nullptr;
  });
  pthread_cleanup_push([](void*) { pthread_join(other, nullptr); }, nullptr);
  pthread_join(other, nullptr);
  pthread_cleanup_pop(0);
  while (true) pthread_testcancel();
}
TEST(PthreadCancelSleep, Works) {
  works([] { end(start(sleeps)); });
}
TEST(PthreadCancelSemaphore, Works) {
  works([] { end(start(takes_a_permit)); });
}
TEST(PthreadCancelRead, Works) {
  works([] {
    ASSERT_EQ(pipe(ends_of_pipe), 0);
    end(start(reads));
    close(ends_of_pipe[0]);
    close(ends_of_pipe[1]);
  });
}
// A system call by its number is no such call: it ends first.
bool has_slept;
void* sleeps_by_number(void*) {
  const timespec nap{0, 1'000'000};
  has_slept = syscall(SYS_nanosleep, &nap, nullptr) == 0;
  while (true) pthread_testcancel();
}
TEST(PthreadCancelSystemCall, Works) {
  works([] {
    has_slept = false;
    end(start(sleeps_by_number));
    EXPECT_TRUE(has_slept);
  });
}
TEST(PthreadCancelJoin, Works) {
  RACECOURSE_EXPLORE_ONLY("it would take a second each time");
  works([] { end(start(joins)); });
}

// The stack is unwound.
struct Noted {
  static inline std::atomic<int> alive{0};
  Noted() { ++alive; }
  ~Noted() { --alive; }
};
TEST(PthreadCancelUnwinds, Works) {
  works([] {
    Noted::alive = 0;
    end(start([](void*) -> void* {
      const Noted noted;
      while (true) pthread_testcancel();
    }));
    EXPECT_EQ(Noted::alive, 0);
  });
}
TEST(PthreadCancelUnwinds, BrokenIsCaught) {
  is_caught(
      [] {
        end(start([](void*) -> void* {
          void* volatile block = std::malloc(10);
          while (true) pthread_testcancel();  // BUG: nobody frees the block
          std::free(block);
          return nullptr;
        }));
      },
      Kind::leak);
}

TEST(PthreadCancelEnded, Works) {
  works([] {
    const pthread_t thread = start([](void*) -> void* { return &mutex; });
    EXPECT_EQ(pthread_cancel(thread), 0);  // it may have ended, and is not joined yet
    void* result = nullptr;
    EXPECT_EQ(pthread_join(thread, &result), 0);
    EXPECT_EQ(result, &mutex);
  });
}

// What cannot be searched is refused by name.
TEST(PthreadCancelAnywhere, BrokenIsCaught) {
  is_caught(
      [] {
        end(start([](void*) -> void* {
          pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, nullptr);
          while (true) pthread_testcancel();
        }));
      },
      Kind::nondeterminism, {Kind::step_limit, Kind::non_termination});
}

}  // namespace
}  // namespace racecourse::conformance
