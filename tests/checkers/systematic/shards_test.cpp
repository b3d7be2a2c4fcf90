// An exhaustive search in shards: the sum of what they count is what one alone counts, and a bug is found by the shard
// that has it.
#include <gtest/gtest.h>
#include <racecourse/checkers/control/grouped.h>
#include <racecourse/checkers/explore.h>

#include <array>
#include <atomic>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "together.h"

namespace racecourse {
namespace {

using Atomic = std::atomic<int>;

Verdict search_shard(const Body& body, int index, int count, int workers = 0, int preemptions = -1) {
  Options options;
  options.strategy = "exhaustive";
  options.preemptions = preemptions;
  options.executions = 1'000'000;
  options.workers = workers;
  options.shard = std::to_string(index) + "/" + std::to_string(count);
  options.name = "name";
  return search(body, options);
}

// Each shard comes to its end, and together they count `traces`.
void expect_sum(const Body& body, std::uint64_t traces) {
  for (const int count : {1, 2, 3, 5}) {
    std::uint64_t sum = 0, late = 0;
    std::set<std::string> splits, different;
    for (int i = 1; i <= count && count > 1; i++) {
      const Verdict verdict = search_shard(body, i, count);
      EXPECT_EQ(verdict.state, State::not_found) << verdict.text;
      EXPECT_NE(verdict.text.find("; there are no others in this shard; this is no proof before all"),
                std::string::npos)
          << verdict.text;
      ASSERT_NE(verdict.tree, "") << verdict.text;
      const auto part = nlohmann::json::parse(verdict.tree);
      sum += part["traces"].get<std::uint64_t>();
      late += part["late"].get<std::uint64_t>();
      EXPECT_GE(verdict.executions, part["traces"].get<std::uint64_t>());
      splits.insert(part["split"]);
      different.merge(part["digests"].get<std::set<std::string>>());
    }
    if (count == 1) {
      const Verdict verdict = search_shard(body, 1, 1);
      EXPECT_EQ(verdict.state, State::proved) << verdict.text;
      EXPECT_EQ(verdict.executions, traces);
      continue;
    }
    EXPECT_EQ(splits.size(), 1u);
    EXPECT_EQ(sum - late + different.size(), traces) << count << " shards";
    EXPECT_LE(late, traces / 10) << count << " shards";
  }
}

void last_zero(std::size_t n) {
  std::vector<Atomic> array(n + 1);
  std::vector<Body> bodies{[&] {
    for (std::size_t i = n; array[i] != 0; i--) continue;
  }};
  for (std::size_t j = 1; j <= n; j++) bodies.emplace_back([&, j] { array[j] = array[j - 1] + 1; });
  together(bodies);
}

TEST(SystematicShards, CountLastZero) {
  expect_sum([] { last_zero(5); }, 64);
  expect_sum([] { last_zero(10); }, 3'328);
}

TEST(SystematicShards, CountReaders) {
  expect_sum(
      [] {
        Atomic x{0};
        std::vector<Body> bodies{[&] { x = 42; }};
        for (int i = 0; i < 10; i++) bodies.emplace_back([&] { (void)x.load(); });
        together(bodies);
      },
      1'024);
}

TEST(SystematicShards, CountIncrementsOfTwo) {
  expect_sum(
      [] {
        Atomic x{0}, y{0};
        const Body both = [&] { x++, y++; };
        together({both, both, both, both});
      },
      576);
}

// One of 5,040 orders is wrong.
void seven_in_order() {
  Atomic next{0};
  std::array<Atomic, 7> came{};
  std::vector<Body> bodies;
  bodies.reserve(came.size());
  for (Atomic& mine : came) bodies.emplace_back([&] { mine.store(next++, std::memory_order_relaxed); });
  together(bodies);
  std::string order;
  for (const Atomic& one : came) order += std::to_string(one.load(std::memory_order_relaxed));
  EXPECT_NE(order, "6543210");
}

// The same where any trace may be seen by several shards, so that each names all of its own: with a bound on
// preemptions, or where steps fail.
void expect_names(int preemptions, const Body& body, std::uint64_t traces) {
  const Verdict whole = search_shard(body, 1, 1, 0, preemptions);
  EXPECT_EQ(whole.text.find("proved: all " + control::grouped(traces) + " executions of "), 0u) << whole.text;
  for (const int count : {2, 3}) {
    std::set<std::string> splits, different;
    bool any_left = false;
    for (int i = 1; i <= count; i++) {
      const Verdict verdict = search_shard(body, i, count, 0, preemptions);
      EXPECT_NE(verdict.text.find("; there are no others"), std::string::npos) << verdict.text;
      ASSERT_NE(verdict.tree, "") << verdict.text;
      const auto part = nlohmann::json::parse(verdict.tree);
      splits.insert(part["split"]);
      different.merge(part["digests"].get<std::set<std::string>>());
      any_left |= part["preemptions"] >= 0;
    }
    EXPECT_EQ(splits.size(), 1u);
    EXPECT_EQ(different.size(), traces) << count << " shards, " << preemptions << " preemptions";
    EXPECT_EQ(any_left, whole.text.find("preemption") != std::string::npos) << whole.text;
  }
}

TEST(SystematicShards, CountWithinABound) {
  const Body store_buffering = [] {
    Atomic x{0}, y{0};
    together({[&] { x = 1, (void)y.load(); }, [&] { y = 1, (void)x.load(); }});
  };
  expect_names(0, store_buffering, 2);
  expect_names(1, store_buffering, 3);
  const auto increments = [](std::size_t n) {
    return [n] {
      Atomic x{0}, y{0};
      together(std::vector<Body>(n, [&] { x++, y++; }));
    };
  };
  expect_names(0, increments(3), 6);
  expect_names(1, increments(3), 24);
  expect_names(2, increments(3), 36);
  expect_names(1, increments(5), 1'320);  // 5! orders of x; y's is the same, or one of 10 where one was overtaken
}

// Each swaps what one other has left.
TEST(SystematicShards, CountWhatMayFail) {
  const Body body = [] {
    Atomic x{0};
    std::vector<Body> bodies;
    for (int i = 0; i < 7; i++)
      bodies.emplace_back([&x, i] {
        int expected = i;
        x.compare_exchange_strong(expected, i + 1);
      });
    together(bodies);
  };
  expect_names(-1, body, 523);
}

TEST(SystematicShards, FindWhatIsInOneOfThem) {
  std::vector<Verdict> found;
  int parts = 0;
  // All before anything is judged: a fresh process must come to each of the calls.
  for (const int workers : {1, 2}) {
    for (int i = 1; i <= 3; i++) {
      const Verdict verdict = search_shard(seven_in_order, i, 3, workers);
      if (verdict.finding) found.push_back(verdict);
      parts += verdict.tree != "";
    }
  }
  EXPECT_EQ(parts, 4);
  ASSERT_EQ(found.size(), 2u) << "each of two times by one shard";
  EXPECT_EQ(found[0].finding->token, found[1].finding->token);
  EXPECT_EQ(found[0].text, found[1].text);
}

}  // namespace
}  // namespace racecourse
