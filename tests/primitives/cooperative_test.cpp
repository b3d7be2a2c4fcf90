// The contract of primitives/cooperative/cooperative.h: first with one thread and a clock that jumps, then, where calls
// are made outside, under all schedules that are tried.
#include <gtest/gtest.h>
#include <racecourse/primitives/cooperative/channel.h>
#include <racecourse/primitives/cooperative/event.h>
#include <racecourse/primitives/cooperative/first_of.h>
#include <racecourse/primitives/cooperative/generator.h>
#include <racecourse/primitives/cooperative/locked_across_await.h>
#include <racecourse/primitives/cooperative/loop.h>
#include <racecourse/primitives/cooperative/mutex.h>
#include <racecourse/primitives/cooperative/polling.h>
#include <racecourse/primitives/cooperative/unblocked.h>
#include <racecourse/tests/primitives/under_schedules.h>

#include <algorithm>
#include <chrono>
#include <latch>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace racecourse::cooperative {
namespace {

using namespace std::chrono_literals;

Generator<int> squares(int n) {
  for (int i = 1; i <= n; i++) co_yield i* i;
}
Generator<std::unique_ptr<int>> pointers() {
  co_yield std::make_unique<int>(1);
  throw std::runtime_error("no more");
}

TEST(Generator, RunsOnlyWhenAsked) {
  Generator<int> two = squares(2);
  EXPECT_EQ(two.next(), 1);
  EXPECT_EQ(two.next(), 4);
  EXPECT_EQ(two.next(), std::nullopt);
  EXPECT_EQ(two.next(), std::nullopt);
}

TEST(Generator, IsARange) {
  int sum = 0;
  for (const int square : squares(3)) sum += square;
  EXPECT_EQ(sum, 14);
  Generator<int> left_alone = squares(5);
  left_alone.next();
}

TEST(Generator, HandsOutWhatCanOnlyBeMovedAndThrows) {
  Generator<std::unique_ptr<int>> all = pointers();
  EXPECT_EQ(**all.next(), 1);
  EXPECT_THROW(all.next(), std::runtime_error);
  EXPECT_EQ(all.next(), std::nullopt);
}

Task say(Loop& loop, std::string& said, std::string letters) {
  for (const char letter : letters) {
    said += letter;
    co_await loop.yield();
  }
}
Task sleep_then_say(Loop& loop, std::string& said, std::chrono::milliseconds time, char letter) {
  co_await loop.sleep_for(time);
  said += letter;
}

TEST(Loop, LetsReadyTasksTakeTurns) {
  std::string said;
  Loop loop;
  loop.spawn(say(loop, said, "ad"));
  loop.spawn(say(loop, said, "beg"));
  loop.spawn(say(loop, said, "cfhi"));
  loop.run();
  EXPECT_EQ(said, "abcdefghi");
}

TEST(Loop, WakesSleepersInTheOrderOfTheirTimes) {
  std::string said;
  Loop loop(Time::skipped);
  const auto before = loop.now();
  loop.spawn(sleep_then_say(loop, said, 2h, 'c'));
  loop.spawn(sleep_then_say(loop, said, 1h, 'a'));
  loop.spawn(sleep_then_say(loop, said, 2h, 'd'));
  loop.spawn(sleep_then_say(loop, said, 1h, 'b'));
  loop.run();
  EXPECT_EQ(said, "abcd");
  EXPECT_GE(loop.now() - before, 2h);
}

Task sleep_for_ever(Loop& loop, std::string& said) {
  co_await loop.sleep_for(std::chrono::hours::max());
  said += 'z';
}

TEST(Loop, SleepsPracticallyForEver) {
  std::string said;
  Loop loop(Time::skipped);
  loop.spawn(sleep_for_ever(loop, said));
  loop.spawn(sleep_then_say(loop, said, 1h, 'a'));
  loop.run();
  EXPECT_EQ(said, "az");
}

TEST(Loop, SleepsInRealTime) {
  std::string said;
  Loop loop;
  const auto before = std::chrono::steady_clock::now();
  loop.spawn(sleep_then_say(loop, said, 5ms, 'a'));
  loop.run();
  EXPECT_GE(std::chrono::steady_clock::now() - before, 5ms);
}

Task fail_after_a_turn(Loop& loop) {
  co_await loop.yield();
  throw std::runtime_error("no such page");
}
Task call(Loop& loop, std::string& said) {
  co_await say(loop, said, "xy");
  said += 'z';
  try {
    co_await fail_after_a_turn(loop);
  } catch (const std::runtime_error& error) {
    said += error.what();
  }
}

TEST(Task, AwaitsAnother) {
  std::string said;
  Loop loop;
  loop.spawn(call(loop, said));
  loop.run();
  EXPECT_EQ(said, "xyzno such page");
}

TEST(Task, DoesNotBeginByItself) {
  std::string said;
  Loop loop;
  { const Task never = say(loop, said, "a"); }
  loop.run();
  EXPECT_EQ(said, "");
}

Task join(Spawned other, std::string& said) {
  try {
    co_await other.join();
    said += "joined";
  } catch (const std::runtime_error& error) {
    said += error.what();
  }
}
Task spawn_and_join(Loop& loop, std::string& said) {
  const Spawned other = loop.spawn(say(loop, said, "ab"));
  EXPECT_FALSE(other.done());
  co_await other.join();
  EXPECT_TRUE(other.done());
  co_await other.join();  // at once
  said += 'c';
}

TEST(Loop, JoinsASpawnedTask) {
  std::string said;
  Loop loop;
  loop.spawn(spawn_and_join(loop, said));
  loop.run();
  EXPECT_EQ(said, "abc");
}

TEST(Loop, HandsAnExceptionToWhoJoins) {
  std::string said;
  Loop loop;
  loop.spawn(join(loop.spawn(fail_after_a_turn(loop)), said));
  loop.run();
  EXPECT_EQ(said, "no such page");
}

TEST(Loop, ThrowsAnExceptionThatNobodyJoined) {
  std::string said;
  Loop loop;
  loop.spawn(fail_after_a_turn(loop));
  loop.spawn(say(loop, said, "abc"));
  EXPECT_THROW(loop.run(), std::runtime_error);
  EXPECT_EQ(said, "abc");  // the others have run to their ends
  loop.run();
}

Task wait_for(Event& event, std::string& said, [[maybe_unused]] std::shared_ptr<int> held = nullptr) {
  co_await event.wait();
  said += 'w';
}
Task set(Loop& loop, Event& event, std::string& said) {
  co_await loop.yield();
  said += 's';
  event.set();
}

TEST(Loop, RefusesToWaitForNobody) {
  std::string said;
  auto held = std::make_shared<int>(0);
  Loop loop;
  Event event(loop);
  loop.spawn(wait_for(event, said, held));
  EXPECT_THROW(loop.run(), std::logic_error);
  EXPECT_EQ(held.use_count(), 1);  // the task is gone, and what it held
  loop.spawn(say(loop, said, "a"));
  loop.run();
  EXPECT_EQ(said, "a");
}

TEST(Event, WakesAllThatWaitAndStaysSet) {
  std::string said;
  Loop loop;
  Event event(loop);
  loop.spawn(wait_for(event, said));
  loop.spawn(wait_for(event, said));
  loop.spawn(set(loop, event, said));
  loop.run();
  loop.spawn(wait_for(event, said));
  loop.run();
  EXPECT_EQ(said, "swww");
  event.clear();
  EXPECT_FALSE(event.is_set());
}

Task produce(Channel<std::unique_ptr<int>>& channel, int from, int to, std::size_t& fullest) {
  for (int i = from; i < to; i++) {
    co_await channel.put(std::make_unique<int>(i));
    fullest = std::max(fullest, channel.size());
  }
}
Task consume(Channel<std::unique_ptr<int>>& channel, std::vector<int>& got, int count) {
  for (int i = 0; i < count; i++) {
    const std::unique_ptr<int> item = co_await channel.get();
    got.push_back(*item);
  }
}

TEST(Channel, IsFirstInFirstOutAndBounded) {
  std::vector<int> got;
  std::size_t fullest = 0;
  Loop loop;
  Channel<std::unique_ptr<int>> channel(loop, 2);
  loop.spawn(produce(channel, 0, 5, fullest));
  loop.spawn(consume(channel, got, 5));
  loop.run();
  EXPECT_EQ(got, (std::vector{0, 1, 2, 3, 4}));
  EXPECT_EQ(fullest, 2U);
}

TEST(Channel, LosesNothingBetweenMany) {
  std::vector<int> got;
  std::size_t fullest = 0;
  Loop loop;
  Channel<std::unique_ptr<int>> channel(loop, 1);
  loop.spawn(consume(channel, got, 4));
  loop.spawn(consume(channel, got, 2));
  loop.spawn(produce(channel, 0, 3, fullest));
  loop.spawn(produce(channel, 3, 6, fullest));
  loop.run();
  std::sort(got.begin(), got.end());
  EXPECT_EQ(got, (std::vector{0, 1, 2, 3, 4, 5}));
}

Task hold(Loop& loop, Mutex& mutex, std::string& said, char letter) {
  const Mutex::Guard guard = co_await mutex.lock();
  said += letter;
  co_await loop.sleep_for(1ms);
  said += letter;
}

TEST(CooperativeMutex, IsHeldAcrossAWaitAndHandedOnInOrder) {
  std::string said;
  Loop loop(Time::skipped);
  Mutex mutex(loop);
  for (const char letter : {'a', 'b', 'c'}) loop.spawn(hold(loop, mutex, said, letter));
  loop.run();
  EXPECT_EQ(said, "aabbcc");
}

Task look_three_times(Loop& loop, int& looks) {
  co_await wait_until(loop, [&] { return ++looks == 3; });
}

TEST(Polling, AsksUntilItIsSo) {
  int looks = 0;
  Loop loop;
  loop.spawn(look_three_times(loop, looks));
  loop.run();
  EXPECT_EQ(looks, 3);
}

Task call_outside(Loop& loop, std::string& said) {
  auto fetch = [] { return std::make_unique<int>(42); };
  const std::unique_ptr<int> fetched = co_await Unblocked(loop, fetch);
  said += std::to_string(*fetched);
  auto fail = [] { throw std::runtime_error("no"); };
  try {
    co_await Unblocked(loop, fail);
  } catch (const std::runtime_error& error) {
    said += error.what();
  }
}

TEST(Unblocked, BringsBackTheResultOrTheException) {
  under_schedules([] {
    std::string said;
    Loop loop;
    loop.spawn(call_outside(loop, said));
    loop.run();
    EXPECT_EQ(said, "42no");
  });
}

Task ask_two(Loop& loop, int& answer) {
  auto first = [] { return 1; };
  auto second = []() -> int { throw std::runtime_error("no"); };
  try {
    answer = co_await FirstOf(loop, first, second);
  } catch (const std::runtime_error&) {
    answer = 2;
  }
}

TEST(FirstOf, TakesTheFasterOne) {
  under_schedules([] {
    int answer = 0;
    {
      Loop loop;
      loop.spawn(ask_two(loop, answer));
      loop.run();
    }
    EXPECT_TRUE(answer == 1 || answer == 2);
    racecourse::outcome(std::to_string(answer));
  });
}

struct Parked {
  Handle* handle;
  std::latch& there;
  bool await_ready() const { return false; }
  void await_suspend(Handle waiting) const {
    *handle = waiting;
    there.count_down();
  }
  void await_resume() const {}
};
Task park(Handle& handle, std::latch& there, const int& parcel, int& seen) {
  co_await Parked{&handle, there};
  seen = parcel;
}
Task wait_a_moment(Loop& loop) { co_await loop.sleep_for(1ms); }

// What a thread did before post() is seen by the task.
TEST(Loop, TakesPostsFromOtherThreads) {
  under_schedules([] {
    int parcel = 0, seen = 0;
    Handle handle;
    std::latch there(1);
    Loop loop;
    loop.run_outside([&] {
      there.wait();
      parcel = 42;
      loop.post(handle);
    });
    loop.spawn(park(handle, there, parcel, seen));
    loop.spawn(wait_a_moment(loop));
    loop.run();
    EXPECT_EQ(seen, 42);
  });
}

TEST(LockedAcrossAwait, LosesNoDeposit) {
  Loop loop(Time::skipped);
  LockedAcrossAwait balance(loop, 1000);
  for (int i = 0; i < 10; i++) loop.spawn(balance.deposit(i));
  loop.run();
  EXPECT_EQ(balance.balance(), 1045);
}

}  // namespace
}  // namespace racecourse::cooperative
