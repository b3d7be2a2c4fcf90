// Small random programs that nest locks: the default search, which predicts, says the same of each as the exhaustive
// one, which looks at all executions.
#include <gtest/gtest.h>
#include <racecourse/checkers/explore.h>

#include <array>
#include <atomic>
#include <memory>
#include <random>
#include <shared_mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace racecourse {
namespace {

constexpr int kLocks = 3, kFlags = 2;

enum class What { lock, lock_shared, try_lock, set, unless_set };

// Takes the lock, or tests the flag, and goes on inside; or sets the flag.
struct Step {
  What what;
  int object;
  std::vector<Step> inside;
};
using Program = std::vector<std::vector<Step>>;  // by thread

struct Objects {
  std::array<std::shared_mutex, kLocks> locks;
  std::array<std::atomic<int>, kFlags> flags{};

  void run(const std::vector<Step>& steps) {
    for (const Step& step : steps) run(step);
  }
  void run(const Step& step) {
    std::shared_mutex& lock = locks[static_cast<std::size_t>(step.object)];
    switch (step.what) {
      case What::lock: {
        std::unique_lock held(lock);
        return run(step.inside);
      }
      case What::lock_shared: {
        std::shared_lock held(lock);
        return run(step.inside);
      }
      case What::try_lock: {
        std::unique_lock held(lock, std::try_to_lock);
        if (held) run(step.inside);
        return;
      }
      case What::set:
        flags[static_cast<std::size_t>(step.object)] = 1;
        return;
      case What::unless_set:
        if (flags[static_cast<std::size_t>(step.object)] == 0) run(step.inside);
        return;
    }
  }
};

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  Program program() {
    Program program;
    const int threads = 2 + below(2);
    for (int i = 0; i < threads; i++) program.push_back(steps(0, threads == 2 ? 2 : 1));
    return program;
  }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  std::vector<Step> steps(unsigned held, int most) {
    std::vector<Step> result;
    for (int i = 1 + below(most); i > 0; i--) result.push_back(step(held));
    return result;
  }
  Step step(unsigned held) {
    const int kind = below(10);
    if (kind == 0) return {What::set, below(kFlags), {}};
    if (kind == 1) return {What::unless_set, below(kFlags), steps_or_none(held)};
    int lock = below(kLocks);
    while (held >> lock & 1) lock = (lock + 1) % kLocks;
    const What what = kind == 2 ? What::try_lock : kind <= 4 ? What::lock_shared : What::lock;
    return {what, lock, steps_or_none(held | 1u << lock)};
  }
  std::vector<Step> steps_or_none(unsigned held) {
    const bool all_held = held == (1u << kLocks) - 1;
    return all_held || below(5) == 0 ? std::vector<Step>{} : steps(held, 1);
  }

  std::mt19937 random_;
};

void describe(const std::vector<Step>& steps, std::ostream& out) {
  constexpr const char* kNames[] = {"lock", "lock_shared", "try_lock", "set", "unless_set"};
  for (const Step& step : steps) {
    out << kNames[static_cast<int>(step.what)] << ' ' << step.object << " { ";
    describe(step.inside, out);
    out << "} ";
  }
}
std::string described(const Program& program) {
  std::ostringstream out;
  for (const auto& thread : program) {
    out << "\n  ";
    describe(thread, out);
  }
  return out.str();
}

void run(const Program& program) {
  Objects objects;
  std::vector<std::thread> threads;
  for (const auto& steps : program) threads.emplace_back([&] { objects.run(steps); });
  for (std::thread& thread : threads) thread.join();
}

TEST(LockOrder, RandomProgramsAreJudgedAsByAnExhaustiveSearch) {
  constexpr unsigned kPrograms = 60;
  int deadlocks = 0, predicted = 0;
  for (unsigned seed = 1; seed <= kPrograms; seed++) {
    const Program program = Generator(seed).program();
    Options options;
    options.strategy = "exhaustive";
    options.executions = 20'000;
    const Verdict all = search([&] { run(program); }, options);
    options.strategy = "default";
    options.executions = 400;
    const Verdict some = search([&] { run(program); }, options);
    SCOPED_TRACE("program " + std::to_string(seed) + ":" + described(program) + "\n" + all.text + "\n" + some.text);
    if (all.state == State::proved) {
      EXPECT_EQ(some.state, State::not_found);
    }
    if (all.state != State::failed) continue;
    deadlocks++;
    ASSERT_EQ(some.state, State::failed);
    EXPECT_STREQ(to_string(some.finding->kind), "deadlock");
    predicted += some.text.find("predicted") != std::string::npos;
  }
  EXPECT_GE(deadlocks, 5);
  EXPECT_GE(predicted, deadlocks / 2);
}

}  // namespace
}  // namespace racecourse
