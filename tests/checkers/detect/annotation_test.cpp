// Code that nobody instruments orders threads by what its annotations say, as under ThreadSanitizer.
#include <gtest/gtest.h>
#include <racecourse/checkers/explore.h>
#include <sanitizer/tsan_interface.h>
#include <sched.h>

#include <functional>
#include <new>
#include <thread>

// As programs declare them.
extern "C" {
void AnnotateHappensBefore(const char* file, int line, const volatile void* object);
void AnnotateHappensAfter(const char* file, int line, const volatile void* object);
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
void AnnotateBenignRaceSized(const char* file, int line, const volatile void* memory, std::size_t size,
                             const char* description);
void AnnotateRWLockCreate(const char* file, int line, const volatile void* lock);
void AnnotateRWLockDestroy(const char* file, int line, const volatile void* lock);
void AnnotateRWLockAcquired(const char* file, int line, const volatile void* lock, long is_writer);
void AnnotateRWLockReleased(const char* file, int line, const volatile void* lock, long is_writer);
int RunningOnValgrind();
}

namespace racecourse {
namespace {

using Body = std::function<void()>;

// Assembly: no compiler can put hooks into it.
int swap_in(int& word, int value) {
  asm volatile("xchgl %0, %1" : "+r"(value), "+m"(word)::"memory");
  return value;
}
int read_word(const int& word) {
  int value;
  asm volatile("movl %1, %0" : "=r"(value) : "m"(word) : "memory");
  return value;
}

// A spin lock that does not even yield.
class AssemblyLock {
 public:
  explicit AssemblyLock(bool annotated = true) : annotated_(annotated) {
    if (annotated_) __tsan_mutex_create(&word_, __tsan_mutex_not_static);
  }
  ~AssemblyLock() {
    if (annotated_) __tsan_mutex_destroy(&word_, __tsan_mutex_not_static);
  }
  void lock() {
    if (annotated_) __tsan_mutex_pre_lock(&word_, 0);
    while (swap_in(word_, 1) != 0) {
    }
    if (annotated_) __tsan_mutex_post_lock(&word_, 0, 0);
  }
  bool try_lock() {
    __tsan_mutex_pre_lock(&word_, __tsan_mutex_try_lock);
    const bool taken = swap_in(word_, 1) == 0;
    __tsan_mutex_post_lock(&word_, __tsan_mutex_try_lock | (taken ? 0 : __tsan_mutex_try_lock_failed), 0);
    return taken;
  }
  void unlock() {
    if (annotated_) __tsan_mutex_pre_unlock(&word_, 0);
    swap_in(word_, 0);
    if (annotated_) __tsan_mutex_post_unlock(&word_, 0);
  }

