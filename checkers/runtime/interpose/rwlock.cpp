// pthread_rwlock_*. The state is in the lock itself, in fields that the C library leaves alone or that are ours while
// __pad3 carries this execution's mark (see owner.h):
//   __pad3        execution_mark(); otherwise the other fields are as the C library or the initialiser left them
//   __cur_writer  owner_word() of the writer, or 0
//   __readers     number of read locks held
//   __pad2        the threads (modulo 64) that took one of these read locks
#include <errno.h>
#include <pthread.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/deadline.h>
#include <racecourse/checkers/runtime/interpose/owner.h>

#include <bit>

RC_DECLARE_ORIGINAL(pthread_rwlock_init)
RC_DECLARE_ORIGINAL(pthread_rwlock_destroy)
RC_DECLARE_ORIGINAL(pthread_rwlock_rdlock)
RC_DECLARE_ORIGINAL(pthread_rwlock_tryrdlock)
RC_DECLARE_ORIGINAL(pthread_rwlock_timedrdlock)
RC_DECLARE_ORIGINAL(pthread_rwlock_clockrdlock)
RC_DECLARE_ORIGINAL(pthread_rwlock_wrlock)
RC_DECLARE_ORIGINAL(pthread_rwlock_trywrlock)
RC_DECLARE_ORIGINAL(pthread_rwlock_timedwrlock)
RC_DECLARE_ORIGINAL(pthread_rwlock_clockwrlock)
RC_DECLARE_ORIGINAL(pthread_rwlock_unlock)

namespace racecourse::runtime {

namespace {

constexpr std::uint16_t kNobody = 0xffff;

// A view of the fields above; constructing it makes them ours.
class RwLock {
 public:
  explicit RwLock(pthread_rwlock_t* lock) : data_(lock->__data) {
    if (data_.__pad3 == execution_mark()) return;
    const bool left_by_us = is_marked(data_.__pad3);  // in an execution that was abandoned
    const bool written = !left_by_us && data_.__cur_writer != 0;
    const unsigned readers = left_by_us || written ? 0 : data_.__readers >> 3;  // below are the C library's flags
    data_.__pad3 = execution_mark();
    data_.__cur_writer = written ? static_cast<int>(owner_word(rt.fibers[0])) : 0;
    data_.__readers = readers;
    data_.__pad2 = readers > 0 ? 1 : 0;
  }

  std::optional<std::uint16_t> writer() const { return owner_of(static_cast<std::uint32_t>(data_.__cur_writer)); }
  bool has_readers() const { return data_.__readers > 0; }
  bool is_free() const { return !writer() && !has_readers(); }
  // The one thread that holds it, if it is only one.
  std::uint16_t holder() const {
    if (const auto thread = writer()) return *thread;
    if (data_.__readers != 1 || !std::has_single_bit(data_.__pad2) || rt.thread_count > 64) return kNobody;
    return static_cast<std::uint16_t>(std::countr_zero(data_.__pad2));
  }
  // False only if the thread certainly holds no read lock.
  bool may_read_hold(const Fiber& fiber) const { return has_readers() && (data_.__pad2 & bit(fiber)) != 0; }

  void start_writing(const Fiber& fiber) { data_.__cur_writer = static_cast<int>(owner_word(fiber)); }
  void stop_writing() { data_.__cur_writer = 0; }
  void start_reading(const Fiber& fiber) {
    ++data_.__readers;
    data_.__pad2 |= bit(fiber);
  }
  void stop_reading() {
    if (--data_.__readers == 0) data_.__pad2 = 0;
  }

 private:
  static std::uint64_t bit(const Fiber& fiber) { return 1ull << (fiber.id % 64); }

