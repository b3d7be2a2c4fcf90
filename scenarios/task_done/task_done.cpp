// queue.join() returns when every item was reported as done. What if the report is missing, too early, or there twice?
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/queue/locked.h>
#include <racecourse/scenarios/scenario.h>
#include <racecourse/scenarios/shelf.h>

#include <cassert>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;
using Orders = queue::Locked<int, Shelf<int>>;

constexpr int kSoup = 1, kDragon = 2, kGoHome = -1;

int dishes = 0;  // written by the worker; main reads it after join(), which orders the two

void cook(int order) {
  std::this_thread::sleep_for(1ms);
  if (order == kDragon) throw std::runtime_error("no dragon left");
  ++dishes;
}

// A worker cooks whatever comes; main waits until both orders are done, and counts the dishes.
template <void handle(Orders&, int)>
void one_evening() {
  Orders orders;
  dishes = 0;
  orders.put(kDragon);
  orders.put(kSoup);
  std::thread worker([&] {
    for (int order = orders.get(); order != kGoHome; order = orders.get()) handle(orders, order);
  });
  orders.join();
  assert(dishes == 1);
  orders.put(kGoHome);
  worker.join();
}

void report_after_work(Orders& orders, int order) {
  try {
    cook(order);
    orders.task_done();  // BUG: skipped by a throw
  } catch (const std::runtime_error&) {
  }
}

struct Report {
  Orders& orders;
  ~Report() { orders.task_done(); }
};

void report_in_a_destructor(Orders& orders, int order) {
  const Report report{orders};
  try {
    cook(order);
  } catch (const std::runtime_error&) {
  }
}

void report_before_work(Orders& orders, int order) {
  orders.task_done();  // "then nothing can skip it"
  try {
    cook(order);
  } catch (const std::runtime_error&) {
  }
}

void report_in_handler_too(Orders& orders, int order) {
  const Report report{orders};
  try {
    cook(order);
  } catch (const std::runtime_error&) {
    orders.task_done();  // "an order that failed is done too"
  }
}

// Every run of a broken one on real threads that hangs costs the whole deadline.
Options short_trials() {
  Options options;
  options.deadline_seconds = 1;
  return options;
}

const ScenarioRegistration registration{{
    .name = "task_done",
    .title = "One task_done() an item, and after the work",
    .family = "notes",
    .difficulty = 2,
    .from = "note 000, section 7; note 002, the section on JoinableQueue",
    .story = "A worker takes orders from a queue and reports each with task_done(). Main waits in queue.join() until "
             "all orders are done, and counts the dishes. One evening somebody orders dragon. The worker shrugs and "
             "cooks the soup; main waits for ever.",
    .python = "The same in Python, where the report belongs into a finally. An exception that nobody catches ends only "
              "its thread there, and the join waits for a worker that is no more; in C++ it ends the program. One "
              "task_done() too many raises ValueError, std::logic_error here: but only once the count is below zero, "
              "not at the call that was wrong.",
    .hints = {"join() counts. How many were put, and how many reports come in?",
              "Follow the order that cannot be cooked. Which lines does its exception pass over?",
              "One report for each order, whichever way it ends, and not before it has ended."},
    .explanation =
        "The queue counts one up at each put() and one down at each task_done(), and join() waits for zero. cook() "
        "throws for the dragon, so its task_done() is skipped; the worker goes on, the count stays at one, and main "
        "waits for a report that nobody will make.",
    .rule = "Every item that was taken is reported exactly once, on every way out, when its work is over.",
    .fix = "The report stands in a destructor (in Python: in a finally). It runs whether the work succeeds or throws, "
           "and it runs after it, so that main finds the dish when join() returns.",
    .reading = {"Python documentation, queue: Queue.task_done(), Queue.join()",
                "C++ Core Guidelines, E.6: use RAII to prevent leaks; E.19: use a final_action object if no suitable "
                "resource handle is available"},
    .variants =
        {
            with(short_trials(),
                 broken("skipped_by_a_throw", "The report stands behind work that may throw.",
                        one_evening<report_after_work>,
                        {{Checker::explore, finds(Kind::deadlock)}, {Checker::tsan, finds(Kind::hang)}})),
            right("in_a_destructor", "The report is made on every way out, after the work.",
                  one_evening<report_in_a_destructor>),
            wrong_fix("before_the_work", "The report is made first, where no exception can skip it.",
                      "join() returns while the worker is still cooking.", one_evening<report_before_work>,
                      {{Checker::explore, finds(Kind::assertion, {Kind::data_race})},
                       {Checker::tsan, finds(Kind::assertion, {Kind::data_race})}}),
            wrong_fix("twice", "The handler reports the order that failed, and so does the destructor.",
                      "The second report counts for another order, which is not done: join() returns too soon.",
                      one_evening<report_in_handler_too>,
                      // If main is slow to notice, the last report is one too many, and ends the program.
                      {{Checker::explore, finds(Kind::assertion, {Kind::data_race, Kind::exception, Kind::abort})},
                       {Checker::tsan, finds(Kind::assertion, {Kind::data_race, Kind::exception, Kind::abort})}}),
        },
}};

}  // namespace
}  // namespace racecourse::catalogue
