// std::atomic of sizes that the compiler leaves to libatomic: 16 bytes, odd ones and large ones.
#include <atomic>
#include <cstdint>
#include <thread>

#include "conformance.h"

namespace racecourse::conformance {
namespace {

constexpr char kReason[] = "libatomic is not instrumented: ThreadSanitizer does not see its operations";

struct Pair {
  std::int64_t left, right;
};
struct Odd {
  char bytes[3];
};
struct Large {
  int cells[10];
};

// A value is always seen whole, and an exchange hands over what was there.
template <class T, class Make, class Sum>
void whole_values(Make make, Sum sum) {
  std::atomic<T> value{make(0)};
  int first = 0, second = 0;
  std::thread a([&] { first = sum(value.exchange(make(1))); });
  std::thread b([&] { second = sum(value.exchange(make(2))); });
  int seen = sum(value.load());
  a.join();
  b.join();
  EXPECT_GE(seen, 0);
  EXPECT_EQ(first + second + sum(value.load()), 3);
}
int sum_pair(Pair pair) { return pair.left == pair.right ? static_cast<int>(pair.left) : -100; }
int sum_odd(Odd odd) { return odd.bytes[0] == odd.bytes[2] ? odd.bytes[0] : -100; }
int sum_large(Large large) { return large.cells[0] == large.cells[9] ? large.cells[0] : -100; }
Large make_large(int value) {
  Large large;
  for (int& cell : large.cells) cell = value;
  return large;
}

TEST(Atomic128, Works) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  works([] { whole_values<Pair>([](int value) { return Pair{value, value}; }, sum_pair); });
}
TEST(Atomic128, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  is_caught(
      [] {
        std::atomic<Pair> value{Pair{0, 0}};
        auto add = [&] {
          Pair seen = value.load();
          value.store(Pair{seen.left + 1, seen.right + 1});  // BUG: two operations
        };
        std::thread a(add), b(add);
        a.join();
        b.join();
        EXPECT_EQ(value.load().left, 2);
      },
      Kind::assertion);
}

TEST(Atomic128CompareExchange, Works) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  works([] {
    std::atomic<Pair> value{Pair{0, 0}};
    auto add = [&] {
      Pair seen = value.load();
      while (!value.compare_exchange_weak(seen, Pair{seen.left + 1, seen.right + 2})) {
      }
    };
    std::thread a(add), b(add);
    a.join();
    b.join();
    EXPECT_EQ(value.load().left, 2);
    EXPECT_EQ(value.load().right, 4);
  });
}
TEST(Atomic128CompareExchange, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  is_caught(
      [] {
        std::atomic<Pair> value{Pair{0, 0}};
        auto add = [&] {
          Pair seen = value.load();
          value.compare_exchange_strong(seen, Pair{seen.left + 1, seen.right});  // BUG: may fail
        };
        std::thread a(add), b(add);
        a.join();
        b.join();
        EXPECT_EQ(value.load().left, 2);
      },
      Kind::assertion);
}

TEST(WidePublication, Works) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  works([] {
    int data = 0;
    std::atomic<Pair> ready{Pair{0, 0}};
    std::thread writer([&] {
      data = 1;
      ready.store(Pair{1, 1}, std::memory_order_release);  // pairs with the acquire in the reader
    });
    std::thread reader([&] {
      if (ready.load(std::memory_order_acquire).left == 1) {
        EXPECT_EQ(data, 1);
      }
    });
    writer.join();
    reader.join();
  });
}
TEST(WidePublication, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  is_caught(
      [] {
        int data = 0;
        std::atomic<Pair> ready{Pair{0, 0}};
        std::thread writer([&] {
          data = 1;
          ready.store(Pair{1, 1}, std::memory_order_relaxed);  // BUG: relaxed
        });
        std::thread reader([&] {
          if (ready.load(std::memory_order_acquire).left == 1) {
            EXPECT_EQ(data, 1);
          }
        });
        writer.join();
        reader.join();
      },
      Kind::data_race);
}

TEST(OddSizeAtomic, Works) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  works([] {
    whole_values<Odd>(
        [](int value) {
          char byte = static_cast<char>(value);
          return Odd{{byte, byte, byte}};
        },
        sum_odd);
  });
  works([] { whole_values<Large>(make_large, sum_large); });
}
TEST(OddSizeAtomic, BrokenIsCaught) {
  RACECOURSE_EXPLORE_ONLY(kReason);
  is_caught(
      [] {
        std::atomic<Odd> value{Odd{{0, 0, 0}}};
        auto add = [&] {
          Odd seen = value.load();
          ++seen.bytes[1];
          value.store(seen);  // BUG: two operations
        };
        std::thread a(add), b(add);
        a.join();
        b.join();
        EXPECT_EQ(value.load().bytes[1], 2);
      },
      Kind::assertion);
}

}  // namespace
}  // namespace racecourse::conformance
