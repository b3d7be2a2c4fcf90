// Sources of randomness: usable from threads, and the same numbers in the same order in every execution. A finding that
// depends on them could otherwise not be confirmed by its replay in a fresh process.
#include <sys/random.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <random>
#include <string>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

// The first number, reported from each execution, must be one and the same.
template <class Draw>
void draws_are_repeatable(Draw draw) {
  Options options;
  options.executions = 2'000;
  options.repetitions = 5;
  const Verdict verdict = explore(
      [draw] {
        std::atomic<unsigned> sum{0};
        const unsigned first = draw();
        std::thread a([&] { sum += draw() % 6 + 1; }), b([&] { sum += draw() % 6 + 1; });
        a.join();
        b.join();
        EXPECT_GE(sum, 2u);
        EXPECT_LE(sum, 12u);
        outcome(std::to_string(first));
      },
      options);
  if (explores()) {
    EXPECT_EQ(verdict.outcomes.size(), 1u);
  }
}

// Which thread gets which number is up to the schedule.
template <class Draw>
void assumes_an_order(Draw draw) {
  unsigned of_a = 0, of_b = 0;
  std::thread a([&] { of_a = draw(); });
  std::thread b([&] { of_b = draw(); });
  a.join();
  b.join();
  EXPECT_LT(of_a, of_b);  // BUG: assumes who draws first, or worse
}

unsigned from_rand() { return static_cast<unsigned>(std::rand()); }
unsigned from_device() { return std::random_device{}(); }
unsigned from_kernel() {
  unsigned value = 0;
  EXPECT_EQ(getrandom(&value, sizeof value, 0), static_cast<ssize_t>(sizeof value));
  return value;
}
unsigned from_entropy() {
  unsigned value = 0;
  EXPECT_EQ(getentropy(&value, sizeof value), 0);
  return value;
}

TEST(Rand, Works) {
  draws_are_repeatable(from_rand);
  works([] {
    std::srand(7);
    int first = std::rand();
    std::srand(7);
    EXPECT_EQ(std::rand(), first);
  });
}
TEST(Rand, BrokenIsCaught) {
  is_caught([] { assumes_an_order(from_rand); }, Kind::assertion);
}

TEST(RandomDevice, Works) { draws_are_repeatable(from_device); }
TEST(RandomDevice, BrokenIsCaught) {
  is_caught([] { assumes_an_order(from_device); }, Kind::assertion);
}

TEST(Getrandom, Works) {
  draws_are_repeatable(from_kernel);
  draws_are_repeatable(from_entropy);
}
TEST(Getrandom, BrokenIsCaught) {
  is_caught([] { assumes_an_order(from_kernel); }, Kind::assertion);
}

// An engine of one's own is plain memory.
TEST(RandomEngine, Works) {
  works([] {
    std::mutex mutex;
    std::minstd_rand engine(7);
    auto draw = [&] {
      std::lock_guard lock(mutex);
      EXPECT_GT(engine(), 0u);
    };
    std::thread a(draw), b(draw);
    a.join();
    b.join();
    std::minstd_rand same(7);
    same.discard(2);
    EXPECT_EQ(engine, same);
  });
}
TEST(RandomEngine, BrokenIsCaught) {
  is_caught(
      [] {
        std::minstd_rand engine(7);
        auto draw = [&] { EXPECT_GT(engine(), 0u); };  // BUG: unsynchronized
        std::thread a(draw), b(draw);
        a.join();
        b.join();
      },
      Kind::data_race);
}

}  // namespace
}  // namespace racecourse::conformance
