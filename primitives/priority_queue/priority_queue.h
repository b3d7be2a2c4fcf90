// Priority queue: items handed from thread to thread, the smallest first.
//
// Operations: those of `Locked` in primitives/queue/queue.h; put() is given items in any order. What is smaller,
// `Compare` says, std::less unless given.
//
// Invariants (the code cites them by number)
//   P1  Order: no item is got while a smaller one is there. So a get never returns an item if a smaller one was there
//       throughout the call.
//   P2  Nothing is lost or doubled: each item that was put is got once, by one thread.
//   P3  Bound: it never holds more than maxsize() items, unless that is 0.
//   P4  Progress: no thread waits for ever in get() while there is an item for it, nor in put() while there is room.
//   P5  Visibility: what was written before a put is seen after the get that returns the item.
//
// Linearizable: each call takes effect at one moment between its start and its end. Of equal items any may come first;
// to keep them in order, put std::pair(priority, number) with a number that grows.
//
// Errors: as in queue.h. A comparison that throws ends the program: the heap would be left in no order.
//
// Ordering promise: as in queue.h.
//
// Misuse
//   - changing what an item points to, and with it its place, while it is in the queue
//   - `if (queue.top().due <= now) queue.get()`: by then another thread may have got that item (peek_then_pop.h)
//   - urgent items without end: the others wait for ever; let what waits grow more urgent
//
// Python: queue.PriorityQueue.
//   q = PriorityQueue(); q.put((2, "b"))            priority_queue::Locked<std::pair<int, std::string>> q; q.put({2,
//   "b"}); rank, name = q.get()                            auto [rank, name] = q.get();
// Both put the smallest first; std::priority_queue puts the largest first. What the global interpreter lock hides:
// heapq on a bare list may be called by several threads, since each call is one step. A std::priority_queue may not be,
// and its two steps for one (top, then pop) are the reason for peek_then_pop.h, even with a lock in each.
//
// Example
//   racecourse::priority_queue::Locked<int> due;
//   due.put(30), due.put(10), due.put(20);
//   due.get();                                      // 10
//
// Variants                                             differs from          fault
//   locked.h                  Locked
//   size_checked_unlocked.h   SizeCheckedUnlocked      queue/locked.h        looks before it locks, and never again
//   peek_then_pop.h           PeekThenPop              queue/locked.h        two sections where one is needed
#pragma once

#include <racecourse/primitives/queue/queue.h>

namespace racecourse::priority_queue {

using queue::Deadline;
using queue::deadline_after;
using queue::refuse_stray_task_done;

}  // namespace racecourse::priority_queue
