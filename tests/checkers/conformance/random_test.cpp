// Sources of randomness: usable from threads, and answered the same way when a schedule is replayed. A finding that
// depends on them could otherwise not be confirmed by its replay in a fresh process.
#include <sys/random.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <random>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

TEST(Rand, Works) {
  works([] {
    std::atomic<int> sum{0};
    auto roll = [&] { sum += std::rand() % 6 + 1; };
    std::thread a(roll), b(roll);
    a.join();
    b.join();
    EXPECT_GE(sum, 2);
    EXPECT_LE(sum, 12);
  });
}
TEST(Rand, BrokenIsCaught) {
  is_caught(
      [] {
        std::thread roller([] { EXPECT_NE(std::rand() % 4, 3); });  // BUG: sometimes it is
        roller.join();
      },
      Kind::assertion);
}

TEST(RandomDevice, Works) {
  works([] {
    auto draw = [] {
      std::random_device device;
      std::mt19937 engine(device());
      int value = std::uniform_int_distribution<int>(1, 6)(engine);
      EXPECT_GE(value, 1);
      EXPECT_LE(value, 6);
    };
    std::thread a(draw), b(draw);
    a.join();
    b.join();
  });
}
TEST(RandomDevice, BrokenIsCaught) {
  is_caught(
      [] {
        std::thread drawer([] { EXPECT_NE(std::random_device{}() % 4, 3u); });  // BUG: sometimes it is
        drawer.join();
      },
      Kind::assertion);
}

TEST(Getrandom, Works) {
  works([] {
    unsigned value = 0;
    EXPECT_EQ(getrandom(&value, sizeof value, 0), static_cast<ssize_t>(sizeof value));
    EXPECT_EQ(getentropy(&value, sizeof value), 0);
  });
}
TEST(Getrandom, BrokenIsCaught) {
  is_caught(
      [] {
        std::thread drawer([] {
          unsigned char value = 0;
          getrandom(&value, 1, 0);
          EXPECT_NE(value % 4, 3);  // BUG: sometimes it is
        });
        drawer.join();
      },
      Kind::assertion);
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
