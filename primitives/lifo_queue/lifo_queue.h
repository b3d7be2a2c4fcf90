// LIFO queue: items handed from thread to thread, last in, first out. A stack with the operations of a queue.
//
// Operations: those of primitives/queue/queue.h. task_done(), join() and qsize() exist in `Locked` only; maxsize() is 0
// in `TreiberHazard`, and in `Treiber` the number of nodes that it was made with.
//
// Invariants (the code cites them by number)
//   S1  Order: an item that is got is the last put of those that are still there.
//   S2  Nothing is lost or doubled: each item that was put is got once, by one thread.
//   S3  Bound: it never holds more than maxsize() items, unless that is 0.
//   S4  Progress: no thread waits for ever in get() while there is an item for it, nor in put() while there is room.
//   S5  Visibility: what was written before a put is seen after the get that returns the item.
//
// Linearizable: `Locked`, `TreiberHazard`, and `Treiber` but for one thing: its try_put() may report full while the
// node of an item that was got a moment ago is on its way back, which is before that get has ended.
//
// `Locked` sleeps while it waits. The others are lock-free, and their put() and get() try again and yield. A stack has
// one end, so all its threads meet at one word: under heavy use they are no faster than a good lock. Their gain is that
// a thread that is stopped stops nobody else.
//
// Errors: as in queue.h. A `Treiber` with a maxsize of 0, or more than 2^32 - 1, throws std::invalid_argument.
//
// Ordering promise: as in queue.h, for the two ends of one item.
//
// Misuse: that of queue.h; and fairness expected of it: the first item waits until all later ones are gone, perhaps for
// ever.
//
// Python: queue.LifoQueue.
//   q = LifoQueue(8); q.put(x); x = q.get()         lifo_queue::Locked<X> q(8); q.put(x); x = q.get();
// Both are the queue of that language with another way to keep the items. What the global interpreter lock hides:
// list.append and list.pop make a stack that any threads may share. In C++ a std::vector does not, and neither does a
// linked list whose head is atomic: aba.h and use_after_pop.h are what is left to go wrong.
//
// Example
//   racecourse::lifo_queue::Treiber<int> idle(4);   // which of four connections is free; the warmest first
//   for (int i = 0; i < 4; i++) idle.put(i);
//   std::thread worker([&] {
//     const int connection = idle.get();
//     use(connection);
//     idle.put(connection);
//   });
//   worker.join();
//
// Variants                                       differs from         fault
//   locked.h             Locked
//   treiber.h            Treiber
//   treiber_hazard.h     TreiberHazard
//   aba.h                Aba                     treiber.h            the word does not say that it was changed
//   plain_next.h         PlainNext               treiber.h            a link that others may read is not atomic
//   stale_next.h         StaleNext               treiber.h            the link may be older than the word
//   node_back_too_soon.h NodeBackTooSoon         treiber.h            a node is free before its item is out
//   use_after_pop.h      UseAfterPop             treiber_hazard.h     a node is freed while others read it
#pragma once

#include <racecourse/primitives/queue/queue.h>

namespace racecourse::lifo_queue {

using queue::checked_bound;
using queue::kCacheLine;
using queue::SpinToWait;

}  // namespace racecourse::lifo_queue
