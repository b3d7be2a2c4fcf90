// Inside the runtime: the state of a controlled execution, and what the interposed functions are written with.
//
// In a worker every thread of the body is a fiber on one OS thread. A fiber switches only inside `point()`, `block()`,
// `yield()` and `end_thread()`. Interposed functions do their work on plain memory: nothing else runs meanwhile.
//
// The pattern of an interposed function:
//
//   extern "C" int pthread_mutex_trylock(pthread_mutex_t* mutex) {
//     if (!controlled()) return real.pthread_mutex_trylock(mutex);
//     point(CALLER, on(mutex, Access::try_lock));  // others may run first
//     if (taken) { event(Op::mutex_try_failed, mutex, CALLER); return EBUSY; }
//     ...; acquire(mutex); event(Op::mutex_lock, mutex, CALLER); return 0;
//   }
//
// All mutable state of the runtime lives in `rt` (a page-aligned section that the snapshot of globals leaves out) or in
// memory that the runtime maps itself: anything else would be reset between executions.
#pragma once

#include <racecourse/checkers/finding.h>
#include <racecourse/checkers/report/trace.h>
#include <racecourse/checkers/runtime/shared_block.h>
#include <racecourse/checkers/schedule/strategy.h>

#include <cstddef>
#include <cstdint>

namespace racecourse::schedule {
struct Noted;
}

#define RC_LIKELY(x) __builtin_expect(!!(x), 1)
#define RC_UNLIKELY(x) __builtin_expect(!!(x), 0)
// For the few lines that every access passes through: too many callers for the compiler to do it by itself.
#define RC_INLINE [[gnu::always_inline]] inline
// The address in the user's code that an interposed function returns to.
#define RC_CALLER reinterpret_cast<std::uint64_t>(__builtin_return_address(0))

