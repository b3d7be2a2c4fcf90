// A proof by several workers: nobody can tell how many they were.
#include <gtest/gtest.h>
#include <racecourse/checkers/explore.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace racecourse {
namespace {

Verdict search_with(int workers, const std::function<void()>& body) {
  Options options;
  options.strategy = "exhaustive";
  options.executions = 1'000'000;
  options.workers = workers;
  options.name = "name";
  return search(body, options);
}

// 5,040 orders.
std::string order_of_seven() {
  std::atomic<int> next{0};
  std::array<std::atomic<int>, 7> came{};
  std::vector<std::thread> threads;
  threads.reserve(came.size());
  for (auto& mine : came) threads.emplace_back([&] { mine.store(next++, std::memory_order_relaxed); });
  for (std::thread& thread : threads) thread.join();
  std::string order;
  for (const auto& one : came) order += std::to_string(one.load(std::memory_order_relaxed));
  return order;
}

TEST(SystematicWorkers, SeeEachExecutionOnce) {
  for (const int workers : {1, 2, 3}) {
    const Verdict verdict = search_with(workers, [] { outcome(order_of_seven().substr(0, 2)); });
    EXPECT_EQ(verdict.text.find("proved: all 5,040 executions of 8 threads;"), 0u) << verdict.text;
    EXPECT_EQ(verdict.executions, 5'040u) << workers;
    EXPECT_EQ(verdict.outcomes.size(), 42u) << workers;
    for (const auto& [first, count] : verdict.outcomes) EXPECT_EQ(count, 120u) << first << ", " << workers;
  }
}

// Some are run twice, and counted once.
TEST(SystematicWorkers, CountWhatMayFail) {
  const auto row = [] {
    std::atomic<int> x{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 7; i++)
      threads.emplace_back([&x, i] {
        int expected = i;
        x.compare_exchange_strong(expected, i + 1);
      });
    for (std::thread& thread : threads) thread.join();
  };
  std::uint64_t runs = 0;
  for (const int workers : {1, 2, 3}) {
    const Verdict verdict = search_with(workers, row);
    EXPECT_EQ(verdict.text.find("proved: all 523 executions of 8 threads;"), 0u) << verdict.text;
    EXPECT_GT(verdict.executions, 2'048u) << "nothing was shared";
    if (runs == 0) runs = verdict.executions;
    EXPECT_EQ(verdict.executions, runs) << workers;
  }
}

// The first step that fails is seen after more traces than are counted by their names.
TEST(SystematicWorkers, CountWhatMayFailAtLast) {
  for (const int workers : {1, 2}) {
    const Verdict verdict = search_with(workers, [] {
      if (order_of_seven() != "6543210") return;
      std::atomic<int> x{0};
      std::thread one([&] {
        int expected = 0;
        x.compare_exchange_strong(expected, 1);
      });
      std::thread two([&] {
        int expected = 0;
        x.compare_exchange_strong(expected, 2);
      });
      one.join();
      two.join();
    });
    EXPECT_EQ(verdict.text.find("proved: all 5,041 executions of 10 threads;"), 0u) << verdict.text;
    EXPECT_GT(verdict.executions, 5'041u) << "it did not begin anew";
  }
}

TEST(SystematicWorkers, FindTheSame) {
  const auto body = [] { EXPECT_NE(order_of_seven(), "6543210"); };
  // All before anything is judged: a fresh process must come to each of the calls.
  std::vector<Verdict> verdicts;
  for (const int workers : {1, 2, 3}) verdicts.push_back(search_with(workers, body));
  const Verdict& alone = verdicts[0];
  ASSERT_TRUE(alone.finding) << alone.text;
  EXPECT_GT(alone.executions, 1'088u) << "it was found before anything was shared";
  for (const Verdict& verdict : verdicts) {
    ASSERT_TRUE(verdict.finding) << verdict.text;
    EXPECT_EQ(verdict.text, alone.text);
    EXPECT_EQ(verdict.executions, alone.executions);
    EXPECT_EQ(verdict.finding->execution, alone.finding->execution);
    EXPECT_EQ(verdict.finding->token, alone.finding->token);
  }
}

// It is come across where the tree is shared: then it is explored by one alone, again.
TEST(SystematicWorkers, CountWhatIsSuppressed) {
  std::string file = testing::TempDir() + "workers_test.XXXXXX";
  close(mkstemp(file.data()));
  std::ofstream(file) << "kind=assertion file=workers_test.cpp reason=known";
  for (const int workers : {1, 2, 3}) {
    Options options;
    options.strategy = "exhaustive";
    options.executions = 1'000'000;
    options.workers = workers;
    options.suppressions = file;
    const Verdict verdict = search([] { EXPECT_NE(order_of_seven(), "6543210"); }, options);
    EXPECT_EQ(verdict.state, State::proved) << verdict.text;
    EXPECT_EQ(verdict.text.find("proved: all 5,040 executions of 8 threads;"), 0u) << verdict.text;
    EXPECT_NE(verdict.text.find(" (known)"), std::string::npos) << verdict.text;
    EXPECT_EQ(verdict.executions, 5'040u) << workers;
  }
  std::remove(file.c_str());
}

}  // namespace
}  // namespace racecourse
