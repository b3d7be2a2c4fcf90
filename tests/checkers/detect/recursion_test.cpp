// Calls that never end fill the stack.
#include <thread>

#include "memory_support.h"

namespace racecourse {
namespace {

using memory_tests::caught;
using memory_tests::opaque;
using memory_tests::tells;

int odd(int* depth);

[[gnu::noinline]] int even(int* depth) {
  ++*depth;
  return odd(opaque(depth)) + 1;
}

[[gnu::noinline]] int odd(int* depth) {
  volatile char room[1000];
  room[0] = static_cast<char>(*depth);
  return even(opaque(depth)) + room[0];
}

TEST(Recursion, OfAThread) {
  const Finding finding = caught(
      [] {
        std::thread other([] {
          int depth = 0;
          even(&depth);
        });
        other.join();
      },
      Kind::signal);
  EXPECT_NE(finding.message.find("stack overflow in T1"), std::string::npos) << finding.message;
  EXPECT_TRUE(tells(finding, {"recursion_test.cpp:", "these 2 calls repeat, ", " calls deep"}));
}

TEST(Recursion, OfTheBodyAndTheNextSearchRuns) {
  caught(
      [] {
        int depth = 0;
        even(&depth);
      },
      Kind::signal);
  memory_tests::expect_right([] {});
}

}  // namespace
}  // namespace racecourse