namespace racecourse::runtime {

using report::Op;
using report::ThreadState;
using report::Wait;
using schedule::Access;
using schedule::Pending;

using Epoch = std::uint32_t;

// A vector clock; only the first rt.clock_size entries count.
struct alignas(16) Clock {
  Epoch of[256];
};

struct ThreadDestructor {
  void (*function)(void*);
  void* object;
};
inline constexpr int kMaxThreadDestructors = 256;
inline constexpr int kMaxKeys = 1024;

// What the scheduler knows of a thread.
struct Waiting {
  ThreadState state;
  Wait wait;
  bool timed_out;  // the last block() ended by its deadline
  bool has_release_fence;
  bool has_acquire_pending;
  std::uint16_t enabled_index;  // position in rt.enabled while runnable
  std::uint16_t wait_thread;    // see report::ThreadEnd
  std::uint32_t idle;           // reads that saw nothing new since this thread last changed anything (spin detection)
  std::uint64_t deadline;       // virtual nanoseconds, 0: none
  const void* wait_object;
  std::uint64_t wait_value;
  std::uint64_t wait_pc;
  std::uint64_t last_pc;      // of the last event (tracing only)
  std::uint32_t frame;        // innermost traced frame (tracing only)
  std::uint32_t lost_frames;  // calls that found no room for a frame
};

// What pthread_cancel() asked of a thread, and what the thread allows (interpose/cancel.h).
struct Cancel {
  bool requested;
  bool woke;      // from a wait that the request has ended
  bool disabled;  // by itself, or because it is ending
  bool anywhere;  // not at certain calls only
};

// What the thread was started for and leaves behind.
struct Work {
  void* (*start)(void*);
  void* argument;
  void* result;
  std::uint32_t create_stack;
  std::uint16_t parent;
  bool detached;
  bool joined;
  int destructor_count;
  int keys_used;                     // highest key set + 1
  void* robust;                      // the robust mutexes that it holds (interpose/robust.h)
  const volatile void* read_object;  // of its last atomic read in a search,
  std::uint64_t read_value;          // and what it saw there
  std::uint32_t raced_reads;         // of plain memory that threads race for, since it last wrote to such
  char name[16];
  Cancel cancel;
};

// Each is small enough to be cleared by a few stores.
static_assert(sizeof(Waiting) <= 72 && sizeof(Work) <= 88);

struct alignas(64) Fiber : Waiting, Work {
  // Used by every switch.
  void* stack_pointer;
  std::uint64_t fs_base;  // thread pointer: also the pthread_t of this thread
  // Race detection.
  std::uint64_t stamp;  // who and when, as in a cell of the race shadow: epoch << 32 | id << 24
  Clock* clock;
  Epoch* epoch;            // its own entry of `clock`
  Clock* release_fence;    // clock at the last release fence, if has_release_fence
  Clock* acquire_pending;  // joined at the next acquire fence, if has_acquire_pending
  // Belongs to the number, whoever has it.
  std::uint16_t id;  // index in rt.fibers, and the thread's number in reports: T0 is the body
  char* stack;       // lowest address above the guard page
  char* stack_top;   // where it begins
  std::size_t stack_size;
  ThreadDestructor* destructors;  // [kMaxThreadDestructors]
  void** keys;                    // [kMaxKeys], pthread_getspecific
};

struct Runtime {
  // ---- hot
  Fiber* current;  // running fiber, or &host
  // These three are read as one word, and with the next three as one: see controlled() and controlled_as_mostly().
  alignas(8) bool executing;  // a fiber of the body is running under control
  bool always_false;
  std::uint16_t ignore;  // >0: calls come from code that must add no scheduling points and no events
  bool unchecked;        // !checking
  bool attentive;        // a plain access may be more than a tick: tracing, or some memory raced before
  std::uint16_t always_zero;
  // These four are read as one word, too: see asks_as_mostly().
  bool contended;  // somebody else could run, or the strategy is asked all the same: points matter
  bool observed;   // events are of interest: tracing, recording for the strategy, or noted
  bool fair;       // the step limit was passed: round robin until the end
  bool searching;  // neither fair, by_ticks nor tracing: the strategy grants points, and end_tick is tick_limit
  bool checking;   // accesses are checked and happens-before is kept: see update_checking()
  bool tracing;
  bool race_check;
  bool has_shadow;            // the race shadow is mapped
  bool checks_all;            // what is too dear to be checked in every execution is in this one
  bool own_floating_point;    // see floating_point.h
  std::int32_t points_left;   // until the strategy is asked again; while not contended, see points_parked
  std::uint64_t tick;         // of this execution
  std::uint64_t switch_tick;  // the first tick at which end_tick or step_limit may be reached: see watch_limits()
  std::uint64_t end_tick;     // the tick at which the scheduler is entered at the latest
  std::uint64_t tick_limit;   // like step_limit, for loops of plain accesses
  std::uint64_t steps;        // synchronisation operations of this execution
  std::uint64_t step_limit;
  std::uint8_t* shared_map;  // bitmap of granules that raced in earlier batches

  // ---- scheduling
  schedule::Strategy* strategy;  // of this execution
  bool by_ticks;                 // strategy->counts_ticks()
  bool wants_wakeups;            // strategy->wants_wakeups()
  bool watched;                  // strategy->watches()
  bool recording;                // strategy->records()
  bool looks_ahead;              // strategy->looks_ahead(): `pending` is kept
  schedule::Place* places;       // strategy->places()
  schedule::Noted* noted;        // of this execution; null: it is not looked at
  std::uint16_t alone;           // as many enabled threads leave nothing to ask: 1, or 0 if watched
  std::uint32_t patience;        // idle reads in a row that a thread is granted as one point; 0: none, as in a replay
  std::uint32_t fair_turn;
  schedule::View asked;  // what the strategy is asked with
  // Only points passed while contended count. While not, points_left stands here, and a number that is not reached
  // stands there: so a point is counted without asking which of both it is.
  std::int32_t points_parked;
  std::uint64_t points_due;  // points_passed() when none will be left
  schedule::Random* random;  // for the runtime's own needs: what generators return
  std::uint16_t enabled_count;
  std::uint16_t timed_count;
  std::uint16_t waiting[report::kWaits];  // blocked threads, by what they wait for
  std::uint16_t thread_count;             // fibers used in this execution
  std::uint16_t clock_size;               // thread_count rounded up
  std::uint16_t unjoined;       // threads started of which T0 cannot know the end: not joined yet, or detached
  bool wake_pending;            // a thread became enabled since the last choice
  std::uint64_t now;            // virtual time, nanoseconds since the epoch
  std::uint64_t segment_start;  // tick at which the running segment began
  std::uint32_t pick_ordinal;
  std::uint64_t generation;     // of the clocks of synchronisation objects: one per execution
  std::uint64_t recent_atomic;  // see tsan_atomic.cpp
  Epoch base_epoch;             // every clock of this execution starts here
  Epoch max_epoch;

