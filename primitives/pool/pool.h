// Pool and future: a fixed number of threads runs the tasks that others hand in; each task leaves its result in a
// future.
//
// Operations of a pool
//   submit(f, args...)          queues f(args...), called once, and returns its future; f and args may be move-only
//   map(f, range)               f of every element, by the workers; waits; the results in the order of the range
//   apply_async(f, done, fail)  submit, and one of two callbacks: done(result), or fail(exception_ptr)
//   run_one()                   runs one queued task in the calling thread: false if none is queued
//   close()                     no more submits; what is queued still runs; may be called again
//   join()                      waits until a closed pool has run everything and its threads have ended
//   shutdown({wait, cancel_pending})   close; cancels what has not begun; join, unless wait is false. The destructor
//                               calls shutdown(), so a block with a pool in it is Python's with-block
// Operations of a future (future.h), a handle that may be copied: all copies stand for the same task
//   result()          waits; the value, or throws the task's exception. An rvalue future moves the value out
//   exception()       waits; the task's exception, null if it returned
//   wait(), wait_for(d), done()
//   cancel()          true if the task has not begun, and now never will; result() then throws Cancelled
//   on_done(g)        g(future) when it is resolved: in the worker, or here and now if it is resolved already
//   as_completed(futures)   the futures, in the order in which they are resolved   (as_completed.h)
//
// Invariants (the code cites them by number)
//   F1  A future is resolved exactly once: with the value, or the exception, or Cancelled.
//   F2  Every task that was taken in is run or cancelled; so every future is resolved, at the latest by the destructor.
//   F3  A task runs at most once, and never after a cancel() that returned true.
//   F4  Who sees a future resolved, sees everything that its task did.
//   F5  Workers take the tasks in the order of their submits; two workers may begin the next two in either order.
//   F6  Tasks that wait for none but tasks that they submitted themselves all end, if they wait with helping_wait().
//
// Errors
//   submit() to a closed pool, join() of an open one: std::logic_error; nothing has changed. A pool of 0 workers:
//   std::invalid_argument. No thread to be had: std::system_error, and those that had started are ended.
//   An exception that leaves a task goes into its future. One that leaves a callback ends the program (noexcept):
//   there is no future left that could carry it.
//
// Ordering promise: submit() happens-before its task; the end of a task happens-before whatever returns because of it:
// result(), wait(), a done() that is true, a callback. Two tasks are ordered by nothing but that.
//
// Misuse
//   - result() inside a task, for another task of the same pool: when every worker waits like this, nobody is left to
//     run what they wait for (nested_submit_deadlock.h); use helping_wait()
//   - join(), shutdown() or the destructor of a pool inside one of its own tasks: a thread cannot join itself
//   - a future that is never asked: its exception is lost. Ask exception(), or pass an error callback
//   - two threads that move the value out of copies of one future
//
// Why not std::future: it has no callbacks, and without those neither as_completed() nor an error callback can be
// written except by asking every future in turn; it cannot be cancelled, and its result can be asked only once.
//
// Python: concurrent.futures.ThreadPoolExecutor, and close, join, apply_async of multiprocessing.Pool (run by threads
// here, like multiprocessing.pool.ThreadPool: what the workers must not share with each other is another primitive).
//   with ThreadPoolExecutor(3) as pool:             {  Fixed pool(3);
//     f = pool.submit(task, 1); print(f.result())      auto f = pool.submit(task, 1); print(f.result());  }
// There map() hands out results one by one, here all at once (as Pool.map does). What the global interpreter lock
// hides: tasks that append to one list or count in one dictionary get away with it there, since each such step is one
// bytecode or a C function. In C++ the tasks of a pool run at the same time: whatever two of them share needs a lock.
// And what it costs: there a pool of threads computes no faster than one thread; here it does.
//
// Example
//   racecourse::pool::Fixed pool(2);
//   auto squares = pool.map([](int x) { return x * x; }, std::vector{1, 2, 3});   // {1, 4, 9}
//   auto failing = pool.submit([] { throw std::runtime_error("no"); });
//   assert(failing.exception());
//
// Variants                                               differs from   fault
//   fixed.h                        Fixed
//   helping.h                      helping_wait()
//   submit_after_shutdown_lost.h   SubmitAfterShutdownLost  fixed.h       a late task is queued for nobody
//   exception_swallowed.h          ExceptionSwallowed       fixed.h       the worker keeps the exception
//   join_without_close.h           JoinWithoutClose         fixed.h       joins threads that were not told to end
//   shutdown_drops_queued.h        ShutdownDropsQueued      fixed.h       workers go home before the work is done
//   shutdown_wakes_one.h           ShutdownWakesOne         fixed.h       one worker hears of the shutdown
//   cancelled_yet_run.h            CancelledYetRun          fixed.h       nobody claims the task before running it
//   nested_submit_deadlock.h       blocking_wait()          helping.h     a worker that waits is no worker
#pragma once

#include <stdexcept>

namespace racecourse::pool {

struct Cancelled : std::runtime_error {
  Cancelled() : std::runtime_error("the task was cancelled before it began") {}
};

struct Shutdown {
  bool wait = true;             // for the threads to end
  bool cancel_pending = false;  // cancel the tasks that have not begun
};

}  // namespace racecourse::pool