 private:
  const bool annotated_;
  int word_ = 0;
};

Verdict explored(const Body& body, const char* strategy = "default") {
  Options options;
  options.strategy = strategy;
  options.executions = 500;
  options.watchdog_seconds = 0.2;
  return search(body, options);
}

void expect_right(const Body& body) {
  const Verdict verdict = explored(body);
  EXPECT_EQ(verdict.state, State::not_found) << (verdict.finding ? verdict.finding->report : verdict.text);
}

void expect_found(const Body& body, Kind kind) {
  const Verdict verdict = explored(body);
  ASSERT_EQ(verdict.state, State::failed) << verdict.text;
  EXPECT_EQ(verdict.finding->kind, kind) << verdict.finding->report;
}

void together(const Body& one, const Body& other) {
  std::thread first(one), second(other);
  first.join();
  second.join();
}

Body counting(int times) {
  return [times] {
    AssemblyLock lock;
    int count = 0;
    const auto add = [&] {
      for (int i = 0; i < times; ++i) {
        lock.lock();
        ++count;
        lock.unlock();
      }
    };
    together(add, add);
    EXPECT_EQ(count, 2 * times);
  };
}

TEST(AnnotatedLock, Orders) { expect_right(counting(2)); }

TEST(AnnotatedLock, IsExploredToTheEnd) {
  const Verdict verdict = explored(counting(1), "exhaustive");
  EXPECT_EQ(verdict.state, State::proved) << verdict.text;
}

TEST(AnnotatedLock, WithoutTheAnnotationItRaces) {
  // Nobody is ever preempted inside the lock: else its spinning would be a hang, which is found as well.
  const Verdict verdict = explored([] {
    AssemblyLock lock(false);
    int count = 0;
    const auto add = [&] {
      lock.lock();
      ++count;
      lock.unlock();
    };
    together(add, add);
  });
  ASSERT_EQ(verdict.state, State::failed) << verdict.text;
  EXPECT_TRUE(verdict.finding->kind == Kind::data_race || verdict.finding->kind == Kind::hang);
}

TEST(AnnotatedLock, OneThreadWithoutItRaces) {
  expect_found(
      [] {
        AssemblyLock lock;
        int count = 0;
        together(
            [&] {
              lock.lock();
              ++count;
              lock.unlock();
            },
            [&] { ++count; });
      },
      Kind::data_race);
}

TEST(AnnotatedLock, TryLockOrdersIfItTakes) {
  expect_right([] {
    AssemblyLock lock;
    int count = 0;
    const auto add = [&] {
      if (!lock.try_lock()) return;
      ++count;
      lock.unlock();
    };
    together(add, add);
    EXPECT_GE(count, 1);
  });
}

TEST(AnnotatedLock, DeadlocksAreSeen) {
  expect_found(
      [] {
        AssemblyLock left, right;
        const auto both = [](AssemblyLock& first, AssemblyLock& second) {
          first.lock();
          second.lock();
          second.unlock();
          first.unlock();
        };
        together([&] { both(left, right); }, [&] { both(right, left); });
      },
      Kind::deadlock);
}

TEST(AnnotatedLock, AStrangerMayNotUnlock) {
  expect_found(
      [] {
        AssemblyLock lock;
        lock.lock();
        std::thread stranger([&] { lock.unlock(); });
        stranger.join();
      },
      Kind::mutex_misuse);
}

// Taken and given back by a library without annotations of its own: its callers say what they know.
TEST(AnnotatedLock, OldAnnotationsOfAReaderWriterLock) {
  expect_right([] {
    int word = 0, value = 0;
    AnnotateRWLockCreate(__FILE__, __LINE__, &word);
    const auto add = [&] {
      while (swap_in(word, 1) != 0) sched_yield();
      AnnotateRWLockAcquired(__FILE__, __LINE__, &word, 1);
      ++value;
      AnnotateRWLockReleased(__FILE__, __LINE__, &word, 1);
      swap_in(word, 0);
    };
    together(add, add);
    AnnotateRWLockDestroy(__FILE__, __LINE__, &word);
    EXPECT_EQ(value, 2);
  });
}

Body message(bool before, bool after) {
  return [=] {
    int flag = 0, value = 0;
    together(
        [&] {
          value = 1;
          if (before) AnnotateHappensBefore(__FILE__, __LINE__, &flag);
          swap_in(flag, 1);
        },
        [&] {
          while (read_word(flag) == 0) sched_yield();
          if (after) AnnotateHappensAfter(__FILE__, __LINE__, &flag);
          EXPECT_EQ(value, 1);
        });
  };
}

TEST(HappensBefore, Orders) { expect_right(message(true, true)); }
TEST(HappensBefore, HalfOfItDoesNot) {
  expect_found(message(true, false), Kind::data_race);
  expect_found(message(false, true), Kind::data_race);
}

TEST(HappensBefore, TheNewNamesDoTheSame) {
  expect_right([] {
    int flag = 0, value = 0;
    together(
        [&] {
          value = 1;
          __tsan_release(&flag);
          swap_in(flag, 1);
        },
        [&] {
          while (read_word(flag) == 0) sched_yield();
          __tsan_acquire(&flag);
          EXPECT_EQ(value, 1);
        });
  });
}

TEST(Ignored, ReadsDoNotRace) {
  expect_right([] {
    int value = 0;
    together([&] { value = 1; },
             [&] {
               AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
               const int seen = value;
               AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
               EXPECT_LE(seen, 1);
             });
  });
}

TEST(Ignored, TheOtherKindStillRaces) {
  expect_found(
      [] {
        int value = 0;
        together([&] { value = 1; },
                 [&] {
                   AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
                   value = 2;
                   AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
                 });
      },
      Kind::data_race);
}

TEST(Ignored, AfterTheEndItRaces) {
  expect_found(
      [] {
        int value = 0;
        together([&] { value = 1; },
                 [&] {
                   AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
                   AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
                   value = 2;
                   AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
                   value = 3;
                   AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
                   value = 4;
                 });
      },
      Kind::data_race);
}

// What is ignored does not stand for what came before it.
TEST(Ignored, HidesNoOtherRace) {
  expect_found(
      [] {
        int value = 0;
        together(
            [&] {
              value = 1;
              AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
              value = 2;
              AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
            },
            [&] { value = 3; });
      },
      Kind::data_race);
}

TEST(Benign, RacesAreExpectedThere) {
  expect_right([] {
    int values[2] = {};
    AnnotateBenignRaceSized(__FILE__, __LINE__, &values[0], sizeof values[0], "a counter that may be wrong");
    together([&] { values[0] = 1; }, [&] { values[0] = 2; });
  });
}

TEST(Benign, AndNowhereElse) {
  expect_found(
      [] {
        int values[2] = {};
        AnnotateBenignRaceSized(__FILE__, __LINE__, &values[0], sizeof values[0], "a counter that may be wrong");
        together([&] { values[1] = 1; }, [&] { values[1] = 2; });
      },
      Kind::data_race);
}

TEST(Benign, UntilTheMemoryIsFreed) {
  expect_found(
      [] {
        auto* old = new int(0);
        AnnotateBenignRaceSized(__FILE__, __LINE__, old, sizeof *old, "gone soon");
        delete old;
        auto* fresh = new int(0);
        together([&] { *fresh = 1; }, [&] { *fresh = 2; });
        delete fresh;
      },
      Kind::data_race);
}

TEST(Annotations, TheRestIsThere) { EXPECT_EQ(RunningOnValgrind(), 0); }

}  // namespace
}  // namespace racecourse