  SharedBlock* shared;
  bool prepared;  // this worker has taken its snapshot
  bool on_host_stack;
  bool stop_at_race;
  bool race_remembered;          // in shared_map
  std::uint8_t* raced_map;       // the same with those of this batch, shared with the workers of later ones
  std::uint32_t pending_event;   // tracing: the plain access whose value is read at the next event, +1; 0: none
  std::uint16_t last_traced;     // tracing: thread of the last event
  report::Switch switch_reason;  // why the current thread was switched to
  double watchdog_seconds;
  std::uint32_t call_index;  // which explore() of the process

  std::uint16_t enabled[256];
  std::uint16_t timed[256];  // by deadline, earliest first
  Pending pending[256];      // of those that do not run, and of the running one while the strategy is asked
  void* main_stack_pointer;  // of the caller of run_on_host_stack()
  Fiber host;
  Fiber fibers[256];
};

// The one instance. Its section is left out of the snapshot of globals.
extern Runtime rt;

// True on a fiber of the body whose calls are to be controlled.
inline bool controlled() {
  using Word [[gnu::may_alias]] = std::uint32_t;
  return RC_LIKELY(*reinterpret_cast<const Word*>(&rt.executing) == 1);  // executing, and nothing else
}

// The same, where a plain access is a tick and is checked, as in most of a search.
inline bool controlled_as_mostly() {
  using Word [[gnu::may_alias]] = std::uint64_t;
  return RC_LIKELY(*reinterpret_cast<const Word*>(&rt.executing) == 1);  // executing, and nothing else
}

// True where the scheduler has nothing else to do than to ask the strategy, as in most of a search.
inline bool asks_as_mostly() {
  using Word [[gnu::may_alias]] = std::uint32_t;
  return RC_LIKELY(*reinterpret_cast<const Word*>(&rt.contended) == 0x01000001);  // contended and searching
}

// By its number, whose multiple the compiler is to compute once.
RC_INLINE Fiber& fiber_at(std::uint32_t number) {
  Fiber* fiber = &rt.fibers[number];
  asm("" : "+r"(fiber));
  return *fiber;
}

inline Fiber& self() { return *rt.current; }

// While nobody but T0 ever ran or all who did were joined, what happens is ordered after everything before, and before
// everything that later threads do: nothing can race with it, and nobody has to be told of it. It may still use memory
// that was freed; that is looked for in some executions (looks_for_gone()), and leaves no trace in the shadow: what a
// fifth access evicts must not depend on which executions these are.
inline void update_checking() {
  const bool checking = rt.unjoined > 0 && rt.has_shadow;
  if (checking == rt.checking) return;
  rt.checking = checking;
  rt.unchecked = !checking;
}

// ---- scheduling (scheduler.cpp)

// Enters the scheduler: counts are due, or a limit was reached. `next` is what the current thread is about to do.
void reschedule(schedule::Reason reason, std::uint64_t pc, std::uint64_t object, Access access, std::uint32_t size,
                std::uint64_t also);
RC_INLINE void reschedule(schedule::Reason reason, std::uint64_t pc, const Pending& next) {
  reschedule(reason, pc, next.object, next.access, next.size, next.also);  // in registers
}
// An operation on `object`.
RC_INLINE Pending on(const volatile void* object, Access access, std::size_t size = 1) {
  return {reinterpret_cast<std::uint64_t>(object), access, static_cast<std::uint32_t>(size)};
}

// Every step is a tick, so that one comparison tells that neither limit can have been reached. When it tells nothing,
// it is made anew from what is left.
inline void watch_limits() {
  const std::uint64_t steps_left = rt.step_limit - rt.steps;
  rt.switch_tick = steps_left < rt.end_tick - rt.tick ? rt.tick + steps_left : rt.end_tick;
}

// One less; true when none is left. The compiler would need four instructions, at every point.
inline bool count_down(std::int32_t& left) {
  bool none;
  asm("subl $1, %0" : "+m"(left), "=@ccle"(none));
  return none;
}

// Counts one tick, one step and, if somebody else could run, one point. True when the scheduler must be entered.
inline bool count_point() {
  ++rt.tick;
  ++rt.steps;
  return RC_UNLIKELY(count_down(rt.points_left)) || RC_UNLIKELY(rt.tick >= rt.switch_tick);
}

// As points_left while not contended: more than there are points between two times that somebody else could run.
inline constexpr std::int32_t kNotCounted = 1 << 30;

// Scheduling points passed in this execution while contended.
inline std::uint64_t points_passed() {
  return rt.points_due - static_cast<std::uint64_t>(rt.contended ? rt.points_left : rt.points_parked);
}

// A scheduling point before the visible operation `next`: another thread may run first.
RC_INLINE void point(std::uint64_t pc, const Pending& next) {
  if (count_point()) reschedule(schedule::Reason::budget, pc, next);
}
// The current thread waits for `object` until wake() or, if `deadline` (virtual ns) is not 0, its timeout.
// Returns true when woken, false when the timeout fired. `wait_thread` names the holder or the thread joined;
// `wait_value` is the value that a futex sleeps on, or the mutex that a waiter on a condition variable takes back.
void block_until_woken(Wait why, const void* object, std::uint64_t pc, std::uint64_t deadline, std::uint64_t wait_value,
                       std::uint16_t wait_thread);
inline bool block(Wait why, const void* object, std::uint64_t pc, std::uint64_t deadline = 0,
                  std::uint64_t wait_value = 0, std::uint16_t wait_thread = 0xffff) {
  block_until_woken(why, object, pc, deadline, wait_value, wait_thread);
  return !self().timed_out;
}
// Makes a blocked fiber runnable; its block() returns true.
void wake(Fiber& fiber);
// Wakes all threads blocked for (why, object); returns how many.
int wake_all_blocked(Wait why, const void* object);
inline int wake_all(Wait why, const void* object) {
  return rt.waiting[static_cast<int>(why)] > 0 ? wake_all_blocked(why, object) : 0;
}
// Wakes one of them, chosen by the strategy; returns it or null.
Fiber* wake_one(Wait why, const void* object);
bool anyone_waits(Wait why, const void* object);
// The same for an operation that a switch before it would show nothing new of: a tick, and no scheduling point.
void pass(std::uint64_t pc);
// Whether a search passes over the decisions of the current thread, because it has begun to read in vain. A wait that
// spins before it sleeps (std::atomic::wait does, 16 times) offers a switch at each turn; where each is taken with some
// probability, and each yield means that another thread should run, two threads hardly ever fall asleep one after the
// other. A switch at the first turn leads to all that one at a later turn does, as long as it reads the same value.
inline bool spins_patiently() {
  return RC_UNLIKELY(rt.patience != 0) && rt.current->idle != 0 && rt.current->idle < rt.patience;
}
// The current thread says that it waits for others: they run first if there are any.
void yield(std::uint64_t pc, Op op = Op::yield);
// One of n alternatives, chosen by the strategy and recorded in the schedule; 0 for n < 2.
std::uint32_t pick(std::uint32_t n);
// Takes down an answer other than 0, in the order of the ordinals.
void record_pick(std::uint32_t ordinal, std::uint32_t value);
// Calls of the current thread that read without learning anything new (a failed trylock, an unchanged flag). After
// some in a row the thread is taken to spin and yields.
void note_idle(std::uint64_t pc);
inline void note_progress() { self().idle = 0; }

// Virtual time, ns. Starts at kVirtualEpoch in every execution; only sleeping, timeouts and reading clocks move it.
inline constexpr std::uint64_t kVirtualEpoch = 1'700'000'000ull * 1'000'000'000ull;

// ---- threads (fiber.cpp)
Fiber* spawn(void* (*start)(void*), void* argument, std::uint64_t pc);  // null: too many threads
[[noreturn]] void end_thread(void* result);
[[noreturn]] void vanish_thread();          // as the kernel ends a thread: nothing of its own runs any more
Fiber* fiber_of(unsigned long pthread_id);  // by pthread_t; null if unknown

// ---- happens-before (detect/clock.cpp)
void acquire(const void* object);                      // join the object's clock
void release(const void* object);                      // add to the object's clock
void release_store(const void* object);                // replace the object's clock
void forget_sync(const void* base, std::size_t size);  // memory was freed or reused: drop what is known about it

// ---- findings (detect/finding.cpp)

// Records a finding; the execution goes on. `place` is the identity of the place (default: the pc).
void record(Kind kind, std::uint64_t pc, const void* object, const char* format, ...)
    __attribute__((format(printf, 4, 5)));
// Records a finding and ends the execution.
[[noreturn]] void fail(Kind kind, std::uint64_t pc, const void* object, const char* format, ...)
    __attribute__((format(printf, 4, 5)));
[[noreturn]] void fail_at(Kind kind, const char* file, int line, const char* message);
// Ends the execution without a finding of its own.
[[noreturn]] void end_execution();

// ---- trace (trace.cpp); all of these do nothing unless rt.observed
void event_slow(Op op, const void* object, std::uint64_t pc, std::uint64_t value, std::uint64_t old_value,
                std::uint8_t size, std::uint8_t order);
inline void event(Op op, const void* object, std::uint64_t pc, std::uint64_t value = 0, std::uint64_t old_value = 0,
                  std::uint8_t size = 0, std::uint8_t order = 0) {
  if (RC_UNLIKELY(rt.observed)) event_slow(op, object, pc, value, old_value, size, order);
}

// ---- race detection (detect/race.cpp)
void access(const void* address, std::size_t size, bool write, std::uint64_t pc);  // any size
void mark_written(const void* base, std::size_t size);  // allocation or free by the current thread

// ---- heap (heap.cpp)
void heap_begin_execution();  // back to the state at heap_snapshot()
void heap_snapshot();         // turns heap_use_libc on: what a worker allocates itself outlives executions
// While on, the calling process allocates from libc instead of the arena outside executions (for the runtime's own
// objects).
void heap_use_libc(bool on);
void heap_open();  // after the program has protected some of it
bool heap_block(const void* address, report::Block& out);  // block of the arena that holds address

// ---- snapshot (snapshot.cpp): globals, heap pages and the caller's stack, as they are at snapshot_take()
void snapshot_take(const void* stack_low);  // in the worker, on the host's own stack; protects what it covers
void snapshot_restore();                    // copies back the pages that were written
bool snapshot_fault(void* address);         // from the SIGSEGV handler: true if it was a first write
// Before the kernel writes there for an interposed call: it does not fault on protected pages, the call fails (EFAULT).
void snapshot_prepare_write(void* begin, std::size_t size);
void snapshot_open_hot();  // after the program has protected some of what was written
void snapshot_release();  // everything is writable again, and nothing is restored any more

// ---- init (init.cpp)
void initialize();  // idempotent; called by the first constructor
[[noreturn]] void refuse(const char* format, ...)
    __attribute__((format(printf, 1, 2)));  // cannot work here: say so, exit 2

// The functions that we interpose, as the C library defines them; filled by initialize(). Calls before that, and calls
// outside an execution, go there.
void* real_function(const char* name);
// `static const auto real = RC_REAL(pthread_join);`
#define RC_REAL(name) reinterpret_cast<decltype(&::name)>(::racecourse::runtime::real_function(#name))

// Raw system calls that never pass through our own interposed `syscall`.
long raw_syscall(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0);

}  // namespace racecourse::runtime
