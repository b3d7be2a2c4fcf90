// Stop flag: one thread asks others to end; they look, finish what they are at, and go.
//
// Operations of a flag
//   request()      asks, once and for all; may be called again, from any thread
//   requested()    whether anybody has asked; never waits
//   wait()         sleeps until somebody asks             (condition_variable.h)
//   wait_for(d)    the same, at most about d: true if asked (condition_variable.h)
// Operations of a worker (worker.h): it repeats a step until its flag is raised, then runs a last function once.
//   stop()         raises the flag and waits for the thread; may be called again; the destructor does it too
//
// Invariants (the code cites them by number)
//   S1  Every thread that looks again and again, or sleeps in wait(), ends after a request.
//   S2  Who sees the request, sees also everything that was written before it.
//   S3  Before the first request, requested() is false.
//
// Errors: none of a flag's own. Starting the worker's thread may throw std::system_error.
//
// Ordering promise: request() releases and a requested() that returns true acquires, so what came before the first
// happens-before what comes after the second.
//
// Misuse
//   - a flag that dies before its thread: declare it before the thread, and stop the thread in the destructor
//   - a loop that looks at the flag only after blocking for ever (a read, a queue's get): a flag wakes nobody by itself
//   - taking the raised flag to mean that the thread has ended: that is what stop() and join are for
//
// Python: the stop_threads variable of the notes, and threading.Event.
//   while not stop_threads(): step()                while (!flag.requested()) step();
//   event.set(); t.join()                           flag.request(); thread.join();
// The notes keep the variable in four places: global, member, predicate passed in, member passed as a predicate. In C++
// too these differ only in who may reach the flag; what it is made of matters, and is the same in all four. What the
// global interpreter lock hides: a plain variable works there, because every read looks at memory and switching threads
// passes the lock on. In C++ a plain bool is a data race (plain_bool.h), and in a loop without a call the compiler
// reads it once and never again; volatile cures only the second (volatile_bool.h).
//
// Example
//   racecourse::stop_flag::AtomicBool stop;
//   std::thread worker([&] {
//     while (!stop.requested()) step();
//   });
//   stop.request();
//   worker.join();
//
// Variants                                                    differs from           fault
//   atomic_bool.h                 AtomicBool
//   stop_token.h                  StopToken
//   condition_variable.h          ConditionVariable
//   worker.h                      Worker<Flag>
//   plain_bool.h                  PlainBool                   atomic_bool.h          not atomic
//   volatile_bool.h               VolatileBool                atomic_bool.h          volatile is not atomic
//   relaxed_flag_publishes_data.h RelaxedFlagPublishesData    atomic_bool.h          S2 is not made
//   store_without_lock.h          StoreWithoutLock            condition_variable.h   the sleeper misses the request
//   flag_declared_after_thread.h  FlagDeclaredAfterThread     worker.h               the thread runs before its flag
#pragma once

#include <concepts>

namespace racecourse::stop_flag {

template <class F>
concept StopFlag = requires(F flag, const F& seen) {
  flag.request();
  { seen.requested() } -> std::same_as<bool>;
};

}  // namespace racecourse::stop_flag
