// Each thing that Relacy can find comes back under its name, and the alias header means in Relacy what it means in std.
#include <gtest/gtest.h>
#include <racecourse/checkers/relacy/check.h>
#include <racecourse/primitives/sync/futex.h>
#include <racecourse/primitives/sync/sync.h>

#include <mutex>
#include <new>
#include <stdexcept>
#include <string>

namespace racecourse::relacy {
namespace {

template <class Suite>
std::string name_of_finding(Settings settings = {}) {
  const Verdict verdict = check<Suite>(settings);
  return verdict.kind ? to_string(*verdict.kind) : "nothing";
}

struct Increments : Suite<Increments, 2> {
  sync::atomic<int> count{0};
  void run(unsigned) { count.fetch_add(1, std::memory_order_relaxed); }
  void after() { RL_ASSERT(count.load() == 2); }
};
TEST(RelacyCheck, FindsNothingInCorrectCode) {
  const Verdict verdict = check<Increments>({.executions = 1234});
  EXPECT_FALSE(verdict.kind);
  EXPECT_EQ(verdict.executions, 1234u);
  EXPECT_EQ(verdict.history, "");
}

struct LostIncrement : Suite<LostIncrement, 2> {
  sync::atomic<int> count{0};
  void run(unsigned) { count.store(count.load() + 1); }
  void after() { RL_ASSERT(count.load() == 2); }
};
TEST(RelacyCheck, NamesAnAssertion) { EXPECT_EQ(name_of_finding<LostIncrement>(), "assertion"); }

struct Race : Suite<Race, 2> {
  sync::var<int> value{0};
  void run(unsigned thread) { value = static_cast<int>(thread); }
};
TEST(RelacyCheck, NamesADataRaceAndItsPlace) {
  const Verdict verdict = check<Race>();
  EXPECT_EQ(verdict.kind, Kind::data_race);
  EXPECT_NE(verdict.history.find("check_test.cpp"), std::string::npos) << verdict.history;
}

struct Abba : Suite<Abba, 2> {
  sync::mutex one, other;
  void run(unsigned thread) {
    std::lock_guard outer(thread == 0 ? one : other);
    std::lock_guard inner(thread == 0 ? other : one);
  }
};
TEST(RelacyCheck, NamesADeadlock) { EXPECT_EQ(name_of_finding<Abba>(), "deadlock"); }

struct EndlessSpin : Suite<EndlessSpin, 2> {
  sync::atomic<bool> never{false};
  void run(unsigned thread) {
    while (thread == 0 && !never.load()) sync::pause();
  }
};
TEST(RelacyCheck, NamesALivelock) { EXPECT_EQ(name_of_finding<EndlessSpin>(), "livelock"); }

struct ForeignUnlock : Suite<ForeignUnlock, 2> {
  sync::mutex mutex;
  void run(unsigned thread) {
    if (thread == 0) mutex.unlock();
  }
};
TEST(RelacyCheck, NamesMutexMisuse) { EXPECT_EQ(name_of_finding<ForeignUnlock>(), "mutex-misuse"); }

struct LockTwice : Suite<LockTwice, 2> {
  sync::mutex mutex;
  void run(unsigned thread) {
    if (thread != 0) return;
    mutex.lock();
    mutex.lock();
  }
};
TEST(RelacyCheck, NamesASelfDeadlock) { EXPECT_EQ(name_of_finding<LockTwice>(), "self-deadlock"); }

struct Throws : Suite<Throws, 2> {
  void run(unsigned thread) {
    if (thread == 1) throw std::runtime_error("no more coffee");
  }
};
TEST(RelacyCheck, NamesAnExceptionAndGoesOnToTheNextSuite) {
  const Verdict verdict = check<Throws>();
  EXPECT_EQ(verdict.kind, Kind::exception);
  EXPECT_NE(verdict.history.find("no more coffee"), std::string::npos) << verdict.history;
  EXPECT_EQ(name_of_finding<LostIncrement>(), "assertion");
}

struct CatchesItself : Suite<CatchesItself, 2> {
  sync::atomic<int> caught{0};
  void run(unsigned) {
    try {
      throw std::runtime_error("a message long enough to be allocated on the heap");
    } catch (const std::exception&) {
      caught.fetch_add(1);
    }
  }
  void after() { RL_ASSERT(caught.load() == 2); }
};
TEST(RelacyCheck, LetsASuiteThrowAndCatch) { EXPECT_EQ(name_of_finding<CatchesItself>(), "nothing"); }

struct Leak : Suite<Leak, 2> {
  void run(unsigned thread) {
    if (thread == 0) kept = ::new int(1);
  }
  int* kept = nullptr;
};
TEST(RelacyCheck, NamesALeak) { EXPECT_EQ(name_of_finding<Leak>(), "leak"); }

struct NewAndDelete : Suite<NewAndDelete, 2> {
  void run(unsigned) { delete new std::string("also long enough to be allocated on the heap"); }
};
TEST(RelacyCheck, HasAHeapOfItsOwn) { EXPECT_EQ(name_of_finding<NewAndDelete>(), "nothing"); }

// What a sequentially consistent search cannot show: both threads read the value from before the other's store.
template <std::memory_order store, std::memory_order load>
struct StoreBuffering : Suite<StoreBuffering<store, load>, 2> {
  sync::atomic<int> x{0}, y{0};
  int seen[2] = {};
  void run(unsigned thread) {
    (thread == 0 ? x : y).store(1, store);
    seen[thread] = (thread == 0 ? y : x).load(load);
  }
  void after() { RL_ASSERT(seen[0] == 1 || seen[1] == 1); }
};
TEST(RelacyCheck, ReadsStaleValuesWhereTheOrdersAllowIt) {
  constexpr auto kSeqCst = std::memory_order_seq_cst;
  EXPECT_EQ((name_of_finding<StoreBuffering<std::memory_order_release, std::memory_order_acquire>>()), "assertion");
  EXPECT_EQ((name_of_finding<StoreBuffering<kSeqCst, kSeqCst>>()), "nothing");
}

struct WakeBeforeSleep : Suite<WakeBeforeSleep, 2> {
  sync::atomic<std::uint32_t> word{0};
  void run(unsigned thread) {
    if (thread == 0) {
      sync::futex_wait(word, 0);
    } else {
      sync::futex_wake(word, 1);  // changes nothing, so whoever comes later sleeps
    }
  }
};
struct StoreThenWake : Suite<StoreThenWake, 2> {
  sync::atomic<std::uint32_t> word{0};
  void run(unsigned thread) {
    if (thread == 0) {
      while (word.load() == 0) sync::futex_wait(word, 0);
    } else {
      word.store(1);
      sync::futex_wake(word, 1);
    }
  }
};
TEST(RelacyCheck, HasAFutexThatRemembersNoWake) {
  EXPECT_EQ(name_of_finding<WakeBeforeSleep>(), "deadlock");
  EXPECT_EQ(name_of_finding<StoreThenWake>(), "nothing");
}

TEST(RelacyCheck, RepeatsItselfForOneSeed) {
  const Verdict once = check<LostIncrement>({.seed = 7});
  const Verdict again = check<LostIncrement>({.seed = 7});
  EXPECT_EQ(once.executions, again.executions);
}

}  // namespace
}  // namespace racecourse::relacy
