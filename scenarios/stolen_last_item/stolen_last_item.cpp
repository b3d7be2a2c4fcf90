// Two workers and one item. Both see it, one takes it, and the other waits for the next one, which never comes.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/queue/locked.h>
#include <racecourse/scenarios/scenario.h>
#include <racecourse/scenarios/shelf.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <mutex>
#include <thread>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;
using Orders = queue::Locked<int, Shelf<int>>;

std::atomic<int> cooked{0};  // how many orders; stands for the work

// All orders are in before the first worker comes, and none follows.
template <void work(Orders&)>
void two_workers() {
  Orders orders;
  cooked = 0;
  orders.put(7);
  std::thread first([&] { work(orders); }), second([&] { work(orders); });
  first.join();
  second.join();
  assert(cooked == 1);
}

void size_then_get(Orders& orders) {
  while (orders.qsize() > 0) orders.get(), ++cooked;  // BUG: look, then take
}

void try_get(Orders& orders) {
  while (orders.try_get()) ++cooked;
}

void look_twice(Orders& orders) {
  while (orders.qsize() > 0) {
    std::this_thread::sleep_for(1ms);
    if (orders.qsize() > 0) orders.get(), ++cooked;
  }
}

void lock_the_look(Orders& orders) {
  static std::mutex mutex;
  const auto some_left = [&] {
    const std::lock_guard lock(mutex);
    return !orders.empty();
  };
  while (some_left()) orders.get(), ++cooked;
}

// Every run of a broken one on real threads that hangs costs the whole deadline.
Options short_trials() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

const std::map<Checker, Expectation> waits_for_ever{
    {Checker::explore, finds(Kind::deadlock)},
    {Checker::tsan, may_find(Kind::hang, "both must look while the last order is there, within a few instructions")}};

const ScenarioRegistration registration{{
    .name = "stolen_last_item",
    .title = "Two workers and one last item",
    .family = "notes",
    .difficulty = 2,
    .from = "note 002, the section on queues; note 004, section 2.5",
    .story = "All orders are in the queue before work begins. Each worker takes orders as long as there are some, and "
             "goes home. It nearly always works; on a bad day one worker stays in the kitchen for ever.",
    .python = "The same in Python: qsize() and get() lock the queue for themselves, each alone, and the documentation "
              "says that qsize() > 0 does not promise that a get() will not wait.",
    .hints = {"qsize() was right when it was asked. How long is its answer good for?",
              "Let both workers look while one order is left.",
              "One worker gets the last order. What does get() do for the other?"},
    .explanation =
        "qsize() tells what was true a moment ago. One order is left; both workers look and see it. The first takes "
        "it. The second calls get() on the strength of what it saw, finds nothing, and waits for the next order, as "
        "get() should. There is no next order.",
    .rule = "Do not look first and take then: ask for both in one call.",
    .fix = "try_get() looks and takes under one hold of the queue's lock, and says when there was nothing. Here an "
           "empty queue stays empty, so that nothing means that work is over. (Where more may come, it does not: see "
           "never_told_it_is_over.)",
    .reading =
        {"Williams, C++ Concurrency in Action, 2nd edition, section 3.2.3: race conditions inherent in interfaces",
         "Python documentation, queue: Queue.qsize()",
         "Goetz et al., Java Concurrency in Practice, section 5.1.1: problems with synchronized collections"},
    .variants =
        {
            with(short_trials(),
                 broken("size_then_get", "Looks at the size, then takes.", two_workers<size_then_get>, waits_for_ever)),
            right("try_get", "Takes if there is one, in one call.", two_workers<try_get>),
            with(short_trials(), wrong_fix("look_twice", "Waits a little and looks again before it takes.",
                                           "The second look is as old as the first one by the time of the get().",
                                           two_workers<look_twice>, waits_for_ever)),
            with(short_trials(), wrong_fix("lock_the_look", "Only one worker looks at a time, under a lock.",
                                           "The lock is free again before the order is taken.",
                                           two_workers<lock_the_look>, waits_for_ever)),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
