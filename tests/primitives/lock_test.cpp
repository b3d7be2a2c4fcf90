// The contract of primitives/lock/lock.h, for each correct lock: first alone, then under all schedules that are tried.
#include <gtest/gtest.h>
#include <racecourse/primitives/lock/parking.h>
#include <racecourse/primitives/lock/ticket.h>
#include <racecourse/primitives/lock/ttas.h>
#include <racecourse/tests/primitives/under_schedules.h>

#include <chrono>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace racecourse::lock {
namespace {

using namespace std::chrono_literals;

static_assert(Lock<Ttas> && Lock<Ticket> && Lock<Parking>);

template <class L>
class LockContract : public testing::Test {};

using Locks = testing::Types<Ttas, Ticket, Parking>;
TYPED_TEST_SUITE(LockContract, Locks);

TYPED_TEST(LockContract, BeginsFree) {
  TypeParam lock;
  EXPECT_FALSE(lock.locked());
  EXPECT_TRUE(lock.try_acquire());
}

TYPED_TEST(LockContract, IsHeldFromAcquireToRelease) {
  TypeParam lock;
  for (int round = 0; round < 3; round++) {
    lock.acquire();
    EXPECT_TRUE(lock.locked());
    EXPECT_FALSE(lock.try_acquire());
    lock.release();
    EXPECT_FALSE(lock.locked());
  }
}

TYPED_TEST(LockContract, FailedTriesLeaveNoTrace) {
  TypeParam lock;
  lock.acquire();
  for (int i = 0; i < 3; i++) EXPECT_FALSE(lock.try_acquire());
  lock.release();
  EXPECT_TRUE(lock.try_acquire());
  lock.release();
}

TYPED_TEST(LockContract, HasNoOwner) {
  TypeParam lock;
  lock.acquire();
  std::thread([&] { lock.release(); }).join();
  EXPECT_TRUE(lock.try_acquire());
  lock.release();
}

TYPED_TEST(LockContract, RefusesAStrayReleaseAndStaysAsItWas) {
  TypeParam lock;
  EXPECT_THROW(lock.release(), std::logic_error);
  EXPECT_FALSE(lock.locked());
  lock.acquire();
  EXPECT_FALSE(lock.try_acquire());
  lock.release();
  EXPECT_THROW(lock.release(), std::logic_error);
}

TYPED_TEST(LockContract, TimedAcquireTakesAFreeLock) {
  TypeParam lock;
  EXPECT_TRUE(lock.try_acquire_for(0ms));
  lock.release();
  EXPECT_TRUE(lock.try_acquire_for(-1s));
  lock.release();
  EXPECT_TRUE(lock.try_acquire_for(std::chrono::hours::max()));
  lock.release();
}

TYPED_TEST(LockContract, TimedAcquireGivesUpOnAHeldLock) {
  TypeParam lock;
  lock.acquire();
  EXPECT_FALSE(lock.try_acquire_for(0ms));
  EXPECT_FALSE(lock.try_acquire_for(-1s));
  const auto before = std::chrono::steady_clock::now();
  EXPECT_FALSE(lock.try_acquire_for(5ms));
  EXPECT_GE(std::chrono::steady_clock::now() - before, 5ms);
  lock.release();
  EXPECT_TRUE(lock.try_acquire());
  lock.release();
}

TYPED_TEST(LockContract, WorksWithTheStandardGuards) {
  TypeParam one, other;
  {
    std::lock_guard guard(one);
    EXPECT_TRUE(one.locked());
  }
  {
    std::unique_lock guard(one, std::defer_lock);
    EXPECT_TRUE(guard.try_lock_for(1ms));
    std::unique_lock second(one, std::try_to_lock);
    EXPECT_FALSE(second.owns_lock());
  }
  {
    std::scoped_lock both(one, other);
    EXPECT_TRUE(one.locked() && other.locked());
  }
  EXPECT_FALSE(one.locked() || other.locked());
}

TYPED_TEST(LockContract, ExcludesAndPublishes) {
  under_schedules([] {
    TypeParam lock;
    int counter = 0;  // guarded by lock
    auto twice = [&] {
      for (int i = 0; i < 2; i++) {
        std::lock_guard guard(lock);
        counter++;
      }
    };
    std::thread first(twice), second(twice);
    first.join();
    second.join();
    EXPECT_EQ(counter, 4);
    EXPECT_FALSE(lock.locked());
  });
}

TYPED_TEST(LockContract, HandsOverBetweenThreads) {
  under_schedules([] {
    TypeParam lock;
    int parcel = 0;  // guarded by lock, which the one acquires and the other releases
    lock.acquire();
    std::thread releaser([&] {
      parcel = 42;
      lock.release();
    });
    lock.acquire();
    EXPECT_EQ(parcel, 42);
    lock.release();
    releaser.join();
  });
}

// A waiter that gives up must not take with it the one wake that was meant for another.
TYPED_TEST(LockContract, TimedWaiterForgetsNobody) {
  under_schedules([] {
    TypeParam lock;
    int counter = 0;  // guarded by lock
    auto increment = [&] {
      std::lock_guard guard(lock);
      counter++;
    };
    lock.acquire();
    std::thread waiter(increment);
    bool in_time = false;
    std::thread impatient([&] {
      in_time = lock.try_acquire_for(1ms);
      if (in_time) lock.release();
    });
    lock.release();
    std::this_thread::sleep_for(2ms);  // may end, with the other's time, before a woken thread has run
    increment();                       // and then takes the lock before it
    waiter.join();
    impatient.join();
    EXPECT_EQ(counter, 2);
    EXPECT_FALSE(lock.locked());
  });
}

TEST(TicketLock, ServesInTheOrderOfArrival) {
  under_schedules([] {
    Ticket lock;
    std::vector<int> served;  // guarded by lock
    auto serve = [&](int name) {
      std::lock_guard guard(lock);
      served.push_back(name);
    };
    auto until_in_line = [&](std::uint32_t count) {
      while (lock.in_line() != count) std::this_thread::yield();
    };
    lock.acquire();
    std::thread first(serve, 1);
    until_in_line(2);
    std::thread second(serve, 2);
    until_in_line(3);
    lock.release();
    first.join();
    second.join();
    EXPECT_EQ(served, (std::vector{1, 2}));
  });
}

TEST(DeadlineAfter, DoesNotOverflow) {
  EXPECT_EQ(deadline_after(std::chrono::hours::max()), Deadline::max());
  EXPECT_EQ(deadline_after(Clock::duration::max()), Deadline::max());
  const Deadline past = deadline_after(-1s);
  EXPECT_LE(past, Clock::now());
}

}  // namespace
}  // namespace racecourse::lock
