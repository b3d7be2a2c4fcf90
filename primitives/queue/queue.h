// Queue: items handed from thread to thread, first in, first out.
//
// Operations                                               of every queue, unless named otherwise
//   put(item)                 waits while it is full
//   try_put(item)             false if it is full now: the item is then still the caller's
//   try_put_for(item, d)      waits at most about d; d <= 0 tries once
//   get()                     waits while it is empty
//   try_get()                 an empty optional if it is empty now
//   try_get_for(d)            waits at most about d
//   empty(), full(), qsize()  what was true a moment ago: for logs, never to decide on (`MichaelScott`: empty() only)
//   maxsize()                 how many it holds at most; 0: as many as memory does
//   task_done()               `Locked` only: "an item that I got is finished"
//   join()                    `Locked` only: waits until as many were finished as were put
//
// Invariants (the code cites them by number)
//   Q1  Order: of two items the one whose put ended before the other's began is got first. So items of one producer
//       come in its order, whoever gets them.
//   Q2  Nothing is lost or doubled: each item that was put is got once, by one thread.
//   Q3  Bound: it never holds more than maxsize() items, unless that is 0.
//   Q4  Progress: no thread waits for ever in get() while there is an item for it, nor in put() while there is room.
//   Q5  Visibility: what was written before a put is seen after the get that returns the item.
//   Q6  join() returns only at a moment when every item that was put was also finished.
//
// Linearizable (each call takes effect at one moment between its start and its end): `Locked`, `MichaelScott`, and
// `SpscRing` with its one producer and one consumer. `MpmcRing` is weaker: its successful calls are, but try_get() may
// report empty, and try_put() full, while an earlier call of another thread has not ended (mpmc_ring.h says why).
//
// How a thread waits: in `Locked` it sleeps. The others are lock-free or nearly so, and their put() and get() try again
// and yield (`SpinToWait` below): good for short waits. `MichaelScott` is lock-free: some thread always gets on,
// whichever is stopped. `SpscRing` is even wait-free. `MpmcRing` is neither: a thread stopped in the middle of a put
// holds up all who come to its cell.
//
// Errors
//   Full and empty are no errors. `Locked::task_done()` more often than items were put throws std::logic_error and
//   changes nothing. A ring with a maxsize of 0 throws std::invalid_argument.
//   Items may be of a type that can only be moved. `Locked`: if an item's move throws, in put() or in get(), the queue
//   is as it was before, and nobody else's wakeup is lost. The others have no way back once they have claimed a place:
//   they take only types that move without throwing.
//
// Ordering promise: a put is at least memory_order_release and the get that returns its item at least
// memory_order_acquire. A full queue orders the other way too: the get that made room happens-before the put that used
// it.
//
// Misuse
//   - `while (queue.qsize() > 0) queue.get()`: another thread takes the last item in between; use try_get()
//   - `if (!queue.full()) queue.put(x)`: the same on the other side
//   - consumers that nobody tells that production is over: put one last item a consumer that says so
//   - task_done() before the work, or not at all when the work throws
//   - two producers on an `SpscRing` (the catalogue's queue/two_producers), or two consumers
//   - destroying it while a thread still waits in it
//
// Python: queue.Queue.
//   q.put(x, timeout=0.5)      # raises Full         if (!q.try_put_for(x, 500ms)) ...
//   x = q.get(); q.task_done(); q.join()             auto x = q.get(); q.task_done(); q.join();
// queue.Queue is `Locked`: one lock and condition variables around a deque. What the global interpreter lock hides: a
// bare list or deque works as a queue there, since each append and pop is one step. In C++ two unlocked calls of
// push_back are a data race, and even a look at size() beside one is (unsynchronized_size.h).
//
// Example
//   racecourse::queue::Locked<std::string> queue(8);
//   std::thread worker([&] {
//     for (std::string order = queue.get(); order != "stop"; order = queue.get()) { cook(order), queue.task_done(); }
//   });
//   queue.put("noodles");
//   queue.join();                                   // cooked
//   queue.put("stop");
//   worker.join();
//
// Variants                                         differs from       fault
//   locked.h               Locked
//   spsc_ring.h            SpscRing
//   michael_scott.h        MichaelScott
//   mpmc_ring.h            MpmcRing
//   one_cv_notify_one.h    OneCvNotifyOne            locked.h           one wakeup, and it may go to the wrong side
//   if_instead_of_while.h  IfInsteadOfWhile          locked.h           a woken getter does not look again
//   notify_first_only.h    NotifyFirstOnly           locked.h           a put wakes nobody unless it was empty
//   unsynchronized_size.h  UnsynchronizedSize        locked.h           qsize() takes no lock
//   relaxed_publish.h      RelaxedPublish            spsc_ring.h        the index arrives before the item
//   freed_at_once.h        FreedAtOnce               michael_scott.h    a node is freed while others read it
//   published_unfilled.h   PublishedUnfilled         mpmc_ring.h        the cell is handed over before it is filled
#pragma once

#include <racecourse/primitives/lock/lock.h>
#include <racecourse/primitives/sync/sync.h>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <utility>

namespace racecourse::queue {

using lock::Clock;
using lock::Deadline;
using lock::deadline_after;

[[noreturn]] inline void refuse_stray_task_done() { throw std::logic_error("task_done more often than put"); }

inline std::size_t checked_bound(std::size_t maxsize) {
  if (maxsize == 0) throw std::invalid_argument("this queue needs a maxsize");
  return maxsize;
}

// Two words that different threads write all the time must not share a line of the cache: each write would take the
// line away from the other. (std::hardware_destructive_interference_size may differ between two object files.)
inline constexpr std::size_t kCacheLine = 64;

// Waiting for a queue that has no place to sleep: try, and let others run.
template <class Self, class T>
class SpinToWait {
 public:
  void put(T item) {
    while (!self().try_put(std::move(item))) sync::pause();
  }

  template <class Rep, class Period>
  bool try_put_for(T&& item, std::chrono::duration<Rep, Period> timeout) {
    const Deadline deadline = deadline_after(timeout);
    while (!self().try_put(std::move(item))) {  // moves only if it succeeds
      if (Clock::now() >= deadline) return false;
      sync::pause();
    }
    return true;
  }

  template <class Rep, class Period>
  bool try_put_for(const T& item, std::chrono::duration<Rep, Period> timeout) {
    return try_put_for(T(item), timeout);
  }

  T get() {
    while (true) {
      if (std::optional<T> item = self().try_get()) return std::move(*item);
      sync::pause();
    }
  }

  template <class Rep, class Period>
  std::optional<T> try_get_for(std::chrono::duration<Rep, Period> timeout) {
    const Deadline deadline = deadline_after(timeout);
    while (true) {
      if (std::optional<T> item = self().try_get()) return item;
      if (Clock::now() >= deadline) return std::nullopt;
      sync::pause();
    }
  }

 private:
  Self& self() { return static_cast<Self&>(*this); }
};

template <class Q, class T>
concept Queue = requires(Q queue, const Q& seen, T item) {
  queue.put(std::move(item));
  { queue.try_put(std::move(item)) } -> std::same_as<bool>;
  { queue.try_put_for(std::move(item), std::chrono::milliseconds(1)) } -> std::same_as<bool>;
  { queue.get() } -> std::same_as<T>;
  { queue.try_get() } -> std::same_as<std::optional<T>>;
  { queue.try_get_for(std::chrono::milliseconds(1)) } -> std::same_as<std::optional<T>>;
  { seen.empty() } -> std::same_as<bool>;
  { seen.maxsize() } -> std::same_as<std::size_t>;
};

}  // namespace racecourse::queue
