// What happened in one execution: the events that the runtime records when it replays a finding.
//
// Plain data without pointers into the traced program, so that it can live in memory shared between processes.
#pragma once

#include <cstdint>

namespace racecourse::report {

enum class Op : std::uint8_t {
  none,
  read,             // plain memory
  write,
  atomic_load,
  atomic_store,
  atomic_rmw,       // old_value -> value
  cas_success,      // old_value -> value
  cas_failure,      // read old_value; value is what was expected
  fence,
  mutex_lock,       // acquired; value is 1 if a robust mutex's last holder ended with it; old_value is 1 if the thread
                    // held it before
  mutex_try_failed,
  mutex_lock_timeout,
  mutex_unlock,     // old_value is 1 if the thread still holds it
  mutex_blocked,    // found it held; value is the holder's thread number
  rwlock_read_lock,
  rwlock_write_lock,
  rwlock_unlock,
  rwlock_blocked,
  cond_wait,        // released the mutex and sleeps
  cond_woken,       // value is 1 if nobody woke it
  cond_timeout,
  cond_signal,      // value: how many threads were woken
  cond_broadcast,   // value: how many threads were woken
  futex_wait,       // sleeps because the word was still `value`
  futex_no_wait,    // returned at once: the word was no longer `value`; old_value is what it held
  futex_woken,      // old_value is 1 if nobody woke it
  futex_timeout,
  futex_wake,       // value: how many threads were woken
  sem_wait,
  sem_blocked,
  sem_post,
  barrier_wait,
  barrier_passed,
  thread_create,    // value: the new thread's number
  thread_begin,
  thread_end,
  thread_join,      // value: the thread joined
  join_blocked,     // value: the thread waited for
  thread_detach,
  thread_cancel,    // value: the thread that is to end
  thread_cancelled,
  once_enter,
  once_done,
  once_blocked,
  guard_enter,
  guard_done,
  yield,
  spin,             // the runtime recognised a spin and let others run
  sleep,            // value: nanoseconds
  sleep_done,
  clock,            // value: nanoseconds read
  allocate,         // address, value: size
  release,          // free/delete of address
  output,           // wrote to a stream; value: bytes
  outcome,
  finding,          // value: index into the findings
};

// Why the thread of this event runs now although another thread ran before (on the first event after a switch).
enum class Switch : std::uint8_t {
  none,       // same thread as before
  preempted,  // the previous thread could have gone on
  blocked,    // the previous thread blocked
  ended,      // the previous thread ended
  yielded,    // the previous thread yielded, slept or spun
  timeout,    // this thread's timeout fired
};

struct Event {
  std::uint64_t address;    // object acted on, 0 if none
  std::uint64_t value;      // value read or written; see Op
  std::uint64_t old_value;  // value before (RMW), see Op
  std::uint64_t pc;         // return address: look up pc - 1
  std::uint32_t stack;      // index of the innermost frame in `frames`, 0: none
  std::uint32_t tick;       // global tick at which it happened
  std::uint16_t thread;
  Op op;
  std::uint8_t size;        // bytes accessed, 0 if not a memory access
  std::uint8_t order;       // std::memory_order of an atomic operation
  Switch reason;
  std::uint8_t value_known; // plain accesses wider than 8 bytes record no value
  std::uint8_t pad[1];
};

// Call stacks as a tree: frame 0 is "no frame". `pc` is the return address in the caller.
struct Frame {
  std::uint64_t pc;
  std::uint32_t parent;
  std::uint32_t depth;
};

// What a thread was doing when the execution ended.
enum class Wait : std::uint8_t {
  none,
  mutex,
  condition,
  rwlock_read,
  rwlock_write,
  semaphore,
  barrier,
  futex,
  join,
  once,
  guard,
  sleep,
  never,  // blocked for ever by its own doing (relock of a plain mutex)
};
inline constexpr int kWaits = static_cast<int>(Wait::never) + 1;
enum class ThreadState : std::uint8_t { unused, runnable, blocked, ended };

struct ThreadEnd {
  ThreadState state;
  Wait wait;
  std::uint16_t parent;        // creator
  std::uint16_t wait_thread;   // join: thread waited for; mutex: holder; 0xffff: none
  std::uint8_t has_deadline;   // the wait would have ended by itself
  std::uint8_t pad[1];
  std::uint64_t wait_object;
  std::uint64_t wait_value;    // futex: the value slept on
  std::uint64_t wait_pc;
  std::uint32_t wait_stack;    // frame index
  std::uint32_t create_stack;
  char name[16];               // pthread_setname_np, else empty
};

// One finding as the runtime saw it.
struct RawFinding {
  std::uint8_t kind;             // racecourse::Kind
  std::uint8_t thread_is_write;  // data races: what `thread` did (else read)
  std::uint8_t other_is_write;   // data races: what `other` did
  std::uint8_t access_size;
  std::uint16_t thread;          // who was running
  std::uint16_t other;           // the far side, 0xffff: none
  std::uint32_t tick;
  std::uint64_t address;         // memory or object concerned
  std::uint64_t pc;              // where (return address), 0: unknown
  std::uint32_t stack;           // frame index, 0: unknown
  std::int32_t line;             // when the source itself said where (assert, EXPECT)
  std::uint64_t place;           // identity of the place: equal for the same bug at the same place
  char file[192];
  char message[640];
};

// A heap block that was alive, or recently freed, at the end: lets the report name addresses.
struct Block {
  std::uint64_t base;
  std::uint64_t size;
};

}  // namespace racecourse::report
