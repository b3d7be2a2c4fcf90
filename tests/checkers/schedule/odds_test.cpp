// The odds of strategies that look at pending operations, on programs in the small: a thread is a list of operations
// that never block, and thread 0 does nothing but start the others, one after the other. Seeds are fixed.
#include <gtest/gtest.h>
#include <racecourse/checkers/schedule/experience.h>
#include <racecourse/checkers/schedule/strategy.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace racecourse::schedule {
namespace {

using Thread = std::vector<Pending>;
using Order = std::vector<int>;  // the thread of each step, without those of thread 0

Pending read(std::uint64_t object) { return {object, Access::read}; }
Pending write(std::uint64_t object) { return {object, Access::write}; }

// Where the code of the operation is: all threads that do the same are at the same place.
Place code_of(const Pending& pending) {
  return static_cast<Place>(2 * pending.object + (pending.access == Access::read ? 1 : 0));
}

// One execution of threads 1, 2, ...; it is noted what read from what.
Order run(Strategy& strategy, const std::vector<Thread>& threads, std::uint64_t execution, const Learnt& learnt) {
  std::map<std::uint64_t, Place> last_writer;
  Noted noted;
  noted.begin();
  strategy.begin(execution, 1, learnt);
  std::vector<std::size_t> at(threads.size() + 1);
  std::vector<Pending> pending(threads.size() + 1);
  std::vector<std::uint16_t> enabled = {0};
  pending[0] = {0, Access::start};
  Order order;
  int current = -1;
  Reason reason = Reason::started;
  while (!enabled.empty()) {
    if (Place* places = strategy.places())
      for (std::size_t thread = 0; thread < pending.size(); ++thread) places[thread] = code_of(pending[thread]);
    const Choice choice = strategy.choose({enabled, {}, current, reason == Reason::budget, reason, 0, pending});
    current = choice.thread;
    const auto chosen = static_cast<std::size_t>(current);
    reason = Reason::budget;
    for (std::uint32_t points = choice.points; points > 0 && reason == Reason::budget; --points) {
      ++at[chosen];
      if (current == 0) {
        strategy.started(static_cast<int>(at[0]), 0);
        enabled.push_back(static_cast<std::uint16_t>(at[0]));
        pending[at[0]] = threads[at[0] - 1][0];
      } else {
        order.push_back(current);
        const std::uint64_t object = pending[chosen].object;
        Place& writer = last_writer[object];
        if (pending[chosen].access == Access::read)
          noted.pairs.add({reader_at(code_of(pending[chosen]), object), writer, object});
        else
          writer = code_of(pending[chosen]);
      }
      if (at[chosen] == (current == 0 ? threads.size() : threads[chosen - 1].size())) {
        std::erase(enabled, static_cast<std::uint16_t>(current));
        reason = Reason::ended;
      } else if (current != 0) {
        pending[chosen] = threads[chosen - 1][at[chosen]];
      }
    }
  }
  const auto notes = std::make_unique<Notes>();
  notes->add(noted, strategy.number_of_turn(), &learnt.experience->known_pairs);
  learnt.experience->learn(*notes);
  return order;
}

// Runs executions as a search does: batches end at powers of two, and teach.
void search(const std::string& strategy, const std::vector<Thread>& threads, std::uint64_t executions,
            const std::function<void(const Order&)>& see) {
  const auto experience = std::make_unique<Experience>();
  Learnt learnt;
  learnt.experience = experience.get();
  const auto searching = make_strategy({strategy});
  for (std::uint64_t execution = 0; execution < executions; ++execution) {
    if ((execution & (execution - 1)) == 0) experience->reach_boundary();
    see(run(*searching, threads, execution, learnt));
  }
}

// How many of the executions bring the order about.
int times(const std::string& strategy, const std::vector<Thread>& threads, std::uint64_t executions,
          const std::function<bool(const Order&)>& wanted) {
  int count = 0;
  search(strategy, threads, executions, [&](const Order& order) { count += wanted(order); });
  return count;
}

// The last thread does 20 things of its own before it writes what the other writes at once. To come first it must win
// 21 draws against the one of the other: 1/22 under POS, and at most 2^-21 for a walk. Less for both, because the other
// may be through before the last has begun.
TEST(Pos, DoesNotCountWhatMeetsNobody) {
  Thread busy;
  for (std::uint64_t i = 0; i < 20; ++i) busy.push_back(write(1000 + 8 * i));
  busy.push_back(write(1));
  const std::vector<Thread> threads = {{write(1)}, busy};
  const auto busy_first = [](const Order& order) { return order.back() == 1; };
  const int found = times("pos", threads, 2200, busy_first);
  EXPECT_GT(found, 40);
  EXPECT_LT(found, 100);
  EXPECT_EQ(times("uniform", threads, 2200, busy_first), 0);
}

// Two threads of four and two accesses to one object: 15 interleavings, each as likely as any other once the counts are
// known. A walk prefers those in which the short thread ends early.
TEST(Surw, IsUniformOverTheInterleavings) {
  const std::vector<Thread> threads = {{write(1), write(1), write(1), write(1)}, {write(1), write(1)}};
  const auto chi_squared = [&](const std::string& strategy) {
    constexpr int kExecutions = 6000;
    std::map<Order, int> seen;
    search(strategy, threads, kExecutions, [&](const Order& order) { ++seen[order]; });
    EXPECT_EQ(seen.size(), 15u) << strategy;
    double sum = 0;
    for (const auto& [order, count] : seen) sum += std::pow(count - kExecutions / 15.0, 2) / (kExecutions / 15.0);
    return sum;
  };
  EXPECT_LT(chi_squared("surw"), 36);  // 14 degrees of freedom: passed by chance once in a thousand
  EXPECT_GT(chi_squared("uniform"), 1000);
}

// Every setter writes a, then b; the checker reads a, then b. It has to see one a and no b.
std::vector<Thread> reorder(std::size_t setters) {
  std::vector<Thread> threads(setters, {write(16), write(24)});
  threads.push_back({read(16), read(24)});
  return threads;
}
bool sees_only_a(const Order& order) {
  const int checker = *std::max_element(order.begin(), order.end());
  std::map<int, int> at;
  int as = 0, bs = 0;
  bool saw_a = false;
  for (const int thread : order) {
    const bool first = at[thread]++ == 0;
    if (thread != checker) {
      (first ? as : bs)++;
    } else if (first) {
      saw_a = as > 0;
    } else {
      return saw_a && bs == 0;
    }
  }
  return false;
}

// If the accesses to b are selected, the checker comes first among them with probability 1/21, and some setter has
// nearly always written a.
TEST(Surw, ReordersTwoWritesOfManySetters) {
  const int found = times("surw", reorder(20), 2000, sees_only_a);
  EXPECT_GT(found, 2000 / 2 / 21);
  EXPECT_LT(times("uniform", reorder(20), 2000, sees_only_a), found / 4);
}

// Two readers and two writers each, one of which is nobody: an execution that wishes for both readers has the right
// wishes with probability 1/4, whatever the number of setters.
TEST(Rff, WishesForTwoReadsOfManySetters) {
  for (const std::size_t setters : {20, 200}) EXPECT_GT(times("rff", reorder(setters), 800, sees_only_a), 800 / 16);
  EXPECT_EQ(times("pos", reorder(200), 800, sees_only_a), 0);
}

// A thread that starts others stands for them until it has: the accesses of grandchildren are expected of it.
TEST(Profile, CountsForAThreadAndForAllThatItStarted) {
  const auto profile = std::make_unique<Profile>();
  const ThreadName child = child_name(kBodyName, 1);
  EXPECT_NE(child, child_name(kBodyName, 2));
  EXPECT_NE(child, child_name(child, 1));
  profile->begin_execution();  // does not touch the object, and says nothing of it
  for (int execution = 0; execution < 2; ++execution) {
    profile->begin_execution();
    for (int i = 0; i < 2; ++i) profile->add(kBodyName, 64, 1, true);
    profile->add(kBodyName, 64, 1, false);
    if (execution == 0) profile->add(child, 64, 1, true);
  }
  profile->add(child, 64, 1, true);
  profile->add(child, 64, -1, true);  // was none after all
  EXPECT_EQ(profile->expected(kBodyName, 64), 3u);
  EXPECT_EQ(profile->expected(child, 64), 1u);
  EXPECT_EQ(profile->expected(child, 72), 0u);
  ASSERT_EQ(profile->entries().size(), 2u);
  EXPECT_EQ(profile->find(kBodyName, 64)->own, 4u);
  EXPECT_EQ(profile->find(kBodyName, 64)->family, 6u);
}

TEST(Profile, HasAnEnd) {
  const auto profile = std::make_unique<Profile>();
  profile->begin_execution();
  for (std::uint64_t object = 1; object <= Profile::kEntries + 5; ++object) profile->add(kBodyName, object, 1, true);
  EXPECT_EQ(profile->entries().size(), Profile::kEntries);
  EXPECT_EQ(profile->expected(kBodyName, Profile::kEntries), 1u);
  EXPECT_EQ(profile->expected(kBodyName, Profile::kEntries + 1), 0u);
}

}  // namespace
}  // namespace racecourse::schedule
