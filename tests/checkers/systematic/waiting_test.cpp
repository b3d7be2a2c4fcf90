// Systematic searches of programs that wait: locks, condition variables, timeouts, spins, threads that outlive the
// body.
#include <gtest/gtest.h>
#include <racecourse/checkers/explore.h>

#include <array>
#include <atomic>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace racecourse {

inline void PrintTo(State state, std::ostream* out) { *out << to_string(state); }

namespace {

Options exhaustive() {
  Options options;
  options.strategy = "exhaustive";
  options.executions = 20'000;
  return options;
}

Verdict prove(const std::function<void()>& body) {
  Verdict verdict = search(body, exhaustive());
  EXPECT_EQ(verdict.state, State::proved) << verdict.text;
  return verdict;
}

std::string found(const std::function<void()>& body, Options options = exhaustive()) {
  const Verdict verdict = search(body, options);
  return verdict.finding ? to_string(verdict.finding->kind) : verdict.text;
}

// Each outcome has one execution.
TEST(Systematic, CountsOutcomes) {
  const Verdict verdict = prove([] {
    std::atomic<int> x{0};
    int seen[2];
    std::thread writer([&] { x = 1; });
    std::thread reader([&] { seen[0] = x, seen[1] = x; });
    writer.join();
    reader.join();
    outcome(std::to_string(seen[0]) + std::to_string(seen[1]));
  });
  EXPECT_EQ(verdict.outcomes, (std::map<std::string, std::uint64_t>{{"00", 1}, {"01", 1}, {"11", 1}}));
}

TEST(Systematic, ATryLockFailsOrNot) {
  const Verdict verdict = prove([] {
    std::mutex mutex;
    std::thread holder([&] {
      mutex.lock();
      mutex.unlock();
    });
    const bool got = mutex.try_lock();
    if (got) mutex.unlock();
    holder.join();
    outcome(got ? "got" : "busy");
  });
  EXPECT_EQ(verdict.outcomes.size(), 2u);
}

TEST(Systematic, ATimedLockTimesOutOrNot) {
  const Verdict verdict = prove([] {
    std::timed_mutex mutex;
    std::thread holder([&] {
      mutex.lock();
      mutex.unlock();
    });
    const bool got = mutex.try_lock_for(std::chrono::milliseconds(1));
    if (got) mutex.unlock();
    holder.join();
    outcome(got ? "got" : "timeout");
  });
  EXPECT_EQ(verdict.outcomes.size(), 2u);
}

TEST(Systematic, ProvesNothingWhereAWaitForAConditionTimesOut) {
  const Verdict verdict = search(
      [] {
        std::mutex mutex;
        std::condition_variable changed;
        std::thread other([&] {
          const std::lock_guard lock(mutex);
          changed.notify_one();
        });
        {
          std::unique_lock lock(mutex);
          changed.wait_for(lock, std::chrono::milliseconds(1));
        }
        other.join();
      },
      exhaustive());
  EXPECT_EQ(verdict.state, State::not_found);
  EXPECT_NE(verdict.text.find("a wait for a condition timed out"), std::string::npos) << verdict.text;
}

TEST(Systematic, FindsADeadlock) {
  EXPECT_EQ(found([] {
              std::mutex a, b;
              std::thread other([&] {
                a.lock();
                b.lock();
                b.unlock();
                a.unlock();
              });
              b.lock();
              a.lock();
              a.unlock();
              b.unlock();
              other.join();
            }),
            "deadlock");
}

TEST(Systematic, ProvesAHandOver) {
  prove([] {
    std::mutex mutex;
    std::condition_variable ready;
    int value = 0;
    std::thread producer([&] {
      const std::lock_guard lock(mutex);
      value = 1;
      ready.notify_one();
    });
    std::unique_lock lock(mutex);
    ready.wait(lock, [&] { return value == 1; });
    lock.unlock();
    producer.join();
  });
}

TEST(Systematic, FindsALostWakeup) {
  EXPECT_EQ(found([] {
              std::mutex mutex;
              std::condition_variable ready;
              std::atomic<bool> set{false};
              std::thread producer([&] {
                set = true;
                ready.notify_one();
              });
              std::unique_lock lock(mutex);
              if (!set) ready.wait(lock);
              lock.unlock();
              producer.join();
            }),
            "lost-wakeup");
}

// Whom a notify wakes is a choice: each of two waiters is seen to be the one.
TEST(Systematic, TriesEveryWaiter) {
  const Verdict verdict = prove([] {
    std::mutex mutex;
    std::condition_variable ready;
    int waiting = 0, permits = 0;
    std::array<int, 2> order{};
    int next = 0;
    const auto wait = [&](int self) {
      std::unique_lock lock(mutex);
      waiting++;
      ready.wait(lock, [&] { return permits > 0; });
      permits--;
      order[static_cast<std::size_t>(next++)] = self;
    };
    std::thread one(wait, 1), two(wait, 2);
    for (int i = 0; i < 2; i++) {
      const std::lock_guard lock(mutex);
      permits++;
      ready.notify_one();
    }
    one.join();
    two.join();
    outcome(std::to_string(order[0]) + std::to_string(order[1]));
  });
  EXPECT_EQ(verdict.outcomes.size(), 2u);
}

TEST(Systematic, ProvesASpin) {
  for (const bool yields : {false, true}) {
    prove([yields] {
      std::atomic<bool> flag{false};
      int value = 0;
      std::thread other([&] {
        value = 1;
        flag = true;
      });
      while (!flag)
        if (yields) std::this_thread::yield();
      EXPECT_EQ(value, 1);
      other.join();
    });
  }
}

TEST(Systematic, ProvesSpinLocks) {
  prove([] {
    std::atomic_flag held;
    int value = 0;
    const auto increment = [&] {
      while (held.test_and_set(std::memory_order_acquire)) continue;
      value++;
      held.clear(std::memory_order_release);
    };
    std::thread one(increment), two(increment), three(increment);
    one.join();
    two.join();
    three.join();
    EXPECT_EQ(value, 3);
  });
  prove([] {
    std::mutex mutex;
    int value = 0;
    const auto increment = [&] {
      while (!mutex.try_lock()) std::this_thread::yield();
      value++;
      mutex.unlock();
    };
    std::thread one(increment), two(increment);
    one.join();
    two.join();
    EXPECT_EQ(value, 2);
  });
}

// The library spins 16 times before it sleeps; that adds nothing to what can happen.
TEST(Systematic, DoesNotTellTheTurnsOfAnAtomicWaitApart) {
  const Verdict verdict = prove([] {
    std::atomic<int> value{0};
    std::thread other([&] {
      value = 1;
      value.notify_one();
    });
    value.wait(0);
    EXPECT_EQ(value, 1);
    other.join();
  });
  EXPECT_LT(verdict.executions, 40u);
}

TEST(Systematic, FindsASpinThatNobodyEnds) {
  const std::string kind = found([] {
    std::atomic<int> flag{0};
    std::thread other([&] { flag = 1; });
    while (flag != 2) std::this_thread::yield();
    other.join();
  });
  EXPECT_TRUE(kind == "livelock" || kind == "non-termination") << kind;
}

// A detached thread may or may not come to its store before the program ends.
TEST(Systematic, EndsTheProgramAtEveryStepOfOthers) {
  static std::atomic<int> stores;
  const Verdict verdict = prove([] {
    stores = 0;
    std::thread([] {
      stores = 1;
      stores = 2;
    }).detach();
    outcome(std::to_string(stores));
  });
  EXPECT_EQ(verdict.outcomes.size(), 3u);
}

// An allowed finding ends the execution that shows it; what the other thread does before that is searched all the same.
TEST(Systematic, SearchesWhatComesBeforeAnAllowedEnd) {
  const Verdict verdict = search_for(
      [] {
        static int value;
        value = 0;
        std::thread other([] { value = 1; });
        if (std::atomic<int>(0) == 0) throw 1;
        value = 2;
        other.join();
      },
      Kind::thread_leak, {Kind::exception}, exhaustive());
  EXPECT_EQ(verdict.state, State::not_found) << verdict.text;
  EXPECT_GE(verdict.executions, 3u) << verdict.text;
}

// Five readers of one granule, one after the other, and then a writer that is ordered after four of them: more than the
// race shadow has room for.
TEST(Systematic, MissesNoRace) {
  EXPECT_EQ(found([] {
              int value = 0;
              std::atomic<int> done{0};
              std::vector<std::thread> readers;
              for (int i = 0; i < 6; i++) {
                readers.emplace_back([&, i] {
                  (void)*static_cast<volatile int*>(&value);
                  if (i != 0) done.fetch_add(1);
                });
              }
              for (std::size_t i = 1; i < 6; i++) readers[i].join();
              value = 1;
              readers[0].join();
            }),
            "data-race");
}

TEST(Systematic, SearchesWhatARaceLeadsTo) {
  Options options = exhaustive();
  options.race_check = false;
  EXPECT_EQ(found(
                [] {
                  int value = 0;
                  std::thread other([&] { value++; });
                  value++;
                  other.join();
                  EXPECT_EQ(value, 2);
                },
                options),
            "assertion");
}

TEST(Systematic, SaysWhyNothingIsProved) {
  Options options = exhaustive();
  options.executions = 5;
  const Verdict verdict = search(
      [] {
        std::atomic<int> value{0};
        std::thread one([&] { value++, value++; }), two([&] { value++, value++; });
        one.join();
        two.join();
      },
      options);
  EXPECT_EQ(verdict.state, State::not_found);
  EXPECT_EQ(verdict.text, "not found: 5 executions (seed 1), 5 of them different; there are others; this is no proof");
}

}  // namespace
}  // namespace racecourse
