// The contract of primitives/pool/pool.h: first alone, then under all schedules that are tried.
#include <gtest/gtest.h>
#include <racecourse/primitives/pool/as_completed.h>
#include <racecourse/primitives/pool/fixed.h>
#include <racecourse/primitives/pool/helping.h>
#include <racecourse/tests/primitives/under_schedules.h>

#include <chrono>
#include <functional>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace racecourse::pool {
namespace {

using namespace std::chrono_literals;

std::string what(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& exception) {
    return exception.what();
  }
}

// Keeps the only worker of a pool busy, so that what is submitted next stays in the queue.
class Busy {
 public:
  explicit Busy(Fixed& pool) {
    std::latch begun(1);
    pool.submit([this, &begun] {
      begun.count_down();
      over_.wait();
    });
    begun.wait();
  }
  void end() { over_.count_down(); }

 private:
  std::latch over_{1};
};

TEST(Pool, HandsBackResults) {
  Fixed pool(2);
  Future<int> one = pool.submit([] { return 1; });
  Future<std::string> text =
      pool.submit([](const std::string& word, int n) { return word + std::to_string(n); }, "x", 2);
  EXPECT_EQ(one.result(), 1);
  EXPECT_EQ(one.result(), 1);  // as often as one likes
  EXPECT_EQ(text.result(), "x2");
  EXPECT_FALSE(text.exception());
}

TEST(Pool, TakesWhatCanOnlyBeMoved) {
  Fixed pool(1);
  auto number = std::make_unique<int>(20);
  auto doubled = pool.submit(
      [number = std::move(number)](std::unique_ptr<int> more) { return std::make_unique<int>(2 * *number + *more); },
      std::make_unique<int>(2));
  EXPECT_EQ(*doubled.result(), 42);  // looks at it
  const std::unique_ptr<int> mine = std::move(doubled).result();
  EXPECT_EQ(*mine, 42);
}

TEST(Pool, LendsWithRef) {
  int count = 0;
  Fixed pool(1);
  pool.submit([](int& n) { n++; }, std::ref(count)).result();
  EXPECT_EQ(count, 1);
}

TEST(Pool, ThrowsTheTasksExceptionAtWhoeverAsks) {
  Fixed pool(1);
  auto failing = pool.submit([]() -> int { throw std::runtime_error("no such page"); });
  EXPECT_THROW(failing.result(), std::runtime_error);
  EXPECT_THROW(failing.result(), std::runtime_error);
  EXPECT_EQ(what(failing.exception()), "no such page");
  EXPECT_EQ(pool.submit([] { return 1; }).result(), 1);  // the worker has survived
}

TEST(Pool, MapsInTheOrderOfTheRange) {
  Fixed pool(3);
  auto slow_first = [](int x) {
    std::this_thread::sleep_for(std::chrono::milliseconds(3 - x));
    return x * x;
  };
  EXPECT_EQ(pool.map(slow_first, std::vector{1, 2, 3}), (std::vector{1, 4, 9}));
  EXPECT_EQ(pool.map(slow_first, std::vector<int>()), std::vector<int>());
  auto fails_at_two = [](int x) { return x == 2 ? throw std::runtime_error("two") : x; };
  EXPECT_THROW(pool.map(fails_at_two, std::vector{1, 2, 3}), std::runtime_error);
  std::vector<int> seen(3);
  pool.map([&](int x) { seen[x] = x; }, std::vector{0, 1, 2});
  EXPECT_EQ(seen, (std::vector{0, 1, 2}));
}

TEST(Pool, CallsOneOfTwoCallbacks) {
  int value = 0;
  std::string error;
  bool done = false;
  {
    Fixed pool(1);
    auto fail = [&](const std::exception_ptr& thrown) { error += what(thrown); };
    pool.apply_async([] { return 42; }, [&](int result) { value = result; }, fail);
    pool.apply_async([]() -> int { throw std::runtime_error("no"); }, [&](int) { value = -1; }, fail);
    pool.apply_async([] {}, [&] { done = true; }, fail);
  }
  EXPECT_EQ(value, 42);
  EXPECT_EQ(error, "no");
  EXPECT_TRUE(done);
}

TEST(Pool, RefusesWhatItCannotKeep) {
  EXPECT_THROW(Fixed(0), std::invalid_argument);
  Fixed pool(1);
  EXPECT_THROW(pool.join(), std::logic_error);
  EXPECT_EQ(pool.submit([] { return 1; }).result(), 1);  // nothing has changed
  pool.close();
  pool.close();
  EXPECT_THROW(pool.submit([] {}), std::logic_error);
  pool.join();
  pool.join();
  pool.shutdown();
}

