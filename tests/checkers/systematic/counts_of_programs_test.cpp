// How many different executions programs from papers and textbooks have: as published, or counted by writing all
// interleavings down.
#include <array>
#include <atomic>
#include <vector>

#include "counts.h"

namespace racecourse {
namespace {

using Atomic = std::atomic<int>;
using Bodies = std::vector<Body>;

// C. Flanagan, P. Godefroid, "Dynamic Partial-Order Reduction for Model Checking Software", POPL 2005: up to 11 threads
// do not meet in the table; each one more meets three others.
TEST(CountsOf, Indexer) {
  const auto body = [](int n) {
    return [n] {
      std::array<Atomic, 128> table{};
      Bodies bodies;
      for (int thread = 0; thread < n; thread++)
        bodies.emplace_back([&table, thread] {
          for (int m = 1; m <= 4; m++) {
            const int message = m * 11 + thread;
            std::size_t at = static_cast<std::size_t>(message * 7 % 128);
            for (int free = 0; !table[at].compare_exchange_strong(free, message); free = 0) at = (at + 1) % 128;
          }
        });
      together(bodies);
    };
  };
  expect_different(body(2), 1);
  expect_different(body(11), 1);
  expect_different(body(12), 8);
  expect_different(body(13), 64);
}

TEST(CountsOf, Fibonacci) {
  constexpr std::uint64_t kCounts[] = {1, 3, 19, 141};
  for (const int n : {1, 2, 3})
    expect_different(
        [n] {
          Atomic x{1}, y{1};
          together({[&] {
                      for (int i = 0; i < n; i++) x = x + y;
                    },
                    [&] {
                      for (int i = 0; i < n; i++) y = y + x;
                    }});
        },
        kCounts[n]);
}

TEST(CountsOf, MutualExclusion) {
  expect_different(
      [] {  // Dekker: enters if the other has not come
        Atomic x{0}, y{0}, inside{0};
        const auto enter = [&](Atomic& own, Atomic& other) {
          own = 1;
          if (other == 0) EXPECT_EQ(inside++, 0);
        };
        together({[&] { enter(x, y); }, [&] { enter(y, x); }});
      },
      3);
  expect_different(
      [] {  // Peterson: it does not wait, but leaves
        Atomic flags[2] = {0, 0}, turn{0}, entered{0};
        const auto enter = [&](int i) {
          flags[i] = 1;
          turn = 1 - i;
          if (flags[1 - i] == 0 || turn == i) entered++;
          flags[i] = 0;
        };
        together({[&] { enter(0); }, [&] { enter(1); }});
      },
      14);
}

TEST(CountsOf, LitmusTests) {
  expect_different(
      [] {  // from writes to reads
        Atomic x{0}, y{0};
        together({[&] { x = 1; }, [&] { (void)x.load(), y = 1; }, [&] { (void)y.load(), (void)x.load(); }});
      },
      7);
  expect_different(
      [] {  // ISA2
        Atomic x{0}, y{0}, z{0};
        together({[&] { x = 1, y = 1; }, [&] { (void)y.load(), z = 1; }, [&] { (void)z.load(), (void)x.load(); }});
      },
      7);
  expect_different(
      [] {  // two readers of one writer
        Atomic x{0};
        const Body reads = [&] { (void)x.load(), (void)x.load(); };
        together({[&] { x = 1, x = 2; }, reads, reads});
      },
      36);
  expect_different(
      [] {
        Atomic x{0}, y{0}, z{0};
        together({[&] { x = 1, (void)y.load(), z = 1; }, [&] { y = 1, (void)z.load(), x = 2; },
                  [&] { (void)x.load(), (void)z.load(); }});
      },
      28);
}

// n! orders at each.
TEST(CountsOf, ThreeCounters) {
  const auto body = [](std::size_t n) {
    return [n] {
      Atomic x{0}, y{0}, z{0};
      together(Bodies(n, [&] { x++, y++, z++; }));
    };
  };
  expect_different(body(2), 8);
  expect_different(body(3), 216);
}

TEST(CountsOf, BytesOfOneWord) {
  expect_different(
      [] {
        std::array<std::atomic<char>, 8> bytes{};
        Bodies bodies;
        for (auto& byte : bytes) bodies.emplace_back([&] { byte = 1; });
        together(bodies);
      },
      1);
}

// Accesses that are not atomic, as long as nobody judges them.
TEST(CountsOf, PlainAccesses) {
  Options options = exhaustive();
  options.race_check = false;
  expect_different(
      [] {
        int x = 0;
        together(Bodies(2, [&] { x++; }));
      },
      4, options);
  expect_different(
      [] {
        int data = 0;
        Atomic ready{0};
        together({[&] { data = 1, ready = 1; },
                  [&] {
                    if (ready == 1) EXPECT_EQ(data, 1);
                  }});
      },
      2);
}

}  // namespace
}  // namespace racecourse
