// Known numbers of executions that take longer to reach: see systematic/counts_test.cpp.
#include <gtest/gtest.h>
#include <racecourse/checkers/explore.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

namespace racecourse {
namespace {

// An array of zeros; thread 0 looks for the last one from the end; thread i makes the i-th greater than the one before.
template <int kThreads>
void last_zero() {
  std::array<std::atomic<int>, kThreads + 1> a{};
  std::vector<std::thread> threads;
  threads.reserve(a.size());
  threads.emplace_back([&] {
    for (std::size_t i = kThreads; a[i].load() != 0;) i--;
  });
  for (std::size_t i = 1; i < a.size(); i++) threads.emplace_back([&a, i] { a[i] = a[i - 1].load() + 1; });
  for (std::thread& thread : threads) thread.join();
}

TEST(LongCounts, OfLastZero) {
  Options options;
  options.strategy = "exhaustive";
  options.executions = 200'000;
  const Verdict verdict = search(last_zero<15>, options);
  EXPECT_EQ(verdict.state, State::proved) << verdict.text;
  EXPECT_EQ(verdict.executions, 147'456u);
  EXPECT_EQ(verdict.text.find("proved: all 147,456 executions of 17 threads;"), 0u) << verdict.text;
}

}  // namespace
}  // namespace racecourse
