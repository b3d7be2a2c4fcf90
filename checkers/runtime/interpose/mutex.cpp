// pthread_mutex_*. The state is in the mutex itself:
//   __lock   free: 0; held: owner_word(). Anything else was left by the C library: real code held it before the
//            exploration, so T0 does now.
//   __count  how often a recursive mutex is held
//   __owner  of robust ones: see robust.h
//   __kind   as pthread_mutex_init or the initialiser set it; -1 after pthread_mutex_destroy
#include <racecourse/checkers/runtime/interpose/mutex.h>

#include <racecourse/checkers/detect/misuse.h>
#include <racecourse/checkers/runtime/interpose/deadline.h>
#include <racecourse/checkers/runtime/interpose/owner.h>
#include <racecourse/checkers/runtime/interpose/robust.h>

#include <errno.h>

RC_DECLARE_ORIGINAL(pthread_mutex_init)
RC_DECLARE_ORIGINAL(pthread_mutex_destroy)
RC_DECLARE_ORIGINAL(pthread_mutex_lock)
RC_DECLARE_ORIGINAL(pthread_mutex_trylock)
RC_DECLARE_ORIGINAL(pthread_mutex_timedlock)
RC_DECLARE_ORIGINAL(pthread_mutex_clocklock)
RC_DECLARE_ORIGINAL(pthread_mutex_unlock)
RC_DECLARE_ORIGINAL(pthread_mutex_consistent)

namespace racecourse::runtime {

namespace {

constexpr int kDestroyed = -1;

inline int kind_of(const pthread_mutex_t& mutex) { return mutex.__data.__kind & 3; }
bool is_recursive(const pthread_mutex_t& mutex) { return kind_of(mutex) == PTHREAD_MUTEX_RECURSIVE; }
bool checks_errors(const pthread_mutex_t& mutex) { return kind_of(mutex) == PTHREAD_MUTEX_ERRORCHECK; }
bool checks_owner(const pthread_mutex_t& mutex) { return checks_errors(mutex) || is_robust(mutex); }

inline std::optional<std::uint16_t> holder_of(const pthread_mutex_t& mutex) {
  if (mutex.__data.__lock == kOwnerDied) return std::nullopt;
  return owner_of(static_cast<std::uint32_t>(mutex.__data.__lock));
}

inline bool held_by_caller(const pthread_mutex_t& mutex) {
  const auto word = static_cast<std::uint32_t>(mutex.__data.__lock);
  if (RC_LIKELY(word == owner_word(self()))) return true;
  return RC_UNLIKELY(word != 0) && self().id == 0 && holder_of(mutex) == std::uint16_t{0};  // locked by real code
}

void must_be_alive(const pthread_mutex_t& mutex, const char* what, std::uint64_t pc) {
  if (RC_UNLIKELY(mutex.__data.__kind == kDestroyed))
    fail(Kind::mutex_misuse, pc, &mutex, "T%u %s a mutex that was destroyed; let it live as long as those who use it",
         self().id, what);
}

// The mutex is free. Returns what the pthread function does.
inline int take(pthread_mutex_t& mutex, std::uint64_t pc, bool tried) {
  const bool robust = is_robust(mutex);
  if (robust && mutex.__data.__owner == kNotRecoverable) return ENOTRECOVERABLE;
  const bool owner_died = mutex.__data.__lock == kOwnerDied;
  mutex.__data.__lock = static_cast<int>(owner_word(self()));
  mutex.__data.__count = 1;
  if (robust) {
    mutex.__data.__owner = owner_died ? kInconsistent : 0;
    add_robust(mutex);
  } else {
    detect::mutex_taken(self(), &mutex, pc);
  }
  order_after(&mutex);
  trace_taken(Op::mutex_lock, &mutex, pc, tried, owner_died ? 1 : 0);
  return owner_died ? EOWNERDEAD : 0;
}

inline void give_up(pthread_mutex_t& mutex) {
  const bool robust = is_robust(mutex);
  const bool ours = is_marked(static_cast<std::uint32_t>(mutex.__data.__lock));
  if (robust && ours) remove_robust(mutex);
  detect::mutex_given(self());
  mutex.__data.__lock = 0;
  mutex.__data.__count = 0;
  // Left by the C library if real code locked it.
  mutex.__data.__owner = robust && mutex.__data.__owner == kInconsistent ? kNotRecoverable : 0;
  mutex.__data.__nusers = 0;
  order_before(&mutex);
  wake_all(Wait::mutex, &mutex);
}

// The caller holds it already.
int relock(pthread_mutex_t& mutex, std::uint64_t deadline, std::uint64_t pc, bool tried) {
  if (is_recursive(mutex)) {
    ++mutex.__data.__count;
    trace_taken(Op::mutex_lock, &mutex, pc, tried, 0, 1);
    return 0;
  }
  if (checks_errors(mutex)) return EDEADLK;
  trace(Op::mutex_blocked, &mutex, pc, self().id);
  if (deadline == 0) fail(Kind::self_deadlock, pc, &mutex, "T%u locks a mutex that it already holds", self().id);
  wait(Wait::mutex, &mutex, pc, deadline, 0, self().id);
  trace(Op::mutex_lock_timeout, &mutex, pc);
  return ETIMEDOUT;
}

// Waits until the mutex is free; false if the deadline came first.
bool wait_until_free(pthread_mutex_t& mutex, std::uint64_t deadline, std::uint64_t pc) {
  while (const auto holder = holder_of(mutex)) {
    trace(Op::mutex_blocked, &mutex, pc, *holder);
    const bool expired = deadline != 0 && deadline <= rt.now;
    if (!expired && wait(Wait::mutex, &mutex, pc, deadline, 0, *holder)) continue;
    trace(Op::mutex_lock_timeout, &mutex, pc);
    return false;
  }
  return true;
}

[[noreturn]] void fail_not_holder(const pthread_mutex_t& mutex, const char* what, std::uint64_t pc) {
  event(Op::mutex_unlock, &mutex, pc);  // so that the picture has a row for it
  if (const auto holder = holder_of(mutex))
    fail(Kind::mutex_misuse, pc, &mutex, "T%u %s a mutex that T%u holds; only the thread that locked it may", self().id,
         what, *holder);
  fail(Kind::mutex_misuse, pc, &mutex, "T%u %s a mutex that nobody holds; lock it before, and unlock it once",
       self().id, what);
}

}  // namespace

int lock_mutex(pthread_mutex_t* mutex, std::uint64_t deadline, std::uint64_t pc) {
  enter(pc, on(mutex, deadline == 0 ? Access::lock : Access::try_lock));
  must_be_alive(*mutex, "locks", pc);
  const bool tried = deadline != 0;
  if (RC_LIKELY(mutex->__data.__lock == 0)) return take(*mutex, pc, tried);
  if (held_by_caller(*mutex)) return relock(*mutex, deadline, pc, tried);
  if (!wait_until_free(*mutex, deadline, pc)) return ETIMEDOUT;
  return take(*mutex, pc, tried);
}

int try_lock_mutex(pthread_mutex_t* mutex, std::uint64_t pc) {
  enter(pc, on(mutex, Access::try_lock));
  must_be_alive(*mutex, "locks", pc);
  const auto holder = holder_of(*mutex);
  if (!holder) {
    note_progress();
    return take(*mutex, pc, true);
  }
  if (*holder == self().id && is_recursive(*mutex)) return relock(*mutex, 0, pc, true);
  trace(Op::mutex_try_failed, mutex, pc, *holder);
  spun(pc);
  return EBUSY;
}

int unlock_mutex(pthread_mutex_t* mutex, std::uint64_t pc) {
  enter(pc, on(mutex, Access::unlock));
  must_be_alive(*mutex, "unlocks", pc);
  if (!held_by_caller(*mutex)) {
    if (checks_owner(*mutex)) return EPERM;
    fail_not_holder(*mutex, "unlocks", pc);
  }
  const bool stays_held = is_recursive(*mutex) && mutex->__data.__count > 1;
  trace(Op::mutex_unlock, mutex, pc, 0, stays_held ? 1 : 0);
  if (stays_held) {
    --mutex->__data.__count;
    return 0;
  }
  give_up(*mutex);
  return 0;
}

int release_for_wait(pthread_mutex_t* mutex, std::uint64_t pc) {
  if (!held_by_caller(*mutex)) {
    if (checks_owner(*mutex)) return EPERM;
    fail_not_holder(*mutex, "waits on a condition variable with", pc);
  }
  // As in the C library, one level only: a recursive mutex held twice stays locked during the wait.
  if (is_recursive(*mutex) && mutex->__data.__count > 1)
    --mutex->__data.__count;
  else
    give_up(*mutex);
  return 0;
}

int take_back(pthread_mutex_t* mutex, std::uint64_t pc) {
  if (held_by_caller(*mutex)) {
    ++mutex->__data.__count;
    return 0;
  }
  wait_until_free(*mutex, 0, pc);
  return take(*mutex, pc, false);
}

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int pthread_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) noexcept {
  if (rt.executing) forget_sync(mutex, sizeof *mutex);
  return RC_ORIGINAL(pthread_mutex_init)(mutex, attributes);
}

