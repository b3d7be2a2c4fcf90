// A cycle over three locks: each module locks itself and calls the next, and no two of them disagree.
//
// Philosophers all run the same code. Here every part was written and reviewed on its own, and each pair of them is
// right; only the three together are not.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/scenarios/scenario.h>

#include <cassert>
#include <mutex>
#include <thread>

namespace racecourse::catalogue {
namespace {

template <class Mutex>
struct Module {
  Mutex mutex;
  int changes = 0;  // guarded by mutex

  void change() {
    const std::lock_guard lock(mutex);
    ++changes;
  }
};

// There is one shop, known to all its modules.
template <class Mutex>
struct Shop {
  static inline Module<Mutex> orders, stock, bills;
  static inline std::mutex gate;  // for the variants that have one
};

template <class Mutex>
void calls_with_lock_held(std::mutex&, Module<Mutex>& mine, Module<Mutex>& next) {
  const std::lock_guard lock(mine.mutex);
  ++mine.changes;
  next.change();  // BUG: calls out while it holds its lock
}

void one_after_the_other(std::mutex&, Module<std::mutex>& mine, Module<std::mutex>& next) {
  mine.change();
  next.change();
}

void behind_a_gate(std::mutex& gate, Module<std::mutex>& mine, Module<std::mutex>& next) {
  const std::lock_guard whole_change(gate);
  calls_with_lock_held(gate, mine, next);
}

void gate_let_go_early(std::mutex& gate, Module<std::mutex>& mine, Module<std::mutex>& next) {
  gate.lock();
  const std::lock_guard lock(mine.mutex);
  gate.unlock();  // "now that I have my own"
  ++mine.changes;
  next.change();
}

template <class Mutex, void update(std::mutex& gate, Module<Mutex>& mine, Module<Mutex>& next)>
void busy_shop() {
  using S = Shop<Mutex>;
  S::orders.changes = S::stock.changes = S::bills.changes = 0;
  std::thread sale([] { update(S::gate, S::orders, S::stock); });
  std::thread delivery([] { update(S::gate, S::stock, S::bills); });
  std::thread refund([] { update(S::gate, S::bills, S::orders); });
  sale.join();
  delivery.join();
  refund.join();
  assert(S::orders.changes + S::stock.changes + S::bills.changes == 6);
}

Options hangs_on_real_threads() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

const std::map<Checker, Expectation> all_wait{
    {Checker::explore, finds(Kind::deadlock, {Kind::lock_order})},
    // The three orders together are reported even if nobody ever waits.
    {Checker::tsan, finds(Kind::lock_order, {Kind::hang})},
};

const ScenarioRegistration registration{{
    .name = "three_locks",
    .title = "A cycle over three locks",
    .family = "classic",
    .difficulty = 3,
    .from = "the lock-order graph of Havelund's GoodLock; the kernel's lockdep looks for the same cycles",
    .story = "A shop has three modules with a lock each. A sale changes the orders, then the stock; a delivery changes "
             "the stock, then the bills; a refund changes the bills, then the orders. Each module keeps its lock while "
             "it calls the next, so that nobody sees half of a change. Every pair of modules was tested together. In "
             "production the shop stands still about once a month.",
    .hints = {"Draw an arrow from each lock to the lock that is taken while it is held.",
              "Any two of the three operations agree. What do the three arrows make together?",
              "The calls go around in a circle, and each is made with a lock in hand. Which one is the easiest to make "
              "without?"},
    .explanation =
        "A sale holds orders and waits for stock; a delivery holds stock and waits for bills; a refund holds bills and "
        "waits for orders. No two operations take the same two locks in opposite order, so no review of two modules "
        "finds anything. The order is broken by the three of them together: orders before stock before bills before "
        "orders is no order.",
    .rule = "Never call code that you do not know while you hold a lock.",
    .fix =
        "Each module finishes its own change, lets go, and calls the next then: it never holds two locks, and there is "
        "no order to break. If others must not see half of a change, one gate before all three locks does it: only who "
        "is inside can hold one lock and want another. ThreadSanitizer still sees the circle of orders and reports it: "
        "it does not know what the gate is for.",
    .reading = {"Havelund, Using runtime analysis to guide model checking of Java programs, SPIN 2000: gate locks",
                "Linux kernel documentation, Runtime locking correctness validator (lockdep)",
                "C++ Core Guidelines, CP.22: never call unknown code while holding a lock"},
    .variants =
        {
            with(hangs_on_real_threads(),
                 broken("calls_with_lock_held", "Each module calls the next one with its own lock held.",
                        busy_shop<std::mutex, calls_with_lock_held<std::mutex>>, all_wait)),
            right("one_after_the_other", "Each module lets go of its lock before it calls the next.",
                  busy_shop<std::mutex, one_after_the_other>),
            right("behind_a_gate", "Whoever is going to hold two locks takes one gate first, and keeps it.",
                  busy_shop<std::mutex, behind_a_gate>,
                  {{Checker::explore, finds_nothing()},
                   {Checker::tsan, false_alarm(Kind::lock_order,
                                               "it looks at the order of the locks, and does not see that the gate "
                                               "keeps the three apart")}}),
            with(hangs_on_real_threads(),
                 wrong_fix("recursive_mutexes", "The mutexes are recursive now.",
                           "That helps a thread that waits for itself; these wait for each other.",
                           busy_shop<std::recursive_mutex, calls_with_lock_held<std::recursive_mutex>>, all_wait)),
            with(hangs_on_real_threads(),
                 wrong_fix("gate_let_go_early", "Takes a gate, and lets go of it once the first lock is taken.",
                           "The next one comes through the gate and takes its first lock too; only the second lock is "
                           "dangerous, and that is taken outside.",
                           busy_shop<std::mutex, gate_let_go_early>, all_wait)),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
