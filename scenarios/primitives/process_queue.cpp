// The process queue, right and broken: explored with threads that stand for processes (worlds.h), and run with real
// processes in the tsan link.
#undef NDEBUG  // the bodies report through assert, whatever the build type
#include <racecourse/primitives/process/shared_memory.h>
#include <racecourse/primitives/process_queue/lock_in_private_memory.h>
#include <racecourse/primitives/process_queue/lock_not_process_shared.h>
#include <racecourse/primitives/process_queue/owner_dies_holding_lock.h>
#include <racecourse/primitives/process_queue/robust.h>
#include <racecourse/primitives/process_queue/task_done_twice.h>
#include <racecourse/scenarios/primitives/declare.h>
#include <racecourse/scenarios/primitives/worlds.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace racecourse::catalogue {
namespace {

using namespace std::chrono_literals;
using process_queue::LockInPrivateMemory;
using process_queue::LockNotProcessShared;
using process_queue::OwnerDiesHoldingLock;
using process_queue::Robust;
using process_queue::TaskDoneTwice;

// What the processes tell the one that asserts.
using Number = process::SharedMemory<std::atomic<int>>;

// Q7 and Q6: one process dies in the middle of a put. The others carry on, and join() knows what was finished.
template <class Queue, class World>
void survives_a_dead_owner() {
  Queue queue(2);
  Number worked(0);
  typename World::Running victim([queue]() mutable {
    queue.put_with([](int& slot) {
      slot = 1;
      World::die();
    });
  });
  typename World::Running worker([queue, worked]() mutable {
    *worked += queue.get();
    queue.task_done();
  });
  queue.put(2);
  queue.join();
  assert(*worked == 2);
  victim.ends(Ending::killed);
  worker.ends(Ending::well);
}

// Q2: two processes put at the same time. Filling a slot takes a while, as with large items.
template <class Queue, class World>
void two_puts_arrive() {
  Queue queue(2);
  auto put = [queue](int item) mutable {
    queue.put_with([item](int& slot) {
      slot = item;
      std::this_thread::sleep_for(1ms);
    });
  };
  typename World::Running first([put]() mutable { put(1); });
  typename World::Running second([put]() mutable { put(2); });
  first.ends(Ending::well);
  second.ends(Ending::well);
  const int one = queue.try_get().value_or(0), other = queue.try_get().value_or(0);
  assert(one + other == 3 && one != 0 && other != 0);
}

// Errors, and Q6: a worker that says "done" twice is told so, and join() goes on waiting for the next item.
template <class Queue, class World>
void join_after_stray_done() {
  Queue queue;
  Number worked(0);
  queue.put(1);
  queue.get();
  queue.task_done();
  try {
    queue.task_done();
  } catch (const std::logic_error&) {
  }
  typename World::Running worker([queue, worked]() mutable {
    *worked += queue.get();
    queue.task_done();
  });
  queue.put(2);
  queue.join();
  assert(*worked == 2);
  worker.ends(Ending::well);
}

// Q4: one process wants the lock while another holds it.
template <class Queue, class World>
void waits_for_the_lock() {
  Queue queue;
  Number inside(0);
  typename World::Running holder([queue, inside]() mutable {
    queue.put_with([&](int& slot) {
      *inside = 1;
      std::this_thread::sleep_for(20ms);  // until the other has fallen asleep
      slot = 1;
    });
  });
  typename World::Running other([queue, inside]() mutable {
    while (*inside == 0) std::this_thread::sleep_for(1ms);
    queue.put(2);
  });
  holder.ends(Ending::well);
  other.ends(Ending::well);
  assert(queue.qsize() == 2);
}

#define IN_BOTH_WORLDS(body, queue) in_both_worlds<body<queue<int>, Threads>, body<queue<int>, Processes>>

Expectation no_processes() { return not_run("it sleeps in the kernel, in memory that processes share"); }

const Primitive primitive("process_queue");

const Registration registration{{
    IN_BOTH_WORLDS(survives_a_dead_owner, Robust)(primitive.right(
        "robust", "A ring in shared memory; whoever dies with its lock leaves the others a whole queue.", {},
        no_processes())),

    hangs(IN_BOTH_WORLDS(join_after_stray_done, TaskDoneTwice)(primitive.broken(
        "task_done_twice", "A second task_done() is not refused, and join() returns while an item is in work.", {},
        {
            // If the worker is quick, more are finished than put, and join() waits for ever.
            {Checker::explore, finds(Kind::assertion, {Kind::deadlock})},
            {Checker::tsan, finds(Kind::assertion, {Kind::hang})},
            {Checker::relacy, no_processes()},
        }))),
    hangs(IN_BOTH_WORLDS(survives_a_dead_owner, OwnerDiesHoldingLock)(primitive.broken(
        "owner_dies_holding_lock", "A process is killed in the middle of a put, and its lock is never free again.", {},
        {
            {Checker::explore, finds(Kind::deadlock)},
            {Checker::tsan, finds(Kind::hang)},
            {Checker::relacy, no_processes()},
        }))),
    IN_BOTH_WORLDS(two_puts_arrive, LockInPrivateMemory)(
        primitive.broken("lock_in_private_memory",
                         "Each process locks its own copy of the lock: both fill one slot, an item is lost.", {},
                         {
                             {Checker::explore, finds(Kind::assertion, {Kind::data_race})},
                             // ThreadSanitizer watches one process at a time, and sees no race between two.
                             {Checker::tsan, finds(Kind::assertion)},
                             {Checker::relacy, no_processes()},
                         })),
    hangs(IN_BOTH_WORLDS(waits_for_the_lock, LockNotProcessShared)(primitive.broken(
        "lock_not_process_shared", "The lock excludes other processes, but its release wakes only its own.", {},
        {
            {Checker::explore,
             cannot_see("threads stand for the processes here, and a release does wake the threads of its process")},
            {Checker::tsan, finds(Kind::hang)},
            {Checker::relacy, no_processes()},
        }))),
}};

}  // namespace
}  // namespace racecourse::catalogue