RC_INTERPOSE int pthread_mutex_destroy(pthread_mutex_t* mutex) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_mutex_destroy)(mutex);
  enter(RC_CALLER, on(mutex, Access::write));
  must_be_alive(*mutex, "destroys", RC_CALLER);
  if (const auto holder = holder_of(*mutex))
    fail(Kind::mutex_misuse, RC_CALLER, mutex, "T%u destroys a mutex that T%u holds; unlock it first", self().id,
         *holder);
  mutex->__data.__kind = kDestroyed;
  forget_sync(mutex, sizeof *mutex);
  return 0;
}

RC_INTERPOSE int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_mutex_lock)(mutex);
  return lock_mutex(mutex, 0, RC_CALLER);
}

RC_INTERPOSE int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_mutex_trylock)(mutex);
  return try_lock_mutex(mutex, RC_CALLER);
}

RC_INTERPOSE int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* deadline) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_mutex_timedlock)(mutex, deadline);
  if (!is_valid(*deadline)) return EINVAL;
  return lock_mutex(mutex, absolute_deadline(*deadline), RC_CALLER);
}

RC_INTERPOSE int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* deadline) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_mutex_clocklock)(mutex, clock, deadline);
  if (!is_valid(*deadline)) return EINVAL;
  return lock_mutex(mutex, absolute_deadline(*deadline), RC_CALLER);
}

RC_INTERPOSE int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_mutex_unlock)(mutex);
  return unlock_mutex(mutex, RC_CALLER);
}

RC_INTERPOSE int pthread_mutex_consistent(pthread_mutex_t* mutex) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_mutex_consistent)(mutex);
  if (!is_robust(*mutex) || mutex->__data.__owner != kInconsistent) return EINVAL;
  mutex->__data.__owner = 0;
  return 0;
}
