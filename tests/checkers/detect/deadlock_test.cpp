// Threads that are stuck for good: all of them, or some while others go on or the body returns.
#include <gtest/gtest.h>
#include <pthread.h>
#include <racecourse/checkers/explore.h>
#include <semaphore.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>

namespace racecourse {
namespace {

// The finding, as "kind: message"; or the verdict's text.
std::string found(const std::function<void()>& body, Options options = {}) {
  options.executions = 500;
  options.max_steps = 600;
  const Verdict verdict = search(body, options);
  if (!verdict.finding) return verdict.text;
  return std::string(to_string(verdict.finding->kind)) + ": " + verdict.finding->message;
}

std::string report(const std::function<void()>& body) {
  Options options;
  options.executions = 500;
  const Verdict verdict = search(body, options);
  return verdict.finding ? verdict.finding->report : verdict.text;
}

bool is(const std::string& text, const char* kind) { return text.starts_with(std::string(kind) + ": "); }
bool holds(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }
bool is_clean(const std::string& text) { return text.starts_with("not found"); }

struct Pair {
  std::mutex a, b;
  void there() {
    const std::lock_guard first(a);
    const std::lock_guard second(b);
  }
  void back() {
    const std::lock_guard first(b);
    const std::lock_guard second(a);
  }
};

TEST(Deadlock, EachWaitNamesItsHolderAndBothLines) {
  const std::string text = report([] {
    Pair pair;
    std::thread one([&] { pair.there(); }), two([&] { pair.back(); });
    one.join();
    two.join();
  });
  EXPECT_TRUE(holds(text, "deadlock: T1 waits for b, held by T2 since deadlock_test.cpp:")) << text;
  EXPECT_TRUE(holds(text, "T2 waits for a, held by T1 since")) << text;
  EXPECT_TRUE(holds(text, "T2 locked it at ")) << text;
  EXPECT_TRUE(holds(text, "cycle: T1 -> b -> T2 -> a -> T1")) << text;
}

std::mutex left, right;

void eat(std::mutex& one, std::mutex& two) {
  const std::lock_guard first(one);
  const std::lock_guard second(two);
}

TEST(Deadlock, AVariableIsNotCalledAfterAParameter) {
  const std::string text = report([] {
    std::thread first([] { eat(left, right); }), second([] { eat(right, left); });
    first.join();
    second.join();
  });
  EXPECT_TRUE(holds(text, "cycle: T1 -> right -> T2 -> left -> T1")) << text;
}

TEST(Deadlock, AJoinIsPartOfTheCycle) {
  const std::string text = report([] {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::thread other([&] { const std::lock_guard inner(mutex); });
    other.join();  // with the lock that the other needs
  });
  EXPECT_TRUE(holds(text, "T1 waits for mutex, held by T0 since")) << text;
  EXPECT_TRUE(holds(text, "; T0 waits for T1 to end")) << text;
  EXPECT_TRUE(holds(text, "join  T1 ...")) << text;  // in the picture
  EXPECT_TRUE(holds(text, "-> T0")) << text;
}

TEST(Deadlock, ASemaphoreNamesWhoTookItsLastPermit) {
  const std::string text = report([] {
    sem_t permits;
    sem_init(&permits, 0, 1);
    std::thread taker([&] { sem_wait(&permits); });
    taker.join();
    sem_wait(&permits);
  });
  EXPECT_TRUE(holds(text, "deadlock: T0 waits for permits")) << text;
  EXPECT_TRUE(holds(text, "its last permit was taken by T1 at ")) << text;
  EXPECT_TRUE(holds(text, "nobody ever posts it")) << text;
}

TEST(Deadlock, ABarrierNamesWhoHasArrived) {
  const std::string text = report([] {
    pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, nullptr, 3);
    std::thread one([&] { pthread_barrier_wait(&barrier); }), two([&] { pthread_barrier_wait(&barrier); });
    one.join();
    two.join();
  });
  EXPECT_TRUE(holds(text, "arrived, and too few: T1, T2")) << text;
}

TEST(SelfDeadlock, AReaderThatWantsToWriteWaitsForItself) {
  EXPECT_TRUE(is(found([] {
                   std::shared_mutex mutex;
                   mutex.lock_shared();
                   std::thread other([] {});
                   mutex.lock();
                   other.join();
                 }),
                 "self-deadlock"));
  EXPECT_TRUE(is_clean(found([] {
    std::shared_mutex mutex;
    mutex.lock_shared();
    std::thread other([] {});
    mutex.unlock_shared();
    mutex.lock();
    mutex.unlock();
    other.join();
  })));
}

// ---- some are stuck, others go on

TEST(PartialDeadlock, TwoWaitForEachOtherWhileAThirdLoops) {
  const auto body = [](void (Pair::*second)()) {
    return [second] {
      Pair pair;
      std::atomic<bool> done{false};
      std::thread one([&] { pair.there(); }), two([&] { (pair.*second)(); });
      std::thread third([&] {
        while (!done) std::this_thread::yield();
      });
      one.join();
      two.join();
      done = true;
      third.join();
    };
  };
  const std::string text = found(body(&Pair::back));
  EXPECT_TRUE(is(text, "partial-deadlock")) << text;
  EXPECT_TRUE(holds(text, "T1 waits for b, held by T2")) << text;
  EXPECT_TRUE(is_clean(found(body(&Pair::there))));
}

TEST(PartialDeadlock, ATimerThatGoesOnHidesNothing) {
  const std::string text = found([] {
    Pair pair;
    std::thread([] {
      for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
    }).detach();
    std::thread one([&] { pair.there(); }), two([&] { pair.back(); });
    one.join();
    two.join();
  });
  EXPECT_TRUE(is(text, "partial-deadlock")) << text;
}

// In memory that outlives the body.
Pair& shared_pair() {
  static Pair pair;
  return pair;
}

TEST(PartialDeadlock, DetachedThreadsThatAreStuckAsTheBodyReturns) {
  const std::string text = found([] {
    shared_pair();
    std::thread([] { shared_pair().there(); }).detach();
    std::thread([] { shared_pair().back(); }).detach();
  });
  EXPECT_TRUE(is(text, "partial-deadlock")) << text;
  EXPECT_TRUE(is_clean(found([] {
    shared_pair();
    std::thread([] { shared_pair().there(); }).detach();
    std::thread([] { shared_pair().there(); }).detach();
  })));
}

TEST(PartialDeadlock, AHolderThatHasEndedGivesNothingBack) {
  const std::string text = found([] {
    static std::mutex mutex;
    std::thread([] { mutex.lock(); }).detach();
    std::thread([] { mutex.lock(); }).detach();
  });
  EXPECT_TRUE(is(text, "partial-deadlock")) << text;
  EXPECT_TRUE(holds(text, "which has ended")) << text;
}

// A daemon may wait for work, or for a lock that the body holds, until the program ends.
TEST(PartialDeadlock, DaemonsThatWaitAreNoProof) {
  EXPECT_TRUE(is_clean(found([] {
    static std::mutex mutex;
    static std::condition_variable work;
    std::thread([] {
      std::unique_lock lock(mutex);
      for (;;) work.wait(lock);
    }).detach();
  })));
  EXPECT_TRUE(is_clean(found([] {
    static std::mutex mutex;
    std::thread([] { const std::lock_guard lock(mutex); }).detach();
    mutex.lock();
  })));
  EXPECT_TRUE(is_clean(found([] {
    static std::mutex mutex;
    std::thread([] {
      const std::lock_guard lock(mutex);
      for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
    }).detach();
    std::thread([] { const std::lock_guard lock(mutex); }).detach();
  })));
}

// ---- nobody proves that it ends, nor that it does not

TEST(NonTermination, AJoinOfOneWhoSleepsWhileOthersGoOn) {
  const auto body = [](bool tells) {
    return [tells] {
      std::mutex mutex;
      std::condition_variable told;
      bool go = false;
      std::atomic<bool> stop{false};
      std::atomic<int> beats{0};
      std::thread sleeper([&] {
        std::unique_lock lock(mutex);
        told.wait(lock, [&] { return go; });
      });
      std::thread heart([&] {
        for (; !stop; ++beats) std::this_thread::sleep_for(std::chrono::seconds(1));
      });
      if (tells) {
        const std::lock_guard lock(mutex);
        go = true;
        told.notify_one();
      }
      sleeper.join();
      stop = true;
      heart.join();
    };
  };
  const std::string text = found(body(false));
  EXPECT_TRUE(is(text, "non-termination")) << text;
  EXPECT_TRUE(holds(text, "T0 waits for T1 to end")) << text;
  EXPECT_TRUE(is_clean(found(body(true))));
}

// Two pass the turn to each other, and a third, which is woken each time, never gets it.
TEST(NonTermination, OneIsOvertakenForEver) {
  const auto body = [](bool fair) {
    return [fair] {
      std::mutex mutex;
      std::condition_variable changed;
      int turn = 0, rounds = 0;
      bool served = false;
      const auto pass_on = [&](int mine, int next) {
        std::unique_lock lock(mutex);
        while (!served) {
          changed.wait(lock, [&] { return turn == mine || served; });
          turn = fair && ++rounds > 4 ? 2 : next;
          changed.notify_all();
        }
      };
      std::thread one([&] { pass_on(0, 1); }), two([&] { pass_on(1, 0); });
      std::thread third([&] {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return turn == 2; });
        served = true;
        changed.notify_all();
      });
      third.join();
      one.join();
      two.join();
    };
  };
  const std::string text = found(body(false));
  EXPECT_TRUE(is(text, "non-termination")) << text;
  EXPECT_TRUE(holds(text, "T0 waits for T3 to end")) << text;
  EXPECT_TRUE(is_clean(found(body(true))));
}

TEST(ThreadLeak, TheBodyReturnsWhileAThreadRuns) {
  const auto body = [](bool joins) {
    return [joins] {
      pthread_t thread;
      pthread_create(
          &thread, nullptr, [](void*) -> void* { return nullptr; }, nullptr);
      if (joins) pthread_join(thread, nullptr);
    };
  };
  EXPECT_TRUE(is(found(body(false)), "thread-leak"));
  EXPECT_TRUE(is_clean(found(body(true))));
}

}  // namespace
}  // namespace racecourse
