// A caller as the scheduler: where threads stand, what they do next, and how far a bug is.
#include <racecourse/checkers/schedule/schedule.h>
#include <racecourse/checkers/steer.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "support.h"

namespace racecourse {
namespace {

using testing_support::keep_both_updates;
using testing_support::summary;

std::vector<Turn> turns(std::initializer_list<int> threads) {
  std::vector<Turn> list;
  for (const int thread : threads) list.push_back({thread});
  return list;
}

// By number, of those that may be chosen.
std::vector<int> options(const Position& position) {
  std::vector<int> threads;
  for (const Stand& stand : position.threads) {
    if (stand.can_go()) threads.push_back(stand.thread);
  }
  return threads;
}

std::string text(const Position& position) {
  std::string all;
  for (const Step& step : position.steps) all += "T" + std::to_string(step.thread) + " " + step.what + "; ";
  return all;
}

std::string value_of(const Position& position, const std::string& name) {
  for (const Variable& variable : position.variables) {
    if (variable.name == name) return variable.value;
  }
  return "not shown";
}

std::string kind_of(const Position& position) { return position.finding ? to_string(position.finding->kind) : "none"; }

// Ends at 1 instead of 2 if one thread runs between the other's load and store.
void lose_an_update() {
  std::atomic<int> counter{0};
  const auto increment = [&] {
    const int old = counter.load();
    counter.store(old + 1);
  };
  std::thread other(increment);
  increment();
  other.join();
  EXPECT_EQ(counter.load(), 2);
}

void overdraw() {
  int balance = 1000;
  std::atomic<int> paid{0};
  const auto withdraw = [&] {
    if (balance < 800) return;
    ++paid;  // and the compiler reads the balance again
    balance -= 800;
  };
  std::thread other(withdraw);
  withdraw();
  other.join();
  EXPECT_GE(balance, 0);
}

void cross_over() {
  std::mutex a, b;
  std::thread other([&] {
    std::scoped_lock first(b);
    std::scoped_lock second(a);
  });
  {
    std::scoped_lock first(a);
    std::scoped_lock second(b);
  }
  other.join();
}

TEST(Steer, AsksWhereTwoCanGoOn) {
  Steering steering(lose_an_update);
  const Position position = steering.after({});
  EXPECT_FALSE(position.over);
  EXPECT_EQ(options(position), (std::vector<int>{0, 1}));
  EXPECT_EQ(position.problem, "");
  ASSERT_EQ(position.threads.size(), 2u);
  EXPECT_EQ(position.threads[0].next, "load  counter -> 0");
  EXPECT_EQ(position.threads[1].next, "load  counter -> 0");
  EXPECT_EQ(position.threads[1].code, "const int old = counter.load();");
  EXPECT_NE(position.threads[1].where.find("steer_test.cpp:"), std::string::npos) << position.threads[1].where;
}

TEST(Steer, LeadsToTheBug) {
  Steering steering(lose_an_update);
  const Position position = steering.run_on(turns({0, 1, 0, 1}));
  ASSERT_EQ(kind_of(position), "assertion") << text(position);
  EXPECT_TRUE(position.over);
  EXPECT_NE(position.finding->picture.find("load"), std::string::npos);
  Options replay;
  replay.token = position.token;
  EXPECT_EQ(summary(search(lose_an_update, replay)), "failed: assertion");
}

TEST(Steer, LeadsPastTheBug) {
  Steering steering(lose_an_update);
  const Position half = steering.after(turns({0, 0}));
  EXPECT_EQ(value_of(half, "counter"), "1") << text(half);
  const Position end = steering.run_on(turns({0, 0}));
  EXPECT_TRUE(end.over);
  EXPECT_EQ(kind_of(end), "none");
}

TEST(Steer, TheSameTurnsLeadToTheSamePosition) {
  Steering steering(lose_an_update);
  const Position once = steering.after(turns({1, 0}));
  steering.after(turns({1, 0, 0}));
  Steering again(lose_an_update);
  const Position later = again.after(turns({1, 0}));
  EXPECT_EQ(text(once), text(later));
  EXPECT_EQ(once.token, later.token);
  EXPECT_EQ(once.threads[0].next, later.threads[0].next);
}

TEST(Steer, PlainAccessesThatRaceAreSteps) {
  Steering steering(overdraw);
  EXPECT_EQ(steering.after({}).threads[1].next, "read  balance -> 1000");
  const Position both_have_looked = steering.after(turns({0, 1}));
  EXPECT_EQ(value_of(both_have_looked, "balance"), "1000");
  const Position end = steering.run_on(turns({0, 1}));
  EXPECT_EQ(kind_of(end), "assertion") << text(end);
}

TEST(Steer, ARaceIsNotTheEnd) {
  Steering steering(overdraw);
  const Position position = steering.after(turns({0, 1, 0, 0, 0}));  // looks, looks, pays, and subtracts
  EXPECT_EQ(kind_of(position), "data-race") << text(position);
  EXPECT_FALSE(position.over);
}

TEST(Steer, TellsWhoWaitsForWhat) {
  Steering steering(cross_over);
  std::vector<Turn> taken;
  Position position = steering.after(taken);
  // Each takes its first lock; then one finds the other's taken.
  for (const int thread : {0, 1, 0}) {
    taken.push_back({thread});
    position = steering.after(taken);
  }
  EXPECT_EQ(position.threads[0].is, Stand::Is::waiting) << text(position);
  EXPECT_EQ(position.threads[0].next, "waits for b, held by T1");
  EXPECT_EQ(value_of(position, "a"), "held by T0");
  EXPECT_EQ(kind_of(position), "deadlock") << "only one was left to go on";
}

TEST(Steer, SaysWhatCannotBe) {
  Steering steering(lose_an_update);
  EXPECT_EQ(steering.after(turns({7})).problem, "there is no T7");
  EXPECT_EQ(steering.after(turns({-1})).problem, "there is no T-1");
  const Position ended = steering.after(turns({0, 0, 0}));
  EXPECT_TRUE(ended.over || !ended.problem.empty() || options(ended).size() > 1) << text(ended);
  const Position stopped = steering.after(turns({0, 7}));
  EXPECT_EQ(options(stopped), (std::vector<int>{0, 1})) << "the turn that fits was taken";
}

TEST(Steer, ASleeperCanBeWoken) {
  Steering steering([] {
    std::atomic<int> value{0};
    std::thread other([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      ++value;
    });
    ++value;
    ++value;
    other.join();
  });
  std::vector<Turn> taken{{1}};
  Position position = steering.after(taken);
  ASSERT_EQ(position.threads[1].is, Stand::Is::timed) << text(position);
  EXPECT_EQ(position.threads[1].next, "sleeps");
  taken.push_back({1});
  position = steering.after(taken);
  EXPECT_EQ(position.threads[1].is, Stand::Is::able) << text(position);
}

TEST(Steer, WhoIsWokenIsAsked) {
  Steering steering([] {
    std::mutex mutex;
    std::condition_variable ready;
    int tickets = 0;
    const auto take = [&] {
      std::unique_lock lock(mutex);
      ready.wait(lock, [&] { return tickets > 0; });
      --tickets;
    };
    std::thread first(take), second(take);
    for (int i = 0; i < 2; ++i) {
      std::scoped_lock lock(mutex);
      ++tickets;
      ready.notify_one();
    }
    first.join();
    second.join();
  });
  // Both fall asleep; then T0 alone is left, and comes to its notify_one() by itself.
  std::vector<Turn> taken;
  Position position = steering.after(taken);
  const auto asking = [&] {
    return std::ranges::find_if(position.threads, [](const Stand& stand) { return stand.alternatives > 1; });
  };
  while (asking() == position.threads.end() && !position.over && taken.size() < 50) {
    taken.push_back({position.threads.size() < 3 ? 0 : options(position).back()});
    position = steering.after(taken);
  }
  ASSERT_NE(asking(), position.threads.end()) << text(position);
  EXPECT_EQ(asking()->alternatives, 2u);
  const int thread = asking()->thread;
  taken.push_back({thread, 0});
  const Position first = steering.after(taken);
  taken.back().answer = 1;
  const Position second = steering.after(taken);
  ASSERT_EQ(first.threads.size(), 3u);
  EXPECT_NE(first.threads[1].is, second.threads[1].is) << text(first) << "\n" << text(second);
}

// Hint after hint, from wherever the player is.
Position follow_hints(Steering& steering, const std::string& token, std::vector<Turn> taken) {
  Position position = steering.after(taken);
  for (int i = 0; i < 100 && !position.over; ++i) {
    const auto hint = steering.toward(token, taken);
    if (!hint) break;
    taken.resize(taken.size() - hint->undo);
    taken.push_back(hint->next);
    position = steering.after(taken);
    EXPECT_EQ(position.problem, "");
  }
  return position;
}

TEST(Steer, HintsLeadToTheBug) {
  for (const auto& [body, kind] :
       {std::pair{+[] { lose_an_update(); }, "assertion"}, std::pair{+[] { overdraw(); }, "assertion"},
        std::pair{+[] { cross_over(); }, "deadlock"}}) {
    const Verdict found = search(body);
    ASSERT_TRUE(found.finding) << found.text;
    Steering steering(body);
    EXPECT_EQ(kind_of(follow_hints(steering, found.finding->token, {})), kind);
    // One who has strayed is led back.
    EXPECT_EQ(kind_of(follow_hints(steering, found.finding->token, turns({1, 1}))), kind);
  }
}

TEST(Steer, HintsNeedABug) {
  const Verdict found = search(lose_an_update);
  Steering steering(keep_both_updates);
  EXPECT_FALSE(steering.toward(found.finding->token, {}));
  EXPECT_THROW(steering.toward("r1:nonsense", {}), schedule::BadToken);
}

TEST(Steer, BadOptionsAreRefused) {
  Options bad;
  bad.max_steps = 0;
  EXPECT_THROW(Steering([] {}, bad), std::invalid_argument);
}

// The second Steering finds the heap as the first one did, and so does a search after both.
TEST(Steer, LeavesNothingBehind) {
  const std::string before = summary(search(lose_an_update));
  { Steering steering(lose_an_update); }
  EXPECT_EQ(summary(search(lose_an_update)), before);
}

}  // namespace
}  // namespace racecourse
