// A random search counts different executions as the exhaustive one does: after enough of them it has seen as many
// distinct traces as there are.
#include <gtest/gtest.h>
#include <racecourse/checkers/explore.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "together.h"

namespace racecourse {
namespace {

using Atomic = std::atomic<int>;

std::string text_of(const Body& body, const char* strategy, std::uint64_t executions) {
  Options options;
  options.strategy = strategy;
  options.executions = executions;
  options.spurious = false;
  return search_for(body, Kind::deadlock, {Kind::data_race}, options).text;
}

void expect_traces(const Body& body, const char* count) {
  for (const char* strategy : {"uniform", "default"}) {
    const std::string text = text_of(body, strategy, 4'000);
    EXPECT_NE(text.find(std::string(", ") + count + " distinct trace"), std::string::npos)
        << strategy << ": " << text << ", and not " << count;
  }
}

TEST(DistinctTraces, OfTwoThreadsAndTwoVariables) {
  expect_traces(
      [] {
        Atomic x{0}, y{0};
        together({[&] { x = 1, (void)y.load(); }, [&] { y = 1, (void)x.load(); }});
      },
      "3");
  expect_traces(
      [] {
        Atomic x{0}, y{0};
        together({[&] { x = 1, y = 2; }, [&] { y = 1, x = 2; }});
      },
      "3");
}

TEST(DistinctTraces, OfIndependentReadsOfIndependentWrites) {
  expect_traces(
      [] {
        Atomic x{0}, y{0};
        together({[&] { x = 1; }, [&] { y = 1; }, [&] { (void)x.load(), (void)y.load(); },
                  [&] { (void)y.load(), (void)x.load(); }});
      },
      "15");
}

TEST(DistinctTraces, OfStoresAndLoadsOfOneVariable) {
  expect_traces(
      [] {
        Atomic x{0};
        together({[&] { x = 1, x = 2; }, [&] { (void)x.load(), (void)x.load(); }});
      },
      "6");
  expect_traces(
      [] {
        Atomic x{0};
        together({[&] { x = 1; }, [&] { x = 2; }, [&] { (void)x.load(), (void)x.load(); }});
      },
      "12");
}

TEST(DistinctTraces, OfIncrements) {
  expect_traces(
      [] {
        Atomic x{0};
        together(std::vector<Body>(4, [&] { x++; }));
      },
      "24");
  expect_traces(
      [] {
        int x = 0;
        std::mutex mutex;
        together(std::vector<Body>(4, [&] {
          const std::lock_guard lock(mutex);
          x++;
        }));
      },
      "24");
  expect_traces(
      [] {
        Atomic x{0}, y{0};
        together(std::vector<Body>(3, [&] { x++, y++; }));
      },
      "36");
}

TEST(DistinctTraces, OfReaders) {
  expect_traces(
      [] {
        Atomic x{0};
        std::vector<Body> bodies(6, [&] { (void)x.load(); });
        bodies[0] = [&] { x = 1; };
        together(bodies);
      },
      "32");
}

// Who allocates first gets the lower address: no matter.
TEST(DistinctTraces, OfMemoryThatLiesElsewhere) {
  expect_traces(
      [] {
        together(std::vector<Body>(3, [] {
          auto own = std::make_unique<Atomic>(0);
          ++*own;
        }));
      },
      "1");
}

// Plain accesses count from when they are known to race, and what was counted before is forgotten.
TEST(DistinctTraces, OfPlainAccessesThatRace) {
  expect_traces(
      [] {
        int x = 0, y = 0;
        together({[&] { x = 1, y = 2; }, [&] { y = 1, x = 2; }});
      },
      "3");
}

// A waiter woken by one of two notifiers, or not needing it: as many as the exhaustive search says.
TEST(DistinctTraces, OfAConditionVariable) {
  const Body body = [] {
    std::mutex mutex;
    std::condition_variable changed;
    int ready = 0;
    together({[&] {
                std::unique_lock lock(mutex);
                while (ready == 0) changed.wait(lock);
              },
              [&] {
                const std::lock_guard lock(mutex);
                ++ready;
                changed.notify_one();
              },
              [&] {
                const std::lock_guard lock(mutex);
                ++ready;
                changed.notify_one();
              }});
  };
  const std::string all = text_of(body, "exhaustive", 10'000);
  const std::string start = "proved: all ";
  ASSERT_EQ(all.find(start), 0u) << all;
  expect_traces(body, all.substr(start.size(), all.find(' ', start.size()) - start.size()).c_str());
}

TEST(DistinctTraces, SomeAreLookedAtAfterTheFirst) {
  const Body body = [] {
    Atomic x{0};
    together(std::vector<Body>(2, [&] { x++; }));
  };
  const std::string text = text_of(body, "default", 10'000);
  EXPECT_NE(text.find(", 2 distinct traces among the 4,281 that were looked at (the next one would be "
                      "new with a probability of less than 0.01 %)"),
            std::string::npos)
      << text;
}

}  // namespace
}  // namespace racecourse
