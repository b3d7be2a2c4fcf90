// A mutex across an await: two coroutines sell the last seat. What locks out another thread locks out nobody here, or
// everybody: both run in the same thread.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/cooperative/loop.h>
#include <racecourse/primitives/cooperative/mutex.h>
#include <racecourse/scenarios/scenario.h>

#include <cassert>
#include <chrono>
#include <mutex>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;
using cooperative::Loop;
using cooperative::Task;

struct Flight {
  Task pay() { co_await loop.sleep_for(1ms); }  // asks a bank; other tasks run meanwhile

  Loop loop;
  int seats = 1;
  std::mutex mutex;
  std::recursive_mutex recursive_mutex;
  cooperative::Mutex cooperative_mutex{loop};
};

Task sell_locked(Flight& flight) {
  const std::lock_guard lock(flight.mutex);
  if (flight.seats == 0) co_return;
  co_await flight.pay();  // BUG: keeps the mutex
  flight.seats--;
}

Task sell_unlocked(Flight& flight) {
  if (flight.seats == 0) co_return;
  co_await flight.pay();
  flight.seats--;
}

Task sell_locked_recursively(Flight& flight) {
  const std::lock_guard lock(flight.recursive_mutex);
  if (flight.seats == 0) co_return;
  co_await flight.pay();
  flight.seats--;
}

Task sell_locked_in_parts(Flight& flight) {
  {
    const std::lock_guard lock(flight.mutex);
    if (flight.seats == 0) co_return;
  }
  co_await flight.pay();
  const std::lock_guard lock(flight.mutex);
  flight.seats--;
}

Task sell_by_turns(Flight& flight) {
  const auto guard = co_await flight.cooperative_mutex.lock();  // the other task waits, the thread does not
  if (flight.seats == 0) co_return;
  co_await flight.pay();
  flight.seats--;
}

Task take_then_pay(Flight& flight) {
  if (flight.seats == 0) co_return;
  flight.seats--;  // in the same turn as the question: nobody comes between
  co_await flight.pay();
}

template <Task sell(Flight&)>
void two_buyers() {
  Flight flight;
  flight.loop.spawn(sell(flight));
  flight.loop.spawn(sell(flight));
  flight.loop.run();
  assert(flight.seats == 0);
}

Options short_hang() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

std::map<Checker, Expectation> sold_twice() {
  return {{Checker::explore, finds(Kind::assertion)}, {Checker::tsan, finds(Kind::assertion)}};
}

const ScenarioRegistration registration{{
    .name = "mutex_across_await",
    .title = "A mutex across an await",
    .family = "notes",
    .difficulty = 3,
    .from = "note 001, coroutines: tasks of one thread, which change places where the code says so",
    .story =
        "A coroutine sells a seat: it looks whether one is left, waits for the bank, and takes it. Two of them run "
        "in one thread. So that the last seat is not sold twice, a mutex is held all the while. The program "
        "stands still at the second sale.",
    .python = "The same mistake is threading.Lock held across an await or a gevent switch: the thread waits for "
              "itself. asyncio.Lock, and the Lock of gevent, are made for it: they let the other tasks run.",
    .hints = {"How many threads are there? Which of them holds the mutex while the first sale waits for the bank?",
              "The second sale locks the mutex. What does that stop: the task, or the thread?",
              "The thread waits for the mutex, and the task that would unlock it needs the thread."},
    .explanation =
        "The first sale locks the mutex and waits for the bank; its thread runs the second sale meanwhile. That wants "
        "the mutex, and a std::mutex makes the thread wait, not the task. The first sale could unlock it, but needs "
        "this thread to go on: it waits for itself. Without the mutex it is no better: both sales look before either "
        "has taken the seat, and one thread is enough to sell it twice.",
    .rule = "Never hold a thread's lock across an await: what must wait there is the task.",
    .fix = "A mutex of the loop's own makes the task wait, and lets the thread run others until it is free. Or there "
           "is nothing to lock: the seat is taken in the same turn in which it was seen to be there, and between two "
           "awaits nobody can come.",
    .reading = {"C++ Core Guidelines, CP.52: do not hold locks or other synchronization primitives across suspension "
                "points",
                "Python documentation, asyncio: synchronization primitives"},
    .variants =
        {
            with(short_hang(),
                 broken("std_mutex", "A std::mutex is held while the task waits for the bank.", two_buyers<sell_locked>,
                        {{Checker::explore, finds(Kind::self_deadlock)}, {Checker::tsan, finds(Kind::hang)}})),
            right("cooperative_mutex", "A mutex of the loop's makes the task wait, not the thread.",
                  two_buyers<sell_by_turns>),
            right("taken_first", "The seat is taken in the turn in which it is seen, before the bank is asked.",
                  two_buyers<take_then_pay>),
            wrong_fix("no_mutex", "The mutex is left out: one thread needs no lock.",
                      "Both sales look before either has taken the seat.", two_buyers<sell_unlocked>, sold_twice()),
            wrong_fix("recursive_mutex", "The mutex is recursive, so that the thread may lock it again.",
                      "Both tasks are the same thread to it: it lets both in.", two_buyers<sell_locked_recursively>,
                      sold_twice()),
            wrong_fix("unlocked_for_the_bank", "The mutex is unlocked for the await, and locked again after it.",
                      "What was seen under the first lock is out of date under the second.",
                      two_buyers<sell_locked_in_parts>, sold_twice()),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
