// Whatever a few threads, each with a handle of its own, do to a value: no update is lost (V1), nobody sees half of one
// (V2), and an update cut short by a death or an exception has not happened (V3).
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/shared_value/lock_free.h>
#include <racecourse/primitives/shared_value/process_shared.h>
#include <racecourse/scenarios/primitives/worlds.h>
#include <racecourse/scenarios/properties/any_schedule.h>
#include <racecourse/scenarios/properties/check_programs.h>
#include <racecourse/scenarios/properties/check_sequential.h>

#include <array>
#include <cassert>
#include <ostream>
#include <stdexcept>
#include <thread>
#include <vector>

namespace racecourse::catalogue {
namespace {

using property::Workload;
using shared_value::LockFree;
using shared_value::ProcessShared;

// Alone, it is a number.
struct Number {
  int value = 0;
};

template <class Value>
struct Set : rc::state::Command<Number, Value> {
  int to = *rc::gen::arbitrary<int>();
  void apply(Number& model) const override { model.value = to; }
  void run(const Number& model, Value& value) const override {
    RC_ASSERT(value.get() == model.value);
    value.set(to);
    RC_ASSERT(value.get() == to);
  }
  void show(std::ostream& out) const override { out << "value.set(" << to << ")"; }
};

template <class Value>
struct Update : rc::state::Command<Number, Value> {
  int amount = *rc::gen::inRange(-100, 100);
  void apply(Number& model) const override { model.value ^= amount; }
  void run(const Number& model, Value& value) const override {
    RC_ASSERT(value.update([&](int& old) { old ^= amount; }) == (model.value ^ amount));
    RC_ASSERT(value.get() == (model.value ^ amount));
  }
  void show(std::ostream& out) const override { out << "value.update([](int& old) { old ^= " << amount << "; })"; }
};

template <class Value>
struct FailingUpdate : rc::state::Command<Number, Value> {
  void run(const Number& model, Value& value) const override {
    auto fail = [](int& old) {
      old = 666;
      throw std::runtime_error("no");
    };
    RC_ASSERT_THROWS_AS(value.update(fail), std::runtime_error);
    RC_ASSERT(value.get() == model.value);
  }
  void show(std::ostream& out) const override {
    out << "value.update([](int& old) { old = 666; throw std::runtime_error(\"no\"); })";
  }
};

struct Operation {
  enum class Kind { add, look, die_in_update };
  Kind kind;
  int amount;
};
void showValue(const Operation& operation, std::ostream& out) {
  switch (operation.kind) {
    case Operation::Kind::add:
      out << "value.update([](auto& v) { v = plus(v, " << operation.amount << "); })";
      break;
    case Operation::Kind::look:
      out << "assert(whole(value.get()))";
      break;
    case Operation::Kind::die_in_update:
      out << "std::thread([&] { value.update([](auto& v) { spoil(v), syscall(SYS_exit, 0); }); }).join()";
  }
}
rc::Gen<Operation> operations() {
  using Kind = Operation::Kind;
  return rc::gen::map(
      rc::gen::pair(rc::gen::element(Kind::add, Kind::add, Kind::look, Kind::die_in_update), rc::gen::inRange(1, 10)),
      [](const std::pair<Kind, int>& drawn) {
        return Operation{drawn.first, drawn.second};
      });
}

// A number, and an array whose elements are always equal.
void add(int& value, int amount) { value += amount; }
void add(std::array<int, 3>& value, int amount) {
  for (int& element : value) element += amount;
}
void spoil(int& value) { value = 666; }
void spoil(std::array<int, 3>& value) { value[1] = 666; }
int total(int value) { return value; }
int total(const std::array<int, 3>& value) {
  assert(value[0] == value[1] && value[1] == value[2]);
  return value[0];
}

template <class Value>
void no_update_is_lost(const Workload<Operation>& workload) {
  Value value;
  std::vector<Value> handles(workload.threads.size(), value);
  std::vector<int> added(workload.threads.size());  // one a thread, so that the check itself orders nothing
  property::run(workload, [&](std::size_t thread, const Operation& operation) {
    Value& mine = handles[thread];
    switch (operation.kind) {
      case Operation::Kind::add:
        mine.update([&](auto& v) { add(v, operation.amount); });
        added[thread] += operation.amount;
        break;
      case Operation::Kind::look:
        assert(total(mine.get()) >= added[thread]);
        break;
      case Operation::Kind::die_in_update:
        std::thread([&] {
          mine.update([](auto& v) {
            spoil(v);
            Threads::die();
          });
        }).join();
    }
  });
  int sum = 0;
  for (const int part : added) sum += part;
  assert(total(value.get()) == sum);
}

template <class Value>
void check_value(const char* name, const char* setup, std::uint64_t seed) {
  check_programs<Operation>(name, seed, property::workloads(operations(), {.most_threads = 3}),
                            {"SharedValue", "NoUpdateIsLost", setup, "assert(whole(value.get()));"},
                            no_update_is_lost<Value>);
}

template <class Value>
void check_alone(const char* name, std::uint64_t seed) {
  check_sequential<Number, Value, Set<Value>, Update<Value>, FailingUpdate<Value>>(name, seed);
}

void shared_value_process_shared(std::uint64_t seed) {
  check_alone<ProcessShared<int>>("shared_value/process_shared", seed);
  check_value<ProcessShared<std::array<int, 3>>>(
      "shared_value/process_shared", "racecourse::shared_value::ProcessShared<std::array<int, 3>> value;", seed);
}
void shared_value_lock_free(std::uint64_t seed) {
  check_alone<LockFree<int>>("shared_value/lock_free", seed);
  check_value<LockFree<int>>("shared_value/lock_free", "racecourse::shared_value::LockFree<int> value;", seed);
}

const PropertyRegistration registrations[] = {
    any_schedule("shared_value", "process_shared", finds_nothing(), {shared_value_process_shared}),
    any_schedule("shared_value", "lock_free", finds_nothing(), {shared_value_lock_free}),
    any_schedule("shared_value", "unlocked_read_modify_write", finds(Kind::assertion, {Kind::data_race})),
    any_schedule("shared_value", "locks_each_access", finds(Kind::assertion)),
};

}  // namespace
}  // namespace racecourse::catalogue
