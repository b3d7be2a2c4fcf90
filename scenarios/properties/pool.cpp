// Whatever a few threads hand to a pool, cancel, and close meanwhile: each task that was taken in is run once or
// cancelled, and its future says which (F1 to F3).
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/pool/fixed.h>
#include <racecourse/primitives/pool/helping.h>
#include <racecourse/scenarios/properties/any_schedule.h>
#include <racecourse/scenarios/properties/check_programs.h>
#include <racecourse/scenarios/properties/check_sequential.h>

#include <cassert>
#include <cstddef>
#include <deque>
#include <future>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace racecourse::catalogue {
namespace {

using pool::Fixed;
using pool::Future;
using property::Workload;

enum class Do { submit, submit_failing, submit_and_cancel, close };
void showValue(Do what, std::ostream& out) {
  switch (what) {
    case Do::submit:
      out << "pool.submit([] { return 1; })";
      break;
    case Do::submit_failing:
      out << "pool.submit([]() -> int { throw std::runtime_error(\"no\"); })";
      break;
    case Do::submit_and_cancel:
      out << "pool.submit([] { return 1; }).cancel()";
      break;
    case Do::close:
      out << "pool.close()";
  }
}

struct Handed {
  Future<int> future;
  std::unique_ptr<int> runs;
  bool cancelled = false;
};

// Nothing if the pool was closed already.
std::optional<Handed> hand_in(Fixed& pool, Do what) {
  auto runs = std::make_unique<int>(0);
  try {
    auto future = pool.submit([what, count = runs.get()] {
      ++*count;
      if (what == Do::submit_failing) throw std::runtime_error("no");
      return 1;
    });
    Handed handed{std::move(future), std::move(runs)};
    if (what == Do::submit_and_cancel) handed.cancelled = handed.future.cancel();
    return handed;
  } catch (const std::logic_error&) {
    return std::nullopt;
  }
}

bool ended_in_cancel(const Future<int>& future) {
  try {
    future.exception();
    return false;
  } catch (const pool::Cancelled&) {
    return true;
  }
}

void each_future_is_resolved_once(const Workload<Do>& workload) {
  std::vector<std::vector<Handed>> handed(workload.threads.size());  // one a thread, so that the check orders nothing
  {
    Fixed pool(2);
    property::run(workload, [&](std::size_t thread, Do what) {
      if (what == Do::close) {
        pool.close();
      } else if (std::optional<Handed> made = hand_in(pool, what)) {
        handed[thread].push_back(std::move(*made));
      }
    });
  }
  for (const auto& of_thread : handed) {
    for (const Handed& each : of_thread) {
      assert(each.future.done());
      assert(ended_in_cancel(each.future) == each.cancelled);
      assert(*each.runs == (each.cancelled ? 0 : 1));
    }
  }
}

// One thread is the pool's own: its worker is kept busy, and the tasks are run by run_one().
enum class Fate { pending, returned, threw, cancelled };
struct Queue {
  std::vector<Fate> fates;
  std::deque<std::size_t> waiting;  // cancelled ones too: a pool forgets them when their turn comes
  std::vector<bool> fails;
  bool closed = false;
};

struct Held {
  Held() {
    std::promise<void> begun;
    pool.submit([&begun, until = opened.get_future().share()] {
      begun.set_value();
      until.wait();
    });
    begun.get_future().wait();
  }
  ~Held() { opened.set_value(); }