  decltype(pthread_rwlock_t::__data)& data_;
};

// Readers are ordered after writers and writers after both, but readers not after readers: two clocks.
const void* writers_clock(const pthread_rwlock_t* lock) { return lock; }
const void* readers_clock(const pthread_rwlock_t* lock) { return &lock->__data.__writers; }

enum class Want { read, write };

// What the scheduler is told.
Access lock_for(Want want) { return want == Want::read ? Access::lock_shared : Access::lock; }
Access try_lock_for(Want want) { return want == Want::read ? Access::try_lock_shared : Access::try_lock; }

// Made with PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP: no reader joins others while a writer waits.
bool prefers_writers(const pthread_rwlock_t& lock) {
  return lock.__data.__flags == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
}

std::uint16_t waiting_writer(const pthread_rwlock_t& lock) {
  if (rt.waiting[static_cast<int>(Wait::rwlock_write)] == 0) return kNobody;
  for (int i = 0; i < rt.thread_count; ++i) {
    const Fiber& fiber = rt.fibers[i];
    if (fiber.state == ThreadState::blocked && fiber.wait == Wait::rwlock_write && fiber.wait_object == &lock)
      return fiber.id;
  }
  return kNobody;
}

// The writer that a reader must let in first.
std::uint16_t writer_before_readers(const pthread_rwlock_t& lock, const RwLock& state) {
  return prefers_writers(lock) && state.has_readers() ? waiting_writer(lock) : kNobody;
}

bool can_enter(const pthread_rwlock_t& lock, const RwLock& state, Want want) {
  if (want == Want::write) return state.is_free();
  return !state.writer() && writer_before_readers(lock, state) == kNobody;
}

// Who keeps the caller from entering, if it is one thread.
std::uint16_t obstacle(const pthread_rwlock_t& lock, const RwLock& state, Want want) {
  const std::uint16_t first = want == Want::read ? writer_before_readers(lock, state) : kNobody;
  return first != kNobody ? first : state.holder();
}

// It goes on without the lock: readers that let it go first need not any more.
int give_up_waiting(const pthread_rwlock_t* lock, Want want) {
  if (want == Want::write && prefers_writers(*lock)) wake_all(Wait::rwlock_read, lock);
  return ETIMEDOUT;
}

void enter_lock(pthread_rwlock_t* lock, RwLock& state, Want want, std::uint64_t pc, bool tried) {
  order_after(writers_clock(lock));
  if (want == Want::read) {
    state.start_reading(self());
    trace_taken(Op::rwlock_read_lock, lock, pc, tried);
  } else {
    order_after(readers_clock(lock));
    state.start_writing(self());
    trace_taken(Op::rwlock_write_lock, lock, pc, tried);
  }
}

int acquire_lock(pthread_rwlock_t* lock, Want want, std::uint64_t deadline, std::uint64_t pc) {
  enter(pc, on(lock, deadline == 0 ? lock_for(want) : try_lock_for(want)));
  RwLock state(lock);
  // The C library tells a writer that locks again; a reader that wants to write waits for itself.
  if (state.writer() == self().id) return EDEADLK;
  const Wait why = want == Want::read ? Wait::rwlock_read : Wait::rwlock_write;
  while (!can_enter(*lock, state, want)) {
    const std::uint16_t other = obstacle(*lock, state, want);
    trace(Op::rwlock_blocked, lock, pc, other, other != state.holder() ? 1 : 0);
    if (deadline == 0 && other == self().id)
      fail(Kind::self_deadlock, pc, lock, "T%u waits to write-lock a shared mutex that it read-locked itself",
           self().id);
    if (deadline != 0 && deadline <= rt.now) return ETIMEDOUT;
    if (rt.recording && want == Want::write && prefers_writers(*lock))
      rt.strategy->proves_nothing("which readers find a writer waiting before them was not searched");
    if (!wait(why, lock, pc, deadline, 0, other)) return give_up_waiting(lock, want);
  }
  enter_lock(lock, state, want, pc, deadline != 0);
  return 0;
}

int try_lock(pthread_rwlock_t* lock, Want want, std::uint64_t pc) {
  enter(pc, on(lock, try_lock_for(want)));
  RwLock state(lock);
  if (!can_enter(*lock, state, want)) {
    trace(Op::mutex_try_failed, lock, pc, obstacle(*lock, state, want));
    spun(pc);
    return EBUSY;
  }
  enter_lock(lock, state, want, pc, true);
  note_progress();
  return 0;
}

void wake_waiters(const pthread_rwlock_t* lock) {
  wake_all(Wait::rwlock_read, lock);
  wake_all(Wait::rwlock_write, lock);
}

int unlock(pthread_rwlock_t* lock, std::uint64_t pc) {
  enter(pc, on(lock, Access::unlock));
  RwLock state(lock);
  if (state.writer() == self().id) {
    trace(Op::rwlock_unlock, lock, pc);
    state.stop_writing();
    order_before(writers_clock(lock));
    wake_waiters(lock);
    return 0;
  }
  if (const auto writer = state.writer())
    fail(Kind::mutex_misuse, pc, lock, "T%u unlocks a shared mutex that T%u holds; only the thread that locked it may",
         self().id, *writer);
  if (!state.may_read_hold(self()))
    fail(Kind::mutex_misuse, pc, lock, "T%u unlocks a shared mutex that it does not hold; lock it before", self().id);
  trace(Op::rwlock_unlock, lock, pc);
  state.stop_reading();
  order_before(readers_clock(lock));
  if (!state.has_readers()) wake_waiters(lock);
  return 0;
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int pthread_rwlock_init(pthread_rwlock_t* lock, const pthread_rwlockattr_t* attributes) noexcept {
  if (rt.executing) forget_sync(lock, sizeof *lock);
  return RC_ORIGINAL(pthread_rwlock_init)(lock, attributes);
}

RC_INTERPOSE int pthread_rwlock_destroy(pthread_rwlock_t* lock) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_rwlock_destroy)(lock);
  enter(RC_CALLER, on(lock, Access::write));
  if (!RwLock(lock).is_free())
    fail(Kind::mutex_misuse, RC_CALLER, lock, "T%u destroys a shared mutex that is held; unlock it first", self().id);
  forget_sync(lock, sizeof *lock);
  return 0;
}

RC_INTERPOSE int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_rwlock_rdlock)(lock);
  return acquire_lock(lock, Want::read, 0, RC_CALLER);
}

