// What is the same for every kind of queue: the model, which only differs in the item that is next, commands for one
// thread, and random programs for several.
#pragma once

#include <racecourse/scenarios/properties/check_programs.h>
#include <racecourse/scenarios/properties/check_sequential.h>
#include <racecourse/scenarios/properties/history.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cstddef>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace racecourse::catalogue {

struct FirstIn {
  static std::size_t next(const std::vector<int>&) { return 0; }
};
struct LastIn {
  static std::size_t next(const std::vector<int>& items) { return items.size() - 1; }
};
struct Smallest {
  static std::size_t next(const std::vector<int>& items) {
    return static_cast<std::size_t>(std::min_element(items.begin(), items.end()) - items.begin());
  }
};

// One call and its result. Timed calls are the same to the model: they fail only if they would have failed at the end.
struct QueueCall {
  bool puts;
  int item;  // put, or got
  bool succeeded;
};

template <class Order>
struct QueueModel {
  std::size_t maxsize = 0;
  // Weaker contracts: a call that overlaps with another may fail for that reason.
  bool puts_may_fail_if_overlapped = false;
  bool gets_may_fail_if_overlapped = false;
  std::vector<int> items = {};
  int unfinished = 0;  // put, and not reported as done

  bool full() const { return maxsize != 0 && items.size() == maxsize; }
  int next() const { return items[Order::next(items)]; }
  void put(int item) { items.push_back(item), unfinished++; }
  void get() { items.erase(items.begin() + static_cast<std::ptrdiff_t>(Order::next(items))); }

  bool accepts(const QueueCall& call, bool overlapped) {
    if (!call.succeeded) {
      const bool may_fail = call.puts ? puts_may_fail_if_overlapped : gets_may_fail_if_overlapped;
      return (may_fail && overlapped) || (call.puts ? full() : items.empty());
    }
    if (call.puts) {
      if (full()) return false;
      put(call.item);
    } else {
      if (items.empty() || next() != call.item) return false;
      get();
    }
    return true;
  }
};

// One thread. `Made` is a queue that is made without arguments.

template <class Model, class Made>
struct TryPut : rc::state::Command<Model, Made> {
  int item = *rc::gen::inRange(0, 100);
  void apply(Model& model) const override {
    if (!model.full()) model.put(item);
  }
  void run(const Model& model, Made& queue) const override { RC_ASSERT(queue.try_put(item) == !model.full()); }
  void show(std::ostream& out) const override { out << "queue.try_put(" << item << ")"; }
};

template <class Model, class Made>
struct TryGet : rc::state::Command<Model, Made> {
  void apply(Model& model) const override {
    if (!model.items.empty()) model.get();
  }
  void run(const Model& model, Made& queue) const override {
    RC_ASSERT(queue.try_get() == (model.items.empty() ? std::nullopt : std::optional<int>(model.next())));
  }
  void show(std::ostream& out) const override { out << "queue.try_get()"; }
};

template <class Model, class Made>
struct AskSize : rc::state::Command<Model, Made> {
  void run(const Model& model, Made& queue) const override {
    RC_ASSERT(queue.empty() == model.items.empty());
    RC_ASSERT(queue.maxsize() == model.maxsize);
    if constexpr (requires { queue.qsize(); }) {
      RC_ASSERT(queue.qsize() == model.items.size());
      RC_ASSERT(queue.full() == model.full());
    }
  }
  void show(std::ostream& out) const override { out << "queue.empty(), queue.full(), queue.qsize()"; }
};

template <class Model, class Made>
struct TaskDone : rc::state::Command<Model, Made> {
  void apply(Model& model) const override { model.unfinished -= model.unfinished > 0 ? 1 : 0; }
  void run(const Model& model, Made& queue) const override {
    bool refused = false;
    try {
      queue.task_done();
    } catch (const std::logic_error&) {
      refused = true;
    }
    RC_ASSERT(refused == (model.unfinished == 0));
    if (model.unfinished == 1) queue.join();
  }
  void show(std::ostream& out) const override { out << "queue.task_done()"; }
};

// A queue of the size that random programs use; `maxsize` 0 is for those without a bound, which get `argument`.
template <class Order, class Queue, std::size_t maxsize, std::size_t argument = maxsize>
struct ToTry {
  struct Made : Queue {
    Made() : Queue(argument) {}
  };
  struct Model : QueueModel<Order> {
    Model() : QueueModel<Order>{.maxsize = maxsize} {}
  };

  static void check_alone(const std::string& name, std::uint64_t seed) {
    if constexpr (requires(Made made) { made.task_done(); }) {
      check_sequential<Model, Made, TryPut<Model, Made>, TryGet<Model, Made>, AskSize<Model, Made>,
                       TaskDone<Model, Made>>(name, seed);
    } else {
      check_sequential<Model, Made, TryPut<Model, Made>, TryGet<Model, Made>, AskSize<Model, Made>>(name, seed);
    }
  }
};

// Several threads.

struct QueueOperation {
  enum class Does { try_put, try_put_for, try_get, try_get_for };
  Does does;
  int item;
};
inline void showValue(const QueueOperation& operation, std::ostream& out) {
  using Does = QueueOperation::Does;
  switch (operation.does) {
    case Does::try_put:
      out << "queue.try_put(" << operation.item << ")";
      break;
    case Does::try_put_for:
      out << "queue.try_put_for(" << operation.item << ", 1us)";
      break;
    case Does::try_get:
      out << "queue.try_get()";
      break;
    case Does::try_get_for:
      out << "queue.try_get_for(1us)";
  }
}

template <class Queue>
QueueCall perform(Queue& queue, const QueueOperation& operation) {
  using Does = QueueOperation::Does;
  constexpr auto kBriefly = std::chrono::microseconds(1);
  if (operation.does == Does::try_put) return {true, operation.item, queue.try_put(operation.item)};
  if (operation.does == Does::try_put_for) return {true, operation.item, queue.try_put_for(operation.item, kBriefly)};
  const std::optional<int> got = operation.does == Does::try_get ? queue.try_get() : queue.try_get_for(kBriefly);
  return {false, got.value_or(0), got.has_value()};
}

inline rc::Gen<QueueOperation> queue_operations(std::vector<QueueOperation::Does> kinds) {
  return rc::gen::map(rc::gen::pair(rc::gen::elementOf(std::move(kinds)), rc::gen::inRange(1, 10)),
                      [](const std::pair<QueueOperation::Does, int>& drawn) {
                        return QueueOperation{drawn.first, drawn.second};
                      });
}
inline rc::Gen<property::Workload<QueueOperation>> anybody_puts_and_gets() {
  using Does = QueueOperation::Does;
  return property::workloads(queue_operations({Does::try_put, Does::try_put_for, Does::try_get, Does::try_get_for}),
                             {.most_threads = 3});
}

// Results, and what is left in the end, must be those of some order of the calls.
template <class Queue, class Model>
void some_order_explains(const property::Workload<QueueOperation>& workload, Queue& queue, const Model& model) {
  History<QueueCall> history(workload.threads.size() + 1);
  property::run(workload, [&](std::size_t thread, const QueueOperation& operation) {
    history.record(thread, [&] { return perform(queue, operation); });
  });
  bool more = true;
  while (more) {
    history.record(workload.threads.size(), [&] {
      const QueueCall call = perform(queue, {QueueOperation::Does::try_get, 0});
      more = call.succeeded;
      return call;
    });
  }
  assert(history.explained_by(model));
}

}  // namespace racecourse::catalogue