  std::promise<void> opened;
  Fixed pool{1};
  std::vector<Future<int>> futures;
};

bool agree(const std::vector<Fate>& fates, const std::vector<Future<int>>& futures) {
  for (std::size_t i = 0; i < futures.size(); i++) {
    if (futures[i].done() != (fates[i] != Fate::pending)) return false;
    if (!futures[i].done()) continue;
    if (ended_in_cancel(futures[i]) != (fates[i] == Fate::cancelled)) return false;
    if (fates[i] == Fate::returned && futures[i].result() != static_cast<int>(i)) return false;
    if (fates[i] == Fate::threw && !futures[i].exception()) return false;
  }
  return true;
}

struct Submit : rc::state::Command<Queue, Held> {
  bool fails = *rc::gen::arbitrary<bool>();
  void apply(Queue& model) const override {
    if (model.closed) return;
    model.waiting.push_back(model.fates.size());
    model.fates.push_back(Fate::pending);
    model.fails.push_back(fails);
  }
  void run(const Queue& model, Held& held) const override {
    auto task = [fails = fails, number = static_cast<int>(held.futures.size())] {
      if (fails) throw std::runtime_error("no");
      return number;
    };
    if (model.closed) {
      RC_ASSERT_THROWS_AS(held.pool.submit(task), std::logic_error);
    } else {
      held.futures.push_back(held.pool.submit(task));
    }
  }
  void show(std::ostream& out) const override { out << "pool.submit(" << (fails ? "failing" : "returning") << ")"; }
};

struct Cancel : rc::state::Command<Queue, Held> {
  std::size_t number = *rc::gen::inRange<std::size_t>(0, 4);
  void checkPreconditions(const Queue& model) const override { RC_PRE(number < model.fates.size()); }
  void apply(Queue& model) const override {
    if (model.fates[number] == Fate::pending) model.fates[number] = Fate::cancelled;
  }
  void run(const Queue& model, Held& held) const override {
    RC_ASSERT(held.futures[number].cancel() == (model.fates[number] == Fate::pending));
  }
  void show(std::ostream& out) const override { out << "futures[" << number << "].cancel()"; }
};

struct RunOne : rc::state::Command<Queue, Held> {
  void apply(Queue& model) const override {
    if (model.waiting.empty()) return;
    const std::size_t first = model.waiting.front();
    model.waiting.pop_front();
    if (model.fates[first] == Fate::pending) model.fates[first] = model.fails[first] ? Fate::threw : Fate::returned;
  }
  void run(const Queue& model, Held& held) const override {
    RC_ASSERT(held.pool.run_one() == !model.waiting.empty());
    RC_ASSERT(agree(nextState(model).fates, held.futures));  // F5: it was the oldest
  }
  void show(std::ostream& out) const override { out << "pool.run_one()"; }
};

struct Close : rc::state::Command<Queue, Held> {
  void apply(Queue& model) const override { model.closed = true; }
  void run(const Queue&, Held& held) const override { held.pool.close(); }
  void show(std::ostream& out) const override { out << "pool.close()"; }
};

void pool_fixed(std::uint64_t seed) {
  check_sequential<Queue, Held, Submit, Cancel, RunOne, Close>("pool/fixed", seed);
  const auto what = rc::gen::weightedElement<Do>(
      {{3, Do::submit}, {2, Do::submit_failing}, {3, Do::submit_and_cancel}, {1, Do::close}});
  check_programs<Do>("pool/fixed", seed, property::workloads(what, {.most_threads = 3, .most_operations = 2}),
                     {"Pool", "EachFutureIsResolvedOnce", "racecourse::pool::Fixed pool(2);", "pool.shutdown();"},
                     each_future_is_resolved_once);
}

// A task that submits a task that submits a task, and so on, each waiting for its own.
int chain(Fixed& pool, int length) {
  if (length == 0) return 0;
  return 1 + pool::helping_wait(pool, pool.submit([&pool, length] { return chain(pool, length - 1); }));
}

struct Chain {
  int length;
};
void showValue(const Chain& chain, std::ostream& out) {
  out << "assert(chain(pool, " << chain.length << ") == " << chain.length << ")";
}

void all_chains_end(const Workload<Chain>& workload) {
  Fixed pool(1);
  property::run(workload, [&](const Chain& each) {
    auto length = pool.submit([&] { return chain(pool, each.length); });
    assert(length.result() == each.length);
  });
}

void pool_helping(std::uint64_t seed) {
  const auto chains = rc::gen::construct<Chain>(rc::gen::inRange(0, 4));
  check_programs<Chain>("pool/helping", seed, property::workloads(chains, {.most_threads = 3, .most_operations = 2}),
                        {"Pool", "AllChainsEnd", "racecourse::pool::Fixed pool(1);", "pool.shutdown();"},
                        all_chains_end);
}

const std::vector<Kind> kEndlessWaits = {Kind::lost_wakeup, Kind::partial_deadlock, Kind::non_termination};

const PropertyRegistration registrations[] = {
    any_schedule("pool", "fixed", finds_nothing(), {pool_fixed}),
    any_schedule("pool", "helping", finds_nothing(), {pool_helping}),
    any_schedule("pool", "submit_after_shutdown_lost", finds(Kind::deadlock, kEndlessWaits)),
    any_schedule("pool", "nested_submit_deadlock", finds(Kind::deadlock, kEndlessWaits)),
    any_schedule("pool", "exception_swallowed", finds(Kind::deadlock, kEndlessWaits)),
    any_schedule("pool", "join_without_close", finds(Kind::deadlock, kEndlessWaits)),
    any_schedule("pool", "shutdown_drops_queued", finds(Kind::assertion)),
    any_schedule("pool", "shutdown_wakes_one", finds(Kind::deadlock, kEndlessWaits)),
    any_schedule("pool", "cancelled_yet_run", finds(Kind::exception)),
};

}  // namespace
}  // namespace racecourse::catalogue
