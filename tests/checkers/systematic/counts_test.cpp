// How many different executions small programs have under sequential consistency: known numbers, reached through the
// front door. Starting threads is not counted.
#include "counts.h"

#include <array>
#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace racecourse {

namespace {

void expect_executions(const Body& body, std::uint64_t count, int preemptions = -1) {
  const Verdict verdict = expect_different(body, count, exhaustive(preemptions));
  if (preemptions < 0) {
    EXPECT_EQ(verdict.executions, count) << "some were seen twice";
  }
}

std::uint64_t factorial(std::uint64_t n) { return n < 2 ? 1 : n * factorial(n - 1); }

using Atomic = std::atomic<int>;

TEST(Counts, OfStoreBuffering) {
  const auto body = [] {
    Atomic x{0}, y{0};
    together({[&] { x = 1, (void)y.load(); }, [&] { y = 1, (void)x.load(); }});
  };
  expect_executions(body, 3);
  expect_executions(body, 2, 0);
  expect_executions(body, 3, 1);
  expect_executions(body, 3, 2);
}

TEST(Counts, OfMessagePassing) {
  expect_executions(
      [] {
        Atomic x{0}, y{0};
        together({[&] { x = 1, y = 1; }, [&] { (void)y.load(), (void)x.load(); }});
      },
      3);
}

TEST(Counts, OfLoadBuffering) {
  expect_executions(
      [] {
        Atomic x{0}, y{0};
        together({[&] { (void)x.load(), y = 1; }, [&] { (void)y.load(), x = 1; }});
      },
      3);
}

TEST(Counts, OfTwoStoresEach) {
  expect_executions(
      [] {
        Atomic x{0}, y{0};
        together({[&] { x = 1, y = 2; }, [&] { y = 1, x = 2; }});
      },
      3);
}

TEST(Counts, OfIndependentReadsOfIndependentWrites) {
  for (const std::memory_order order : {std::memory_order_seq_cst, std::memory_order_relaxed}) {
    expect_executions(
        [order] {
          Atomic x{0}, y{0};
          together({[&] { x.store(1, order); }, [&] { y.store(1, order); },
                    [&] { (void)x.load(order), (void)y.load(order); },
                    [&] { (void)y.load(order), (void)x.load(order); }});
        },
        15);
  }
}

TEST(Counts, OfStoresAndLoadsOfOneVariable) {
  expect_executions(
      [] {
        Atomic x{0};
        together({[&] { x = 1, x = 2; }, [&] { (void)x.load(), (void)x.load(); }});
      },
      6);
  expect_executions(
      [] {
        Atomic x{0};
        together({[&] {
                    for (int i = 1; i < 3; i++) x = i;
                  },
                  [&] {
                    for (int i = 0; i < 2; i++) (void)x.load();
                  }});
      },
      6);
  expect_executions(
      [] {
        Atomic x{0};
        together({[&] { x = 1; }, [&] { x = 2; }, [&] { (void)x.load(), (void)x.load(); }});
      },
      12);
}

TEST(Counts, OfIncrements) {
  for (std::size_t n = 2; n <= 6; n++) {
    expect_executions(
        [n] {
          Atomic x{0};
          together(std::vector<Body>(n, [&] { x++; }));
        },
        factorial(n));
    expect_executions(
        [n] {
          int x = 0;
          std::mutex mutex;
          together(std::vector<Body>(n, [&] {
            const std::lock_guard lock(mutex);
            x++;
          }));
          EXPECT_EQ(x, static_cast<int>(n));
        },
        factorial(n));
  }
  expect_executions(
      [] {
        Atomic x{0};
        together(std::vector<Body>(2, [&] { x++, x++, x++; }));
      },
      20);
}

TEST(Counts, OfIncrementsOfTwo) {
  const auto body = [](std::size_t n) {
    return [n] {
      Atomic x{0}, y{0};
      together(std::vector<Body>(n, [&] { x++, y++; }));
    };
  };
  expect_executions(body(2), 4);
  expect_executions(body(3), 36);
  expect_executions(body(4), 576);
  expect_executions(body(3), 6, 0);
  expect_executions(body(3), 24, 1);
  expect_executions(body(3), 36, 2);
}

TEST(Counts, OfReaders) {
  for (const std::size_t n : {1, 2, 4, 8}) {
    expect_executions(
        [n] {
          Atomic x{0};
          std::vector<Body> bodies(n + 1, [&] { (void)x.load(); });
          bodies[0] = [&] { x = 1; };
          together(bodies);
        },
        std::uint64_t{1} << n);
  }
}

void last_zero(int n) {
  std::array<Atomic, 16> a{};
  std::vector<Body> bodies;
  bodies.emplace_back([&a, n] {
    for (int i = n; a[static_cast<std::size_t>(i)].load() != 0;) i--;
  });
  for (std::size_t i = 1; i <= static_cast<std::size_t>(n); i++)
    bodies.emplace_back([&a, i] { a[i] = a[i - 1].load() + 1; });
  together(bodies);
}

TEST(Counts, OfLastZero) {
  expect_executions([] { last_zero(5); }, 64);
  expect_executions([] { last_zero(10); }, 3'328);
}

}  // namespace
}  // namespace racecourse
