// The contract of primitives/rlock/rlock.h: first alone, then under all schedules that are tried.
#include <gtest/gtest.h>
#include <racecourse/primitives/rlock/owner_and_count.h>
#include <racecourse/tests/primitives/under_schedules.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace racecourse::rlock {
namespace {

using namespace std::chrono_literals;

static_assert(RLock<OwnerAndCount>);

// Whether another thread could have it now.
bool is_free(OwnerAndCount& lock) {
  bool taken = false;
  std::thread([&] {
    taken = lock.try_acquire();
    if (taken) lock.release();
  }).join();
  return taken;
}

TEST(RLockContract, BeginsFree) {
  OwnerAndCount lock;
  EXPECT_FALSE(lock.held_here());
  EXPECT_TRUE(is_free(lock));
}

TEST(RLockContract, IsFreeAfterAsManyReleasesAsAcquires) {
  OwnerAndCount lock;
  lock.acquire();
  EXPECT_TRUE(lock.try_acquire());
  EXPECT_TRUE(lock.try_acquire_for(0ms));
  for (int holds = 3; holds > 0; holds--) {
    EXPECT_TRUE(lock.held_here());
    EXPECT_FALSE(is_free(lock));
    lock.release();
  }
  EXPECT_FALSE(lock.held_here());
  EXPECT_TRUE(is_free(lock));
}

TEST(RLockContract, RefusesWhoDoesNotHoldIt) {
  OwnerAndCount lock;
  EXPECT_THROW(lock.release(), std::logic_error);
  EXPECT_THROW(lock.release_all(), std::logic_error);
  lock.acquire();
  std::thread([&] {
    EXPECT_FALSE(lock.held_here());
    EXPECT_THROW(lock.release(), std::logic_error);
    EXPECT_THROW(lock.release_all(), std::logic_error);
  }).join();
  EXPECT_TRUE(lock.held_here());
  EXPECT_FALSE(is_free(lock));
  lock.release();
  EXPECT_THROW(lock.release(), std::logic_error);
}

TEST(RLockContract, TimedAcquireGivesUpOnALockHeldElsewhere) {
  OwnerAndCount lock;
  lock.acquire();
  std::thread([&] {
    EXPECT_FALSE(lock.try_acquire());
    EXPECT_FALSE(lock.try_acquire_for(0ms));
    EXPECT_FALSE(lock.try_acquire_for(-1s));
    const auto before = std::chrono::steady_clock::now();
    EXPECT_FALSE(lock.try_acquire_for(5ms));
    EXPECT_GE(std::chrono::steady_clock::now() - before, 5ms);
    EXPECT_FALSE(lock.held_here());
  }).join();
  EXPECT_TRUE(lock.try_acquire_for(std::chrono::hours::max()));
  EXPECT_EQ(lock.release_all(), 2u);
}

TEST(RLockContract, RestoresAsManyHoldsAsThereWere) {
  OwnerAndCount lock;
  for (int i = 0; i < 3; i++) lock.acquire();
  const std::uint32_t holds = lock.release_all();
  EXPECT_EQ(holds, 3u);
  EXPECT_TRUE(is_free(lock));
  lock.restore(holds);
  for (int i = 0; i < 3; i++) {
    EXPECT_FALSE(is_free(lock));
    lock.release();
  }
  EXPECT_TRUE(is_free(lock));
}

TEST(RLockContract, RefusesToRestoreOverAHoldOrNone) {
  OwnerAndCount lock;
  EXPECT_THROW(lock.restore(0), std::logic_error);
  EXPECT_TRUE(is_free(lock));
  lock.acquire();
  EXPECT_THROW(lock.restore(1), std::logic_error);
  lock.release();
  EXPECT_TRUE(is_free(lock));
}

TEST(RLockContract, RefusesMoreHoldsThanItCanCount) {
  OwnerAndCount lock;
  lock.restore(kMostHolds);
  EXPECT_THROW(lock.acquire(), std::system_error);
  EXPECT_FALSE(lock.try_acquire());
  EXPECT_FALSE(lock.try_acquire_for(1ms));
  EXPECT_EQ(lock.release_all(), kMostHolds);
  EXPECT_TRUE(is_free(lock));
}

TEST(RLockContract, WorksWithTheStandardGuards) {
  OwnerAndCount one, other;
  {
    std::scoped_lock both(one, other);
    std::lock_guard again(one);
    std::unique_lock third(one, std::try_to_lock);
    EXPECT_TRUE(third.owns_lock());
    EXPECT_TRUE(other.held_here());
  }
  EXPECT_TRUE(is_free(one) && is_free(other));
}

TEST(RLockContract, AnExceptionFromTheInnerSectionFreesBoth) {
  OwnerAndCount lock;
  auto inner = [&] {
    std::lock_guard guard(lock);
    throw std::runtime_error("inner");
  };
  auto outer = [&] {
    std::lock_guard guard(lock);
    inner();
  };
  EXPECT_THROW(outer(), std::runtime_error);
  EXPECT_FALSE(lock.held_here());
  EXPECT_TRUE(is_free(lock));
}

TEST(RLockContract, ExcludesAndPublishesAcrossNestedHolds) {
  under_schedules([] {
    OwnerAndCount lock;
    int counter = 0;  // guarded by lock
    auto nested = [&] {
      std::lock_guard outer(lock);
      counter++;
      {
        std::lock_guard inner(lock);
        counter++;
      }
      counter++;
    };
    std::thread first(nested), second(nested);
    first.join();
    second.join();
    EXPECT_EQ(counter, 6);
    EXPECT_FALSE(lock.held_here());
  });
}

TEST(RLockContract, TheOwnerIsNeverRefusedAndOthersAlways) {
  under_schedules([] {
    OwnerAndCount lock;
    int counter = 0;  // guarded by lock
    auto careful = [&] {
      EXPECT_THROW(lock.release(), std::logic_error);
      if (!lock.try_acquire_for(1ms)) return;
      EXPECT_TRUE(lock.try_acquire());
      counter++;
      lock.release();
      lock.release();
      EXPECT_FALSE(lock.held_here());
    };
    std::thread first(careful), second(careful);
    first.join();
    second.join();
    EXPECT_GE(counter, 1);
  });
}

// A wait gives all holds back, or nobody could make the condition true; and takes them all again.
TEST(RLockContract, WaitsOnAConditionInANestedSection) {
  under_schedules([] {
    OwnerAndCount lock;
    std::condition_variable_any condition;
    bool ready = false;  // guarded by lock
    std::thread waiter([&] {
      std::lock_guard outer(lock);
      std::lock_guard inner(lock);
      AllHolds all(lock);
      condition.wait(all, [&] { return ready; });
      EXPECT_TRUE(lock.held_here());
    });
    {
      std::lock_guard guard(lock);
      ready = true;
    }
    condition.notify_one();
    waiter.join();
    EXPECT_TRUE(lock.try_acquire());
    lock.release();
  });
}

}  // namespace
}  // namespace racecourse::rlock
