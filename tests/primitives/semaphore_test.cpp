// The contract of primitives/semaphore/semaphore.h, for each correct semaphore: first alone, then under all schedules
// that are tried.
#include <gtest/gtest.h>
#include <racecourse/primitives/semaphore/bounded.h>
#include <racecourse/primitives/semaphore/counting.h>
#include <racecourse/primitives/semaphore/parking.h>
#include <racecourse/tests/primitives/under_schedules.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>

namespace racecourse::semaphore {
namespace {

using namespace std::chrono_literals;

static_assert(Semaphore<Counting> && Semaphore<Bounded> && Semaphore<Parking>);

template <class S>
class SemaphoreContract : public testing::Test {};

using Semaphores = testing::Types<Counting, Bounded, Parking>;
TYPED_TEST_SUITE(SemaphoreContract, Semaphores);

TYPED_TEST(SemaphoreContract, HasAsManyPermitsAsItWasMadeWith) {
  TypeParam semaphore(2);
  EXPECT_EQ(semaphore.value(), 2);
  EXPECT_TRUE(semaphore.try_acquire());
  EXPECT_TRUE(semaphore.try_acquire());
  EXPECT_EQ(semaphore.value(), 0);
  EXPECT_FALSE(semaphore.try_acquire());
  semaphore.release();
  EXPECT_EQ(semaphore.value(), 1);
  semaphore.acquire();
  EXPECT_FALSE(semaphore.try_acquire());
}

TYPED_TEST(SemaphoreContract, MayHaveNone) {
  TypeParam semaphore(0);
  EXPECT_EQ(semaphore.value(), 0);
  EXPECT_FALSE(semaphore.try_acquire());
  EXPECT_FALSE(semaphore.try_acquire_for(1ms));
}

TYPED_TEST(SemaphoreContract, RefusesAnImpossibleNumberOfPermits) {
  EXPECT_THROW(TypeParam(-1), std::invalid_argument);
  EXPECT_EQ(TypeParam(TypeParam::kMostPermits).value(), TypeParam::kMostPermits);
}

TYPED_TEST(SemaphoreContract, RefusesAReleaseBeyondItsLimitAndStaysAsItWas) {
  TypeParam semaphore(TypeParam::kMostPermits);
  EXPECT_THROW(semaphore.release(), std::logic_error);
  EXPECT_EQ(semaphore.value(), TypeParam::kMostPermits);
  semaphore.acquire();
  semaphore.release();
  EXPECT_EQ(semaphore.value(), TypeParam::kMostPermits);
}

TYPED_TEST(SemaphoreContract, HasNoOwner) {
  TypeParam semaphore(1);
  semaphore.acquire();
  std::thread([&] { semaphore.release(); }).join();
  EXPECT_TRUE(semaphore.try_acquire());
}

TYPED_TEST(SemaphoreContract, TimedAcquireTakesAFreePermit) {
  TypeParam semaphore(3);
  EXPECT_TRUE(semaphore.try_acquire_for(0ms));
  EXPECT_TRUE(semaphore.try_acquire_for(-1s));
  EXPECT_TRUE(semaphore.try_acquire_for(std::chrono::hours::max()));
  EXPECT_EQ(semaphore.value(), 0);
}

TYPED_TEST(SemaphoreContract, TimedAcquireGivesUpAndLeavesNoTrace) {
  TypeParam semaphore(1);
  semaphore.acquire();
  EXPECT_FALSE(semaphore.try_acquire_for(0ms));
  EXPECT_FALSE(semaphore.try_acquire_for(-1s));
  const auto before = std::chrono::steady_clock::now();
  EXPECT_FALSE(semaphore.try_acquire_for(5ms));
  EXPECT_GE(std::chrono::steady_clock::now() - before, 5ms);
  EXPECT_EQ(semaphore.value(), 0);
  semaphore.release();
  EXPECT_EQ(semaphore.value(), 1);
}

TYPED_TEST(SemaphoreContract, APermitComesBackWhenAnExceptionIsThrown) {
  TypeParam semaphore(1);
  auto work = [&] {
    Permit permit(semaphore);
    EXPECT_EQ(semaphore.value(), 0);
    throw std::runtime_error("work");
  };
  EXPECT_THROW(work(), std::runtime_error);
  EXPECT_EQ(semaphore.value(), 1);
}

TYPED_TEST(SemaphoreContract, LetsNoMoreInThanThereArePermits) {
  under_schedules([] {
    TypeParam semaphore(2);
    std::atomic<int> inside{0};
    auto work = [&] {
      Permit permit(semaphore);
      EXPECT_LE(inside.fetch_add(1, std::memory_order_relaxed), 1);
      inside.fetch_sub(1, std::memory_order_relaxed);
    };
    std::thread first(work), second(work), third(work);
    first.join();
    second.join();
    third.join();
    EXPECT_EQ(semaphore.value(), 2);
  });
}

TYPED_TEST(SemaphoreContract, OnePermitExcludesAndPublishes) {
  under_schedules([] {
    TypeParam semaphore(1);
    int counter = 0;  // guarded by the permit
    auto twice = [&] {
      for (int i = 0; i < 2; i++) {
        Permit permit(semaphore);
        counter++;
      }
    };
    std::thread first(twice), second(twice);
    first.join();
    second.join();
    EXPECT_EQ(counter, 4);
  });
}

TYPED_TEST(SemaphoreContract, EveryCallMayMeetAnyOther) {
  under_schedules([] {
    TypeParam semaphore(1);
    std::thread tries([&] {
      if (semaphore.try_acquire()) semaphore.release();
      EXPECT_LE(semaphore.value(), 1);
    });
    std::thread tries_longer([&] {
      if (semaphore.try_acquire_for(1ms)) semaphore.release();
    });
    EXPECT_LE(semaphore.value(), 1);
    semaphore.acquire();
    semaphore.release();
    tries.join();
    tries_longer.join();
    EXPECT_EQ(semaphore.value(), 1);
  });
}

// One of several releases may not be enough: what a thread reads after its acquire was written before any of them.
TYPED_TEST(SemaphoreContract, PublishesWhatWasWrittenBeforeEveryEarlierRelease) {
  under_schedules([] {
    TypeParam semaphore(2);
    semaphore.acquire();
    semaphore.acquire();
    int left = 0, right = 0;
    std::thread first([&] {
      left = 1;
      semaphore.release();
    });
    std::thread second([&] {
      right = 1;
      semaphore.release();
    });
    semaphore.acquire();
    semaphore.acquire();
    EXPECT_EQ(left + right, 2);
    first.join();
    second.join();
  });
}

TYPED_TEST(SemaphoreContract, EveryReleaseWakesOne) {
  under_schedules([] {
    TypeParam semaphore(2);
    semaphore.acquire();
    semaphore.acquire();
    std::thread first([&] { semaphore.acquire(); });
    std::thread second([&] { semaphore.acquire(); });
    semaphore.release();
    semaphore.release();
    first.join();
    second.join();
    EXPECT_EQ(semaphore.value(), 0);
  });
}

// A waiter that gives up must not take with it the one wake that was meant for another.
TYPED_TEST(SemaphoreContract, TimedWaiterForgetsNobody) {
  under_schedules([] {
    TypeParam semaphore(1);
    semaphore.acquire();
    std::thread waiter([&] {
      semaphore.acquire();
      semaphore.release();
    });
    std::thread impatient([&] {
      if (semaphore.try_acquire_for(1ms)) semaphore.release();
    });
    semaphore.release();
    waiter.join();
    impatient.join();
    EXPECT_EQ(semaphore.value(), 1);
  });
}

// The thread that takes the last permit may be the one to destroy the semaphore, while the release still returns.
TYPED_TEST(SemaphoreContract, MayBeDestroyedByWhoTookTheLastPermit) {
  under_schedules([] {
    auto semaphore = std::make_unique<TypeParam>(1);
    semaphore->acquire();
    std::thread giver([it = semaphore.get()] { it->release(); });
    semaphore->acquire();
    semaphore.reset();
    giver.join();
  });
}

TEST(BoundedSemaphore, RefusesOverRelease) {
  Bounded semaphore(2);
  EXPECT_EQ(semaphore.bound(), 2);
  EXPECT_THROW(semaphore.release(), std::logic_error);
  EXPECT_EQ(semaphore.value(), 2);
  semaphore.acquire();
  semaphore.release();
  EXPECT_THROW(semaphore.release(), std::logic_error);
  EXPECT_EQ(semaphore.value(), 2);
  EXPECT_EQ(semaphore.bound(), 2);
}

TEST(ParkingSemaphore, RefusesMorePermitsThanItCanCount) {
  EXPECT_THROW(Parking(Parking::kMostPermits + 1), std::invalid_argument);
}

}  // namespace
}  // namespace racecourse::semaphore