TEST(Pool, RunsWhatIsQueuedAtTheShutdown) {
  int ran = 0;
  {
    Fixed pool(1);
    Busy busy(pool);
    pool.submit([&] { ran++; });
    pool.submit([&] { ran++; });
    pool.shutdown({.wait = false});
    EXPECT_THROW(pool.submit([] {}), std::logic_error);
    busy.end();
    pool.join();
  }
  EXPECT_EQ(ran, 2);
}

TEST(Pool, CancelsWhatIsQueuedIfTold) {
  bool ran = false, told = false;
  Fixed pool(1);
  Busy busy(pool);
  auto queued = pool.submit([&] { ran = true; });
  queued.on_done([&](const Future<void>&) { told = true; });
  pool.shutdown({.wait = false, .cancel_pending = true});
  EXPECT_TRUE(queued.done());
  EXPECT_TRUE(told);
  EXPECT_THROW(queued.result(), Cancelled);
  EXPECT_THROW(queued.exception(), Cancelled);
  busy.end();
  pool.join();
  EXPECT_FALSE(ran);
}

TEST(Pool, CancelsOneThatHasNotBegun) {
  Fixed pool(1);
  Busy busy(pool);
  auto queued = pool.submit([] { return 1; });
  EXPECT_FALSE(queued.done());
  EXPECT_FALSE(queued.wait_for(0ms));
  EXPECT_TRUE(queued.cancel());
  EXPECT_FALSE(queued.cancel());
  EXPECT_TRUE(queued.done());
  busy.end();
  auto next = pool.submit([] { return 2; });
  EXPECT_EQ(next.result(), 2);
  EXPECT_FALSE(next.cancel());
}

// A captured object must not outlive the moment at which the result is there.
TEST(Pool, LetsGoOfTheTaskBeforeTheResultIsThere) {
  Fixed pool(1);
  auto lent = std::make_shared<int>(1);
  pool.submit([lent] { return *lent; }).result();
  EXPECT_EQ(lent.use_count(), 1);
}

TEST(Future, WaitsPracticallyForEver) {
  Fixed pool(1);
  const auto slow = pool.submit([] { std::this_thread::sleep_for(5ms); });
  EXPECT_FALSE(slow.wait_for(-1h));
  EXPECT_TRUE(slow.wait_for(std::chrono::hours::max()));
}

TEST(AsCompleted, GivesEachOnceAsItComes) {
  Fixed pool(1);
  Busy busy(pool);
  std::vector<Future<int>> futures;
  for (int i = 0; i < 3; i++) futures.push_back(pool.submit([i] { return i; }));
  futures[2].cancel();
  std::vector<int> order;
  auto arriving = as_completed(futures);
  busy.end();
  for (Future<int>& future : arriving) order.push_back(future.error_or_cancelled() ? -1 : future.result());
  EXPECT_EQ(order, (std::vector{-1, 0, 1}));
  EXPECT_FALSE(arriving.next());
}

TEST(Pool, ResolvesEveryFutureUnderAnySchedule) {
  under_schedules([] {
    std::vector<Future<int>> futures;
    {
      Fixed pool(2);
      for (int i = 0; i < 3; i++) futures.push_back(pool.submit([i] { return i; }));
    }
    for (int i = 0; i < 3; i++) EXPECT_EQ(futures[i].result(), i);
  });
}

TEST(Pool, CompletesInSomeOrderUnderAnySchedule) {
  under_schedules([] {
    Fixed pool(2);
    std::vector<Future<int>> futures;
    for (int i = 1; i <= 2; i++) futures.push_back(pool.submit([i] { return i; }));
    std::string order;
    for (Future<int>& future : as_completed(futures)) order += std::to_string(future.result());
    EXPECT_TRUE(order == "12" || order == "21") << order;
    racecourse::outcome(order);
  });
}

TEST(Pool, CallsBackOnceUnderAnySchedule) {
  under_schedules([] {
    int calls = 0;
    {
      Fixed pool(1);
      pool.submit([] { return 1; }).on_done([&](const Future<int>& future) { calls += future.result(); });
    }
    EXPECT_EQ(calls, 1);
  });
}

TEST(Pool, CanBeShutDownByTwoThreads) {
  under_schedules([] {
    Fixed pool(1);
    auto task = pool.submit([] { return 1; });
    std::thread other([&] { pool.shutdown(); });
    pool.shutdown({.cancel_pending = true});
    EXPECT_TRUE(task.done());
    other.join();
  });
}

TEST(HelpingWait, LetsOneWorkerRunAWholeTree) {
  under_schedules([] {
    Fixed pool(1);
    std::function<int(int)> leaves = [&](int depth) {
      if (depth == 0) return 1;
      auto left = pool.submit(leaves, depth - 1), right = pool.submit(leaves, depth - 1);
      return helping_wait(pool, left) + helping_wait(pool, right);
    };
    EXPECT_EQ(pool.submit(leaves, 2).result(), 4);
  });
}

}  // namespace
}  // namespace racecourse::pool
