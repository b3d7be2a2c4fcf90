// Small programs as values of RapidCheck: a few threads, a few operations each, out of a generator of operations.
//
//   struct Withdraw { long amount; };
//   void showValue(const Withdraw& op, std::ostream& out) { out << "account.withdraw(" << op.amount << ")"; }
//   ...
//   auto workload = *racecourse::property::workloads(rc::gen::construct<Withdraw>(rc::gen::inRange(1L, 1000L)));
//   auto body = [&] {
//     Account account(1000);
//     racecourse::property::run(workload, [&](const Withdraw& op) { account.withdraw(op.amount); });
//     EXPECT_GE(account.balance(), 0);
//   };
//
// Operations are shown as C++ expressions, so that a counterexample can be pasted as a test.
#pragma once

#include <racecourse/checkers/schedule/schedule.h>
#include <rapidcheck.h>

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace racecourse::property {

template <class Operation>
struct Workload {
  std::vector<std::vector<Operation>> threads;
};

struct WorkloadBounds {
  int least_threads = 2;
  int most_threads = 4;
  int most_operations = 3;  // of one thread; at least one
};

// Shrinks to fewer threads, then to fewer operations, then each operation by its own shrinker.
template <class Operation>
rc::Gen<Workload<Operation>> workloads(rc::Gen<Operation> operation, const WorkloadBounds& bounds = {}) {
  using Thread = std::vector<Operation>;
  auto thread = rc::gen::nonEmpty(
      rc::gen::resize(bounds.most_operations, rc::gen::container<Thread>(rc::gen::resize(100, std::move(operation)))));
  auto threads = rc::gen::mapcat(
      rc::gen::resize(100, rc::gen::inRange(bounds.least_threads, bounds.most_threads + 1)),
      [thread](int count) { return rc::gen::container<std::vector<Thread>>(static_cast<std::size_t>(count), thread); });
  return rc::gen::map(std::move(threads),
                      [](std::vector<Thread>&& lists) { return Workload<Operation>{std::move(lists)}; });
}

// Inside a body: one thread a list, each applying its operations in order; joined before it returns. `apply` takes the
// operation, or the index of its thread and the operation.
template <class Operation, class Apply>
void run(const Workload<Operation>& workload, const Apply& apply) {
  std::vector<std::thread> threads;
  threads.reserve(workload.threads.size());
  for (std::size_t index = 0; index < workload.threads.size(); ++index) {
    threads.emplace_back([&operations = workload.threads[index], &apply, index] {
      static_cast<void>(index);  // not every apply() takes it
      for (const Operation& operation : operations) {
        if constexpr (std::is_invocable_v<const Apply&, std::size_t, const Operation&>) {
          apply(index, operation);
        } else {
          apply(operation);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

template <class Operation>
void showValue(const Workload<Operation>& workload, std::ostream& out) {
  int number = 0;
  for (const auto& operations : workload.threads) {
    out << (number == 0 ? "" : "\n") << "T" << number + 1 << ":";
    for (const Operation& operation : operations) out << ' ' << rc::toString(operation) << ';';
    ++number;
  }
}

// The text of a test for a counterexample: `setup` before the threads and `check` after them are C++ statements.
struct TestText {
  std::string_view suite;
  std::string_view name;
  std::string_view setup;
  std::string_view check;
};
std::string test_text(const TestText& text, const std::vector<std::string>& threads,
                      const schedule::Schedule& schedule);

template <class Operation>
std::string as_test(const TestText& text, const Workload<Operation>& workload, const schedule::Schedule& schedule) {
  std::vector<std::string> threads;
  for (const auto& operations : workload.threads) {
    std::string statements;
    for (const Operation& operation : operations) {
      statements += (statements.empty() ? "" : " ") + rc::toString(operation) + ";";
    }
    threads.push_back(std::move(statements));
  }
  return test_text(text, threads, schedule);
}

}  // namespace racecourse::property
