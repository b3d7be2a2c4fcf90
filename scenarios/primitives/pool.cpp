// The pool, right and broken: tasks are handed in, some throw, some are cancelled, and the pool is shut down. Every
// future must be resolved once, and everybody must come home.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/pool/cancelled_yet_run.h>
#include <racecourse/primitives/pool/exception_swallowed.h>
#include <racecourse/primitives/pool/fixed.h>
#include <racecourse/primitives/pool/helping.h>
#include <racecourse/primitives/pool/join_without_close.h>
#include <racecourse/primitives/pool/nested_submit_deadlock.h>
#include <racecourse/primitives/pool/shutdown_drops_queued.h>
#include <racecourse/primitives/pool/shutdown_wakes_one.h>
#include <racecourse/primitives/pool/submit_after_shutdown_lost.h>
#include <racecourse/scenarios/primitives/declare.h>

#include <cassert>
#include <stdexcept>
#include <thread>

namespace racecourse::catalogue {
namespace {

// F1: a value and an exception, each to whoever asks.
template <class Pool>
void a_value_and_an_exception() {
  Pool pool(1);
  auto value = pool.submit([] { return 42; });
  auto failing = pool.submit([]() -> int { throw std::runtime_error("no such page"); });
  assert(value.result() == 42);
  assert(failing.exception());
}

// F2: taken in and run, or refused.
template <class Pool>
void submit_while_it_is_shut_down() {
  Pool pool(1);
  std::thread closes([&] { pool.shutdown(); });
  try {
    auto late = pool.submit([] { return 42; });
    assert(late.result() == 42);
  } catch (const std::logic_error&) {
  }
  closes.join();
}

template <class Pool>
void joined_before_it_is_closed() {
  Pool pool(1);
  bool done = false;
  pool.submit([&] { done = true; });
  try {
    pool.join();
    assert(false);  // an open pool cannot be joined
  } catch (const std::logic_error&) {
    pool.close();
    pool.join();
  }
  assert(done);
}

// F2: what is queued at the shutdown still runs.
template <class Pool>
void shut_down_with_work_left() {
  Pool pool(1);
  auto first = pool.submit([] { return 1; });
  auto second = pool.submit([] { return 2; });
  pool.shutdown();
  assert(first.done() && second.done());
  assert(first.result() + second.result() == 3);
}

// Both workers may be asleep by then.
template <class Pool>
void shut_down_idle() {
  Pool pool(2);
  pool.shutdown();
}

// F3 and F1.
template <class Pool>
void cancelled_or_run() {
  Pool pool(1);
  bool ran = false;
  auto task = pool.submit([&] { ran = true; });
  const bool cancelled = task.cancel();
  pool.shutdown();
  assert(ran != cancelled);
  assert(task.done());
}

// F6: two tasks that submit one each, and wait for it; there are two workers.
template <int wait(pool::Fixed&, pool::Future<int>)>
void tasks_that_wait_for_tasks() {
  pool::Fixed pool(2);
  auto twice = [&](int x) { return 2 * wait(pool, pool.submit([x] { return x; })); };
  auto first = pool.submit(twice, 1);
  auto second = pool.submit(twice, 20);
  assert(first.result() + second.result() == 42);
}

template <class Pool>
void whole_contract() {
  a_value_and_an_exception<Pool>();
  submit_while_it_is_shut_down<Pool>();
  joined_before_it_is_closed<Pool>();
  shut_down_with_work_left<Pool>();
  shut_down_idle<Pool>();
  cancelled_or_run<Pool>();
}

const std::vector<Kind> kEndlessWaits = {Kind::lost_wakeup, Kind::partial_deadlock, Kind::non_termination};

const Primitive primitive("pool");

const Registration registration{{
    primitive.right("fixed",
                    "Threads over one queue: what is taken in is run or cancelled, what comes late is refused.",
                    whole_contract<pool::Fixed>, no_std_types()),
    primitive.right("helping", "A task that waits for its own task runs others meanwhile, instead of holding a worker.",
                    tasks_that_wait_for_tasks<pool::helping_wait>, no_std_types()),

    hangs(primitive.broken(
        "submit_after_shutdown_lost", "Takes in a task after the workers have gone home: its future waits for ever.",
        submit_while_it_is_shut_down<pool::SubmitAfterShutdownLost>,
        {
            {Checker::explore, finds(Kind::deadlock, kEndlessWaits)},
            {Checker::tsan, may_find(Kind::hang, "the worker must be gone before the task is submitted")},
            {Checker::relacy, no_std_types()},
        })),
    hangs(primitive.broken("nested_submit_deadlock",
                           "Every worker waits for a task that only another worker could run.",
                           tasks_that_wait_for_tasks<pool::blocking_wait>,
                           {
                               {Checker::explore, finds(Kind::deadlock, kEndlessWaits)},
                               {Checker::tsan, may_find(Kind::hang, "both workers must take an outer task first")},
                               {Checker::relacy, no_std_types()},
                           })),
    hangs(primitive.broken("exception_swallowed",
                           "The worker survives what its task throws, and tells nobody: the future waits for ever.",
                           a_value_and_an_exception<pool::ExceptionSwallowed>,
                           {
                               {Checker::explore, finds(Kind::deadlock, kEndlessWaits)},
                               {Checker::tsan, finds(Kind::hang)},
                               {Checker::relacy, no_std_types()},
                           })),
    hangs(primitive.broken("join_without_close", "Joins workers that still wait for tasks, because nobody closed.",
                           joined_before_it_is_closed<pool::JoinWithoutClose>,
                           {
                               {Checker::explore, finds(Kind::deadlock, kEndlessWaits)},
                               {Checker::tsan, finds(Kind::hang)},
                               {Checker::relacy, no_std_types()},
                           })),
    primitive.broken("shutdown_drops_queued", "The workers go home at the shutdown, whatever is still queued.",
                     shut_down_with_work_left<pool::ShutdownDropsQueued>,
                     {
                         {Checker::explore, finds(Kind::assertion)},
                         {Checker::tsan, finds(Kind::assertion)},
                         {Checker::relacy, no_std_types()},
                     }),
    hangs(primitive.broken("shutdown_wakes_one", "The shutdown wakes one worker; the other sleeps on, and is joined.",
                           shut_down_idle<pool::ShutdownWakesOne>,
                           {
                               {Checker::explore, finds(Kind::deadlock, kEndlessWaits)},
                               {Checker::tsan, may_find(Kind::hang, "both workers must be asleep by then")},
                               {Checker::relacy, no_std_types()},
                           })),
    primitive.broken("cancelled_yet_run", "The worker runs its task even if it was cancelled after it was queued.",
                     cancelled_or_run<pool::CancelledYetRun>,
                     {
                         {Checker::explore, finds(Kind::exception)},
                         {Checker::tsan, finds(Kind::exception)},
                         {Checker::relacy, no_std_types()},
                     }),
}};

}  // namespace
}  // namespace racecourse::catalogue
