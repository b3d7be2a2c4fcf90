// Alone, tasks must run in exactly the order that a simple queue and a virtual clock predict (C2, C3). With calls that
// are made outside, whatever the threads do, every task comes to its end and no update is lost (C4, C5).
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/cooperative/first_of.h>
#include <racecourse/primitives/cooperative/locked_across_await.h>
#include <racecourse/primitives/cooperative/loop.h>
#include <racecourse/primitives/cooperative/no_await_between.h>
#include <racecourse/primitives/cooperative/polling.h>
#include <racecourse/primitives/cooperative/unblocked.h>
#include <racecourse/scenarios/properties/any_schedule.h>
#include <racecourse/scenarios/properties/check_programs.h>
#include <racecourse/scenarios/properties/check_sequential.h>

#include <cassert>
#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace racecourse::catalogue {
namespace {

using cooperative::Loop;
using cooperative::Task;
using property::Workload;

// What a task does, step by step: a number is a sleep of so many milliseconds, 0 a yield.
using Script = std::vector<int>;
using Trace = std::vector<std::pair<std::size_t, std::size_t>>;  // task and step

struct Scripts {
  std::vector<Script> spawned;  // since the last run
};

Trace predicted(const std::vector<Script>& scripts) {
  Trace trace;
  std::vector<std::size_t> at(scripts.size());
  std::deque<std::size_t> ready;
  for (std::size_t task = 0; task < scripts.size(); task++) ready.push_back(task);
  std::multimap<int, std::size_t> asleep;
  int now = 0;
  while (!ready.empty() || !asleep.empty()) {
    if (ready.empty()) {
      now = asleep.begin()->first;
      for (; !asleep.empty() && asleep.begin()->first == now; asleep.erase(asleep.begin())) {
        ready.push_back(asleep.begin()->second);
      }
    }
    const std::size_t task = ready.front();
    ready.pop_front();
    const std::size_t step = at[task]++;
    trace.emplace_back(task, step);
    if (step == scripts[task].size()) continue;
    if (const int pause = scripts[task][step]) {
      asleep.emplace(now + pause, task);
    } else {
      ready.push_back(task);
    }
  }
  return trace;
}

Task play(Loop& loop, Script script, std::size_t task, Trace& trace) {
  std::size_t step = 0;
  for (const int pause : script) {
    trace.emplace_back(task, step++);
    if (pause > 0) {
      co_await loop.sleep_for(std::chrono::milliseconds(pause));
    } else {
      co_await loop.yield();
    }
  }
  trace.emplace_back(task, step);
}

struct Stage {
  Trace trace;
  Loop loop{cooperative::Time::skipped};
};

struct SpawnScript : rc::state::Command<Scripts, Stage> {
  Script script =
      *rc::gen::resize(4, rc::gen::container<Script>(rc::gen::weightedElement<int>({{3, 0}, {1, 1}, {1, 2}, {1, 3}})));
  void apply(Scripts& model) const override { model.spawned.push_back(script); }
  void run(const Scripts& model, Stage& stage) const override {
    stage.loop.spawn(play(stage.loop, script, model.spawned.size(), stage.trace));
  }
  void show(std::ostream& out) const override { out << "loop.spawn(play(" << rc::toString(script) << "))"; }
};

struct Run : rc::state::Command<Scripts, Stage> {
  void apply(Scripts& model) const override { model.spawned.clear(); }
  void run(const Scripts& model, Stage& stage) const override {
    stage.loop.run();
    RC_ASSERT(stage.trace == predicted(model.spawned));
    stage.trace.clear();
  }
  void show(std::ostream& out) const override { out << "loop.run()"; }
};

void run_queue(std::uint64_t seed) {
  check_sequential<Scripts, Stage, SpawnScript, Run>("cooperative/run_queue", seed);
}

// Tasks that mix waits of all kinds, some in threads of their own.
enum class Step { yield, sleep, outside, first, deposit };
void showValue(Step step, std::ostream& out) {
  switch (step) {
    case Step::yield:
      out << "co_await loop.yield()";
      break;
    case Step::sleep:
      out << "co_await loop.sleep_for(1ms)";
      break;
    case Step::outside:
      out << "co_await Unblocked(loop, [] { return 1; })";
      break;
    case Step::first:
      out << "co_await FirstOf(loop, [] { return 1; }, [] { return 1; })";
      break;
    case Step::deposit:
      out << "co_await balance.deposit(1)";
  }
}

template <class Balance>
Task act(Loop& loop, Balance& balance, const std::vector<Step>& steps, int& done) {
  auto one = [] { return 1; };
  for (const Step step : steps) {
    if (step == Step::yield) co_await loop.yield();
    if (step == Step::sleep) {
      const auto until = loop.now() + std::chrono::milliseconds(1);
      co_await loop.sleep_for(std::chrono::milliseconds(1));
      assert(loop.now() >= until);  // C4: nothing else has woken it
    }
    if (step == Step::outside) {
      const int got = co_await cooperative::Unblocked(loop, one);
      assert(got == 1);
    }
    if (step == Step::first) {
      const int got = co_await cooperative::FirstOf(loop, one, one);
      assert(got == 1);
    }
    if (step == Step::deposit) co_await balance.deposit(1);
    done++;
  }
}

template <class Balance>
void all_come_to_their_ends(const Workload<Step>& workload) {
  int done = 0, steps = 0, deposits = 0;
  Loop loop;
  Balance balance(loop, 0);
  for (const auto& task : workload.threads) {
    loop.spawn(act(loop, balance, task, done));
    for (const Step step : task) steps++, deposits += step == Step::deposit;
  }
  loop.spawn(cooperative::wait_until(loop, [&] { return done == steps; }));
  loop.run();
  assert(done == steps);
  assert(balance.balance() == deposits);
}

// Each list is a task of one loop, not a thread, so what check_programs() would print as a test does not fit here.
template <class Balance>
void check_tasks(const char* name, std::uint64_t seed, std::initializer_list<std::pair<std::size_t, Step>> weights) {
  const auto steps = rc::gen::weightedElement<Step>(weights);
  try {
    property::check(name, {.seed = seed, .tests = kPrograms}, [&](const schedule::Schedule& schedule) {
      const auto workload = *property::workloads(steps, {.most_threads = 3});
      property::require_holds([&] { all_come_to_their_ends<Balance>(workload); }, schedule);
    });
  } catch (property::Falsified& falsified) {  // a token would replay the entry's body
    falsified.token.clear();
    falsified.finding.token.clear();
    throw;
  }
}

void polling(std::uint64_t seed) {
  check_tasks<cooperative::NoAwaitBetween>("cooperative/polling", seed, {{2, Step::yield}, {1, Step::sleep}});
}
void unblocked(std::uint64_t seed) {
  check_tasks<cooperative::NoAwaitBetween>("cooperative/unblocked", seed,
                                           {{1, Step::yield}, {1, Step::sleep}, {2, Step::outside}});
}
void first_of(std::uint64_t seed) {
  check_tasks<cooperative::NoAwaitBetween>("cooperative/first_of", seed,
                                           {{1, Step::yield}, {1, Step::sleep}, {2, Step::first}});
}
void locked_across_await(std::uint64_t seed) {
  check_tasks<cooperative::LockedAcrossAwait>("cooperative/locked_across_await", seed,
                                              {{1, Step::yield}, {1, Step::outside}, {3, Step::deposit}});
}
void no_await_between(std::uint64_t seed) {
  check_tasks<cooperative::NoAwaitBetween>("cooperative/no_await_between", seed,
                                           {{1, Step::yield}, {1, Step::outside}, {3, Step::deposit}});
}

const PropertyRegistration registrations[] = {
    any_schedule("cooperative", "run_queue", finds_nothing(), {run_queue}),
    any_schedule("cooperative", "polling", finds_nothing(), {polling}),
    any_schedule("cooperative", "unblocked", finds_nothing(), {unblocked}),
    any_schedule("cooperative", "first_of", finds_nothing(), {first_of}),
    any_schedule("cooperative", "locked_across_await", finds_nothing(), {locked_across_await}),
    any_schedule("cooperative", "no_await_between", finds_nothing(), {no_await_between}),
    any_schedule("cooperative", "never_yields", finds(Kind::assertion)),
    any_schedule("cooperative", "blocking_call_blocks_all",
                 finds(Kind::deadlock, {Kind::self_deadlock, Kind::lost_wakeup})),
    any_schedule("cooperative", "resumed_twice", finds(Kind::assertion, {Kind::data_race, Kind::signal})),
    any_schedule("cooperative", "atomic_assumption_broken_by_await", finds(Kind::assertion)),
};

}  // namespace
}  // namespace racecourse::catalogue