RC_INTERPOSE int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_rwlock_tryrdlock)(lock);
  return try_lock(lock, Want::read, RC_CALLER);
}

RC_INTERPOSE int pthread_rwlock_timedrdlock(pthread_rwlock_t* lock, const timespec* deadline) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_rwlock_timedrdlock)(lock, deadline);
  if (!is_valid(*deadline)) return EINVAL;
  return acquire_lock(lock, Want::read, absolute_deadline(*deadline), RC_CALLER);
}

RC_INTERPOSE int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock,
                                            const timespec* deadline) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_rwlock_clockrdlock)(lock, clock, deadline);
  if (!is_valid(*deadline)) return EINVAL;
  return acquire_lock(lock, Want::read, absolute_deadline(*deadline), RC_CALLER);
}

RC_INTERPOSE int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_rwlock_wrlock)(lock);
  return acquire_lock(lock, Want::write, 0, RC_CALLER);
}

RC_INTERPOSE int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_rwlock_trywrlock)(lock);
  return try_lock(lock, Want::write, RC_CALLER);
}

RC_INTERPOSE int pthread_rwlock_timedwrlock(pthread_rwlock_t* lock, const timespec* deadline) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_rwlock_timedwrlock)(lock, deadline);
  if (!is_valid(*deadline)) return EINVAL;
  return acquire_lock(lock, Want::write, absolute_deadline(*deadline), RC_CALLER);
}

RC_INTERPOSE int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock,
                                            const timespec* deadline) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_rwlock_clockwrlock)(lock, clock, deadline);
  if (!is_valid(*deadline)) return EINVAL;
  return acquire_lock(lock, Want::write, absolute_deadline(*deadline), RC_CALLER);
}

RC_INTERPOSE int pthread_rwlock_unlock(pthread_rwlock_t* lock) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_rwlock_unlock)(lock);
  return unlock(lock, RC_CALLER);
}
