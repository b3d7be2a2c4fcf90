// Process queue: items handed from process to process, first in, first out, through shared memory.
//
// Operations
//   put(item)                 waits while it is full
//   try_put(item)             false if it is full now
//   try_put_for(item, d)      waits at most about d; d <= 0 tries once
//   put_with(fill)            put, where fill(T&) writes the item in its place, under the queue's lock
//   get()                     waits while it is empty
//   try_get()                 an empty optional if it is empty now
//   try_get_for(d)            waits at most about d
//   task_done()               "an item that I got is finished"
//   join(), try_join_for(d)   waits until as many were finished as were put; false if d passed first
//   empty(), full(), qsize()  what was true a moment ago: for logs, never to decide on
//   maxsize()                 how many it holds at most; 0: as many as 64 MiB do
// The object is a handle. A copy is another handle on the same queue, and so is what a forked child finds in its
// memory.
//
// Invariants (the code cites them by number)
//   Q1  Order: of two items the one whose put ended before the other's began is got first.
//   Q2  Nothing is lost or doubled: each item that was put is got once, by one process.
//   Q3  Bound: it never holds more than maxsize() items.
//   Q4  Progress: no process waits for ever in get() while there is an item for it, nor in put() while there is room.
//   Q5  Visibility: what a process wrote to shared memory before a put is seen after the get that returns the item.
//   Q6  join() returns only at a moment when every item that was put was also finished.
//   Q7  All of this holds whichever process dies, and wherever: between any two instructions the state is one that a
//       finished operation leaves, so that the survivors have nothing to repair. A put cut short has not happened. An
//       item that was got died with the process that got it; it stays unfinished, so join() waits: use try_join_for().
//
// Errors
//   Full and empty are no errors. task_done() more often than items were put throws std::logic_error and changes
//   nothing; so does a put_with() whose fill throws. No room for the queue: std::bad_alloc.
//   Items must be trivially copyable: another process cannot follow a pointer into this one's memory.
//
// Ordering promise: everything before one operation in one process happens-before the next operation in another, as
// between threads under one mutex, for memory that both share.
//
// Misuse
//   - making the queue after the fork: each process then has a queue of its own
//   - a result left in a global variable: the parent's copy never changes
//   - `while (!queue.empty()) queue.get()`, and a consumer that polls empty() for ever: nobody tells it that no more
//     will come; put one last item for each consumer that says so
//   - join() on the consumer process before its last item is taken
//
// Python: multiprocessing.Queue, JoinableQueue and Manager().Queue.
//   q.put(4, timeout=1)        # raises Full         if (!q.try_put_for(4, 1s)) ...
//   x = q.get(); q.task_done(); q.join()             int x = q.get(); q.task_done(); q.join();
// There an object is pickled, handed to a feeder thread and sent through a pipe, so qsize() and empty() lag behind
// put(); and a process that is killed while it holds the pipe's lock leaves all others waiting. A Manager's queue lives
// in a process of its own instead, and each operation is a message to it. What the global interpreter lock hides:
// nothing here. Each process has an interpreter, and a lock, of its own; that is why the notes take processes for
// computing, and why every mistake below is one in Python too.
//
// Example
//   racecourse::process_queue::Robust<int> queue(3);
//   racecourse::process::Child worker([&] {
//     for (int order = queue.get(); order >= 0; order = queue.get()) { cook(order), queue.task_done(); }
//   });
//   queue.put(7);
//   queue.join();                                    // cooked
//   queue.put(-1);
//
// How it is checked: the search runs it with threads that stand for the processes, each with a handle of its own; real
// processes, killed ones among them, run it under ThreadSanitizer and in the tests. A thread can stand for a process
// that waits, wakes, excludes and dies, but not for one whose futex is private: lock_not_process_shared.h is seen with
// real processes only.
//
// Variants                                                 differs from   fault
//   robust.h                   Robust
//   task_done_twice.h          TaskDoneTwice               robust.h       one task_done too many is not refused
//   owner_dies_holding_lock.h  OwnerDiesHoldingLock        robust.h       the lock stays with a dead process
//   lock_in_private_memory.h   LockInPrivateMemory         robust.h       each process locks a lock of its own
//   lock_not_process_shared.h  LockNotProcessShared        robust.h       a release wakes only its own process
#pragma once

#include <racecourse/primitives/lock/lock.h>
#include <racecourse/primitives/process/bell.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <type_traits>

namespace racecourse::process_queue {

using process::Deadline;
using process::kForEver;
using process::kNoWait;

[[noreturn]] inline void refuse_stray_task_done() { throw std::logic_error("task_done more often than put"); }

// How many items a queue of this maxsize has room for.
template <class T>
std::size_t capacity(std::size_t maxsize) {
  constexpr std::size_t kUnbounded = 64 << 20;  // bytes
  return maxsize > 0 ? maxsize : kUnbounded / sizeof(T);
}

// The operations, from the three that a queue must have:
//   insert(fill, deadline), remove(deadline), wait_until_finished(deadline)
template <class Self, class T>
class Operations {
  static_assert(std::is_trivially_copyable_v<T>, "another process cannot follow this one's pointers");

 public:
  void put(const T& item) { self().insert(copy_of(item), kForEver); }
  bool try_put(const T& item) { return self().insert(copy_of(item), kNoWait); }
  template <class Rep, class Period>
  bool try_put_for(const T& item, std::chrono::duration<Rep, Period> timeout) {
    return self().insert(copy_of(item), lock::deadline_after(timeout));
  }
  template <class Fill>
  void put_with(Fill fill) {
    self().insert(fill, kForEver);
  }

  T get() { return *self().remove(kForEver); }
  std::optional<T> try_get() { return self().remove(kNoWait); }
  template <class Rep, class Period>
  std::optional<T> try_get_for(std::chrono::duration<Rep, Period> timeout) {
    return self().remove(lock::deadline_after(timeout));
  }

  void join() { self().wait_until_finished(kForEver); }
  template <class Rep, class Period>
  bool try_join_for(std::chrono::duration<Rep, Period> timeout) {
    return self().wait_until_finished(lock::deadline_after(timeout));
  }

 private:
  static auto copy_of(const T& item) {
    return [&item](T& slot) { slot = item; };
  }
  Self& self() { return static_cast<Self&>(*this); }
};

}  // namespace racecourse::process_queue
