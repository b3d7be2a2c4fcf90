// Whatever a few threads, each with a handle of its own, put and get: nothing is lost or doubled (Q2), items of one
// producer come in order (Q1), and join() is right (Q6), even if some die in the middle of a put (Q7).
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/process_queue/robust.h>
#include <racecourse/scenarios/primitives/worlds.h>
#include <racecourse/scenarios/properties/any_schedule.h>
#include <racecourse/scenarios/properties/check_programs.h>
#include <racecourse/scenarios/properties/check_sequential.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <deque>
#include <ostream>
#include <stdexcept>
#include <vector>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;
using property::Workload;
using Queue = process_queue::Robust<int>;

constexpr std::size_t kBound = 2;

// Alone, a queue is a deque and a count.
struct Model {
  std::deque<int> items;
  int unfinished = 0;
};
struct Bounded : Queue {
  Bounded() : Queue(kBound) {}
};

struct Put : rc::state::Command<Model, Bounded> {
  int item = *rc::gen::inRange(0, 10);
  void apply(Model& model) const override {
    if (model.items.size() == kBound) return;
    model.items.push_back(item);
    model.unfinished++;
  }
  void run(const Model& model, Bounded& queue) const override {
    RC_ASSERT(queue.full() == (model.items.size() == kBound));
    RC_ASSERT(queue.try_put(item) == (model.items.size() < kBound));
  }
  void show(std::ostream& out) const override { out << "queue.try_put(" << item << ")"; }
};

struct Get : rc::state::Command<Model, Bounded> {
  void apply(Model& model) const override {
    if (!model.items.empty()) model.items.pop_front();
  }
  void run(const Model& model, Bounded& queue) const override {
    RC_ASSERT(queue.qsize() == model.items.size());
    RC_ASSERT(queue.empty() == model.items.empty());
    const std::optional<int> item = queue.try_get();
    RC_ASSERT(item.has_value() == !model.items.empty());
    if (item) RC_ASSERT(*item == model.items.front());
  }
  void show(std::ostream& out) const override { out << "queue.try_get()"; }
};

struct TaskDone : rc::state::Command<Model, Bounded> {
  void apply(Model& model) const override { model.unfinished -= model.unfinished > 0; }
  void run(const Model& model, Bounded& queue) const override {
    if (model.unfinished > 0) {
      queue.task_done();
    } else {
      RC_ASSERT_THROWS_AS(queue.task_done(), std::logic_error);
    }
    RC_ASSERT(queue.try_join_for(0ms) == (model.unfinished <= 1));
  }
  void show(std::ostream& out) const override { out << "queue.task_done()"; }
};

struct Operation {
  enum class Kind { put, get, die_in_put, look };
  Kind kind;
};
void showValue(const Operation& operation, std::ostream& out) {
  switch (operation.kind) {
    case Operation::Kind::put:
      out << "queue.try_put(next_number())";
      break;
    case Operation::Kind::get:
      out << "if (queue.try_get()) queue.task_done()";
      break;
    case Operation::Kind::die_in_put:
      out << "std::thread([&] { queue.insert([](int&) { syscall(SYS_exit, 0); }, process::kNoWait); }).join()";
      break;
    case Operation::Kind::look:
      out << "assert(queue.qsize() <= " << kBound << ")";
  }
}
rc::Gen<Operation> operations() {
  using Kind = Operation::Kind;
  return rc::gen::map(rc::gen::element(Kind::put, Kind::put, Kind::get, Kind::get, Kind::die_in_put, Kind::look),
                      [](Kind kind) { return Operation{kind}; });
}

// Items are numbered by their producer: 10 * thread + 1, 2, ...
void each_item_arrives_once(const Workload<Operation>& workload) {
  Queue queue(kBound);
  const std::size_t threads = workload.threads.size();
  std::vector<std::vector<int>> put(threads), got(threads);  // one a thread, so that the check itself orders nothing
  std::vector<Queue> handles(threads, queue);
  property::run(workload, [&](std::size_t thread, const Operation& operation) {
    Queue& mine = handles[thread];
    switch (operation.kind) {
      case Operation::Kind::put: {
        const int item = static_cast<int>(10 * thread + put[thread].size() + 1);
        if (mine.try_put(item)) put[thread].push_back(item);
        break;
      }
      case Operation::Kind::get:
        if (const std::optional<int> item = mine.try_get()) {
          got[thread].push_back(*item);
          mine.task_done();
        }
        break;
      case Operation::Kind::die_in_put:
        std::thread([&] { mine.insert([](int&) { Threads::die(); }, process::kNoWait); }).join();
        break;
      case Operation::Kind::look:
        assert(mine.qsize() <= kBound);
    }
  });
  std::vector<int> all_put, all_got, rest;
  for (const auto& part : put) all_put.insert(all_put.end(), part.begin(), part.end());
  for (const auto& part : got) {
    all_got.insert(all_got.end(), part.begin(), part.end());
    for (std::size_t producer = 0; producer < threads; producer++) {  // Q1, as one consumer sees it
      std::vector<int> of_one;
      std::ranges::copy_if(part, std::back_inserter(of_one),
                           [&](int item) { return item / 10 == static_cast<int>(producer); });
      assert(std::ranges::is_sorted(of_one));
    }
  }
  assert(queue.qsize() == all_put.size() - all_got.size());
  assert(queue.try_join_for(0ms) == (all_put.size() == all_got.size()));
  while (const std::optional<int> item = queue.try_get()) all_got.push_back(*item);
  std::ranges::sort(all_put);
  std::ranges::sort(all_got);
  assert(all_put == all_got);
}

void process_queue_robust(std::uint64_t seed) {
  check_sequential<Model, Bounded, Put, Get, TaskDone>("process_queue/robust", seed);
  check_programs<Operation>("process_queue/robust", seed, property::workloads(operations(), {.most_threads = 3}),
                            {"ProcessQueue", "EachItemArrivesOnce",
                             "racecourse::process_queue::Robust<int> queue(2); std::atomic<int> number{0}; "
                             "auto next_number = [&] { return ++number; };",
                             "while (queue.try_get()) queue.task_done();"},
                            each_item_arrives_once);
}

const PropertyRegistration registrations[] = {
    any_schedule("process_queue", "robust", finds_nothing(), {process_queue_robust}),
    any_schedule("process_queue", "task_done_twice", finds(Kind::assertion, {Kind::deadlock})),
    any_schedule("process_queue", "owner_dies_holding_lock", finds(Kind::deadlock)),
    any_schedule("process_queue", "lock_in_private_memory", finds(Kind::assertion, {Kind::data_race})),
    any_schedule(
        "process_queue", "lock_not_process_shared",
        cannot_see("threads stand for the processes here, and a release does wake the threads of its process")),
};

}  // namespace
}  // namespace racecourse::catalogue
