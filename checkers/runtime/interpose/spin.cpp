// pthread_spin_*. Spinning until a lock is free and sleeping until it is are the same to the other threads, so a
// spinning thread blocks. The lock holds owner_word(), or the C library's value for free.
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/owner.h>

#include <errno.h>
#include <pthread.h>

RC_DECLARE_ORIGINAL(pthread_spin_init)
RC_DECLARE_ORIGINAL(pthread_spin_destroy)
RC_DECLARE_ORIGINAL(pthread_spin_lock)
RC_DECLARE_ORIGINAL(pthread_spin_trylock)
RC_DECLARE_ORIGINAL(pthread_spin_unlock)

namespace racecourse::runtime {

namespace {

constexpr std::uint32_t kFree = 1;  // glibc on x86-64

std::optional<std::uint16_t> holder_of(pthread_spinlock_t* lock) {
  return owner_of(static_cast<std::uint32_t>(*lock), kFree);
}

// The object's address for those who only name it.
const void* name_of(pthread_spinlock_t* lock) { return const_cast<const int*>(lock); }

void take(pthread_spinlock_t* lock, std::uint64_t pc, bool tried) {
  *lock = static_cast<int>(owner_word(self()));
  order_after(name_of(lock));
  trace_taken(Op::mutex_lock, name_of(lock), pc, tried);
}

int lock_spin(pthread_spinlock_t* lock, std::uint64_t pc) {
  enter(pc, on(lock, Access::lock));
  while (const auto holder = holder_of(lock)) {
    trace(Op::mutex_blocked, name_of(lock), pc, *holder);
    if (*holder == self().id)
      fail(Kind::self_deadlock, pc, name_of(lock), "T%u locks a spin lock that it already holds", self().id);
    wait(Wait::mutex, name_of(lock), pc, 0, 0, *holder);
  }
  take(lock, pc, false);
  return 0;
}

int try_lock_spin(pthread_spinlock_t* lock, std::uint64_t pc) {
  enter(pc, on(lock, Access::try_lock));
  if (const auto holder = holder_of(lock)) {
    trace(Op::mutex_try_failed, name_of(lock), pc, *holder);
    spun(pc);
    return EBUSY;
  }
  take(lock, pc, true);
  note_progress();
  return 0;
}

int unlock_spin(pthread_spinlock_t* lock, std::uint64_t pc) {
  enter(pc, on(lock, Access::unlock));
  const auto holder = holder_of(lock);
  if (!holder) fail(Kind::mutex_misuse, pc, name_of(lock), "T%u unlocks a spin lock that nobody holds", self().id);
  if (*holder != self().id)
    fail(Kind::mutex_misuse, pc, name_of(lock), "T%u unlocks a spin lock that T%u holds", self().id, *holder);
  trace(Op::mutex_unlock, name_of(lock), pc);
  *lock = static_cast<int>(kFree);
  order_before(name_of(lock));
  wake_all(Wait::mutex, name_of(lock));
  return 0;
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int pthread_spin_init(pthread_spinlock_t* lock, int shared) noexcept {
  if (rt.executing) forget_sync(name_of(lock), sizeof *lock);
  return RC_ORIGINAL(pthread_spin_init)(lock, shared);
}

RC_INTERPOSE int pthread_spin_destroy(pthread_spinlock_t* lock) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_spin_destroy)(lock);
  enter(RC_CALLER, on(lock, Access::write));
  if (const auto holder = holder_of(lock))
    fail(Kind::mutex_misuse, RC_CALLER, name_of(lock), "T%u destroys a spin lock that T%u holds", self().id, *holder);
  forget_sync(name_of(lock), sizeof *lock);
  return 0;
}

RC_INTERPOSE int pthread_spin_lock(pthread_spinlock_t* lock) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_spin_lock)(lock);
  return lock_spin(lock, RC_CALLER);
}

RC_INTERPOSE int pthread_spin_trylock(pthread_spinlock_t* lock) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_spin_trylock)(lock);
  return try_lock_spin(lock, RC_CALLER);
}

RC_INTERPOSE int pthread_spin_unlock(pthread_spinlock_t* lock) noexcept {
  if (!rt.executing) return RC_ORIGINAL(pthread_spin_unlock)(lock);
  return unlock_spin(lock, RC_CALLER);
}
