// Objects that threads synchronise with, used as their standards do not define it; and beside each what is right.
#include <gtest/gtest.h>
#include <pthread.h>
#include <racecourse/checkers/explore.h>
#include <semaphore.h>

#include <barrier>
#include <condition_variable>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

namespace racecourse {
namespace {

using Lock = std::lock_guard<std::mutex>;

Options few() {
  Options options;
  options.executions = 200;
  return options;
}

// The verdict's finding, which is of this kind, and whose sentence says all of this.
void expect_misuse(const std::function<void()>& body, Kind kind, const std::vector<std::string>& said) {
  Options options = few();
  options.judge = {kind};  // in other executions it may have other consequences
  const Verdict verdict = search(body, options);
  ASSERT_TRUE(verdict.finding) << verdict.text;
  EXPECT_EQ(verdict.state, State::failed) << verdict.text;
  EXPECT_STREQ(to_string(verdict.finding->kind), to_string(kind)) << verdict.finding->report;
  for (const std::string& part : said)
    EXPECT_NE(verdict.finding->message.find(part), std::string::npos) << verdict.finding->report;
  EXPECT_GT(verdict.finding->line, 0) << verdict.finding->report;
}

void expect_nothing(const std::function<void()>& body) {
  const Verdict verdict = search(body, few());
  EXPECT_TRUE(verdict.state == State::not_found || verdict.state == State::proved)
      << verdict.text << (verdict.finding ? verdict.finding->report : "");
}

struct Job {
  std::mutex mutex;
  int value = 0;  // guarded by mutex
};

TEST(Misuse, ABlockIsFreedWithALockedMutexInIt) {
  expect_misuse(
      [] {
        auto* job = new Job;
        std::thread worker([&] { job->mutex.lock(); });
        worker.join();
        delete job;
      },
      Kind::mutex_misuse, {"T0 frees the memory of ", "which T1 holds", "unlock it first"});
}
TEST(Misuse, ABlockIsFreedAfterItsMutexWasUnlocked) {
  expect_nothing([] {
    auto job = std::make_unique<Job>();
    std::mutex other;
    std::thread worker([&] { Lock lock(job->mutex); });
    worker.join();
    Lock still_held(other);
    job.reset();
  });
}

TEST(Misuse, ABlockIsFreedWhileSomebodyWaitsForItsMutex) {
  expect_misuse(
      [] {
        auto* job = new Job;
        job->mutex.lock();
        std::thread worker([&] { Lock lock(job->mutex); });
        delete job;
        worker.join();
      },
      Kind::mutex_misuse, {"frees the memory of "});
}

TEST(Misuse, ABlockIsFreedWithAHeldSharedMutexInIt) {
  expect_misuse(
      [] {
        auto* mutex = new std::shared_mutex;
        mutex->lock_shared();
        delete mutex;
      },
      Kind::mutex_misuse, {"frees the memory of mutex, which is held"});
}
TEST(Misuse, ABlockIsFreedAfterItsSharedMutexWasUnlocked) {
  expect_nothing([] {
    std::mutex other;
    Lock still_held(other);
    auto mutex = std::make_unique<std::shared_mutex>();
    { std::shared_lock lock(*mutex); }
    { std::lock_guard lock(*mutex); }
  });
}

TEST(Misuse, ALockedMutexGoesOutOfScope) {
  expect_misuse(
      [] {
        std::thread worker([] {
          std::mutex local;
          local.lock();
        });
        worker.join();
      },
      Kind::mutex_misuse, {"T1 ends, and with its stack goes ", "unlock it before it goes out of scope"});
}
[[gnu::noinline]] void forgets_to_unlock() {
  std::mutex local;
  local.lock();
}
TEST(Misuse, AFunctionReturnsWithItsMutexLocked) {
  expect_misuse(
      [] {
        std::mutex other;
        forgets_to_unlock();
        Lock lock(other);
      },
      Kind::mutex_misuse, {"T0 holds ", "which went out of scope", "unlock it before the function returns"});
}
TEST(Misuse, AnUnlockedMutexGoesOutOfScope) {
  expect_nothing([] {
    static std::mutex outlives;
    std::thread worker([] {
      std::mutex local;
      Lock lock(local);
      outlives.lock();
    });
    worker.join();
  });
}

TEST(Misuse, AThreadWaitsOnAStackThatIsGone) {
  expect_misuse(
      [] {
        std::thread waiter;
        std::thread owner([&] {
          std::latch started(1);
          sem_t local;
          sem_init(&local, 0, 0);
          waiter = std::thread([&local, &started] {
            started.count_down();
            sem_wait(&local);
          });
          started.wait();
        });
        owner.join();
        waiter.join();
      },
      Kind::sync_misuse, {"with its stack goes ", "which T2 still waits for"});
}

TEST(Misuse, ALockedMutexIsDestroyed) {
  expect_misuse(
      [] {
        pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
        pthread_mutex_lock(&mutex);
        pthread_mutex_destroy(&mutex);
      },
      Kind::mutex_misuse, {"destroys ", "unlock it first"});
}
TEST(Misuse, AMutexIsUsedAfterItWasDestroyed) {
  expect_misuse(
      [] {
        pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
        pthread_mutex_destroy(&mutex);
        pthread_mutex_lock(&mutex);
      },
      Kind::mutex_misuse, {"which was destroyed"});
}
TEST(Misuse, AMutexIsUsedAfterItWasMadeAnew) {
  expect_nothing([] {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_destroy(&mutex);
    pthread_mutex_init(&mutex, nullptr);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    pthread_mutex_destroy(&mutex);
  });
}

TEST(Misuse, AMutexIsUnlockedByAStranger) {
  expect_misuse(
      [] {
        std::mutex mutex;
        mutex.lock();
        std::thread stranger([&] { mutex.unlock(); });
        stranger.join();
      },
      Kind::mutex_misuse, {"T1 unlocks mutex, which T0 holds", "only the thread that locked it may"});
}
TEST(Misuse, ASharedMutexIsUnlockedByAStranger) {
  expect_misuse(
      [] {
        std::shared_mutex mutex;
        mutex.lock_shared();
        std::thread stranger([&] { mutex.unlock_shared(); });
        stranger.join();
      },
      Kind::mutex_misuse, {"unlocks a shared mutex that it does not hold"});
}

TEST(Misuse, AConditionVariableIsUsedWithTwoMutexes) {
  expect_misuse(
      [] {
        std::condition_variable condition;
        std::mutex one, other;
        const auto wait = [&](std::mutex& mutex) {
          std::unique_lock lock(mutex);
          condition.wait_for(lock, std::chrono::milliseconds(1));
        };
        std::thread a([&] { wait(one); }), b([&] { wait(other); });
        a.join();
        b.join();
      },
      Kind::sync_misuse, {"waits on condition", "with another mutex", "all must use the same one"});
}
TEST(Misuse, AConditionVariableIsUsedWithOneMutexAfterTheOther) {
  expect_nothing([] {
    std::condition_variable condition;
    std::mutex one, other;
    const auto wait = [&](std::mutex& mutex) {
      std::unique_lock lock(mutex);
      condition.wait_for(lock, std::chrono::milliseconds(1));
    };
    std::thread([&] { wait(one); }).join();
    std::thread a([&] { wait(other); }), b([&] { wait(other); });
    a.join();
    b.join();
  });
}

TEST(Misuse, ADetachedThreadIsJoined) {
  expect_misuse(
      [] {
        pthread_t thread;
        pthread_create(
            &thread, nullptr, [](void* argument) { return argument; }, nullptr);
        pthread_detach(thread);
        pthread_join(thread, nullptr);
      },
      Kind::thread_misuse, {"joins T1, which is detached"});
}
TEST(Misuse, AThreadIsDetachedTwice) {
  expect_misuse(
      [] {
        pthread_t thread;
        pthread_create(
            &thread, nullptr, [](void* argument) { return argument; }, nullptr);
        pthread_detach(thread);
        pthread_detach(thread);
      },
      Kind::thread_misuse, {"detaches T1, which is detached"});
}
TEST(Misuse, AThreadIsJoinedTwice) {
  expect_misuse(
      [] {
        pthread_t thread;
        pthread_create(
            &thread, nullptr, [](void* argument) { return argument; }, nullptr);
        pthread_join(thread, nullptr);
        pthread_join(thread, nullptr);
      },
      Kind::thread_misuse, {"joins T1, which was joined before"});
}
TEST(Misuse, AThreadJoinsItself) {
  expect_misuse(
      [] {
        std::thread thread;
        std::latch known(1);
        thread = std::thread([&] {
          known.wait();
          thread.join();
        });
        known.count_down();
        while (thread.joinable()) std::this_thread::yield();
      },
      Kind::exception, {"std::system_error"});
}
TEST(Misuse, AJoinableThreadIsDestroyed) {
  expect_misuse([] { std::thread forgotten([] {}); }, Kind::thread_misuse, {"join or detach it before"});
}

TEST(Misuse, APromiseIsSetTwice) {
  expect_misuse(
      [] {
        std::promise<int> promise;
        promise.set_value(1);
        promise.set_value(2);
      },
      Kind::exception, {"Promise already satisfied"});
}
TEST(Misuse, APromiseIsBroken) {
  expect_misuse(
      [] {
        std::future<int> future = std::promise<int>().get_future();
        future.get();
      },
      Kind::exception, {"Broken promise"});
}
TEST(Misuse, APromiseIsKept) {
  expect_nothing([] {
    std::promise<int> promise;
    std::thread giver([&] { promise.set_value(1); });
    EXPECT_EQ(promise.get_future().get(), 1);
    giver.join();
  });
}

TEST(Misuse, AUniqueLockIsUnlockedThatHoldsNothing) {
  expect_misuse(
      [] {
        std::mutex mutex;
        std::unique_lock lock(mutex);
        lock.unlock();
        lock.unlock();
      },
      Kind::exception, {"std::system_error"});
}

TEST(Misuse, ACallOnceCallsItself) {
  expect_misuse(
      [] {
        static std::once_flag flag;
        static void (*const again)() = [] { std::call_once(flag, [] {}); };
        std::call_once(flag, again);
      },
      Kind::self_deadlock, {"call_once"});
}

TEST(Misuse, ASemaphoreIsDestroyedWhileAThreadWaits) {
  expect_misuse(
      [] {
        sem_t semaphore;
        sem_init(&semaphore, 0, 0);
        std::thread waiter([&] { sem_wait(&semaphore); });
        sem_destroy(&semaphore);
        sem_post(&semaphore);
        waiter.join();
      },
      Kind::sync_misuse, {"destroys ", "join it first"});
}
TEST(Misuse, ABarrierIsFreedWhileAThreadWaits) {
  expect_misuse(
      [] {
        auto* barrier = new pthread_barrier_t;
        pthread_barrier_init(barrier, nullptr, 3);
        std::thread a([&] { pthread_barrier_wait(barrier); }), b([&] { pthread_barrier_wait(barrier); });
        delete barrier;
        a.join();
        b.join();
      },
      Kind::sync_misuse, {"frees the memory of ", "still waits for"});
}

}  // namespace
}  // namespace racecourse
