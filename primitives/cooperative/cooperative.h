// Cooperative tasks: many tasks on one thread, which change places only where the code says so.
//
// Operations of a task, a coroutine that returns Task (loop.h)
//   co_await loop.yield()          lets every other task that is ready run first
//   co_await loop.sleep_for(d)     lets others run for at least d
//   co_await task(...)             runs another coroutine to its end; what it throws is thrown here
//   co_await event.wait()          until somebody calls set()                              (event.h)
//   co_await channel.put(x), get() waits while it is full, or empty; capacity 0: unbounded (channel.h)
//   co_await mutex.lock()          a guard; the next in line gets the mutex                (mutex.h)
//   co_await Unblocked(loop, f)    a blocking call in a thread of its own; its result      (unblocked.h)
//   co_await FirstOf(loop, f, g)   two such calls; the result of the faster one            (first_of.h)
//   co_await wait_until(loop, c)   asks c() again and again, and lets others run           (polling.h)
// Operations of the loop
//   spawn(task)    takes the task in, to run beside the others; returns a handle: done(), co_await join()
//   run()          runs all tasks to their ends, in the calling thread
//   now()          the time as of this turn
//   post(handle)   makes a task ready; the only call here that other threads may make: those of run_outside(f), which
//                  run() knows, and waits for
// Generator<T> (generator.h) needs no loop: co_yield hands out one value, and next() asks for the next.
//
// Invariants (the code cites them by number)
//   C1  One task runs at a time, and only a co_await that has to wait lets another run. What a task does between two of
//       them is atomic to all others.
//   C2  Fairness: ready tasks run in the order in which they became ready; so while one waits for its turn, no other
//   has
//       more than one.
//   C3  Sleepers wake in the order of their times, and with equal times in the order in which they went to sleep.
//   C4  A task is resumed once for each time it waits: never while it runs, and never after its end.
//   C5  No update is lost across a suspension, by those that hold a mutex across it or do not suspend in the middle.
//
// Errors
//   run() throws std::logic_error if the tasks that are left wait for each other and nobody else could wake them; it
//   ends them first, as an exception would, and what they waited for (a channel, say) must not be used again. An
//   exception that ends a spawned task is thrown by its join(); if nobody joins it, by run(), at the end.
//
// Ordering promise: all tasks run in one thread, so among them there are no data races, whatever they share. What a
// thread does before post() happens-before what the task does next. Everything else here belongs to the loop's thread.
//
// Misuse
//   - a loop without co_await, or a call that blocks: nobody else runs meanwhile (never_yields.h,
//     blocking_call_blocks_all.h)
//   - to read, wait, and write what was read: between the two, others ran (atomic_assumption_broken_by_await.h)
//   - a coroutine that takes a temporary by reference, or a lambda with captures: both are dead at its first co_await
//
// Python: generators, greenlet and gevent.
//   gevent.joinall([gevent.spawn(f, 5), ...])       loop.spawn(f(5)); ... loop.run();
//   monkey.patch_all(); time.sleep(1)               co_await loop.sleep_for(1s);
// A generator gives way to its caller, a greenlet to one that it names, a task here to whoever is next in the queue, as
// in gevent. There every function on the stack may switch, so after patch_all() an innocent call does; in C++ only a
// co_await can, and shows in the code. What the global interpreter lock hides: nothing here. These tasks share one
// thread in both languages, and so the lost update of C5 is the same in both: no lock of the interpreter's prevents it.
//
// Example
//   Task count(Loop& loop, int n) { for (int i = 0; i < n; i++) co_await loop.yield(); }
//   racecourse::cooperative::Loop loop;
//   loop.spawn(count(loop, 5)), loop.spawn(count(loop, 5));
//   loop.run();
//
// Variants                                                                differs from            fault
//   loop.h                               Loop
//   polling.h                            wait_until()
//   unblocked.h                          Unblocked
//   first_of.h                           FirstOf
//   locked_across_await.h                LockedAcrossAwait
//   no_await_between.h                   NoAwaitBetween
//   never_yields.h                       spin_until()                       polling.h             nobody else runs
//   blocking_call_blocks_all.h           BlockingCallBlocksAll              unblocked.h           blocks the loop's
//   thread resumed_twice.h                      ResumedTwice                       first_of.h            both calls
//   resume atomic_assumption_broken_by_await.h  AtomicAssumptionBrokenByAwait      locked_across_await.h writes what is
//   out of date
#pragma once

#ifndef __cpp_impl_coroutine
#error "Cooperative tasks need C++20 coroutines: g++ or clang++ with -std=c++20."
#endif
