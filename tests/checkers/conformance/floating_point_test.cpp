// <fenv.h>: how a thread rounds, and which exceptions it raised, is its own.
#include <xmmintrin.h>

#include <cfenv>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

void round_in(int direction) {
  EXPECT_EQ(std::fesetround(direction), 0);
  for (int i = 0; i < 3; ++i) {
    std::this_thread::yield();
    EXPECT_EQ(std::fegetround(), direction);
  }
  std::thread child([direction] {
    EXPECT_EQ(std::fegetround(), direction);  // which a thread has from the one that starts it
    std::fesetround(FE_TOWARDZERO);
  });
  child.join();
  EXPECT_EQ(std::fegetround(), direction);
}

// As a program that ends leaves it.
void leave_anything() {
  if (!explores()) return;
  std::fesetround(FE_DOWNWARD);
  _MM_SET_FLUSH_ZERO_MODE(_MM_FLUSH_ZERO_ON);
}

TEST(Rounding, Works) {
  works([] {
    EXPECT_EQ(std::fegetround(), FE_TONEAREST);
    EXPECT_EQ(_MM_GET_FLUSH_ZERO_MODE(), 0u);
    std::thread a(round_in, FE_UPWARD), b(round_in, FE_TONEAREST);
    a.join();
    b.join();
    EXPECT_EQ(std::fegetround(), FE_TONEAREST);
    leave_anything();
  });
}
TEST(Rounding, BrokenIsCaught) {
  is_caught(
      [] {
        std::thread other([] {
          std::this_thread::yield();
          EXPECT_EQ(std::fegetround(), FE_UPWARD);  // BUG: it may have been started before
        });
        std::fesetround(FE_UPWARD);
        other.join();
      },
      Kind::assertion);
}

TEST(RaisedExceptions, Works) {
  works([] {
    std::thread divides([] {
      volatile double zero = 0;
      std::feclearexcept(FE_ALL_EXCEPT);
      zero = 1 / zero;
      std::this_thread::yield();
      EXPECT_NE(std::fetestexcept(FE_DIVBYZERO), 0);
    });
    std::thread does_not([] {
      std::feclearexcept(FE_ALL_EXCEPT);
      for (int i = 0; i < 3; ++i) {
        std::this_thread::yield();
        EXPECT_EQ(std::fetestexcept(FE_DIVBYZERO), 0);
      }
    });
    divides.join();
    does_not.join();
  });
}

}  // namespace
}  // namespace racecourse::conformance
