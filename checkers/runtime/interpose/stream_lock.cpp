// flockfile and its kin: a recursive lock for each stream.
#include <racecourse/checkers/runtime/interpose/stream.h>

RC_DECLARE_ORIGINAL(flockfile)
RC_DECLARE_ORIGINAL(ftrylockfile)
RC_DECLARE_ORIGINAL(funlockfile)

namespace racecourse::runtime {

namespace {

struct StreamLock {
  const FILE* stream;  // null: a free entry
  std::uint16_t holder;
  int count;
};

// Ordinary globals: forgotten when an execution ends.
constexpr int kMaxLocked = 64;
constinit StreamLock locks[kMaxLocked] = {};

StreamLock* lock_of(const FILE* stream) {
  for (StreamLock& lock : locks)
    if (lock.stream == stream) return &lock;
  return nullptr;
}

void take(FILE* stream, std::uint64_t pc) {
  StreamLock* lock = lock_of(stream);
  if (lock == nullptr) lock = lock_of(nullptr);
  if (lock == nullptr) refuse("more than %d streams are locked by flockfile() at once", kMaxLocked);
  lock->stream = stream;
  lock->holder = self().id;
  ++lock->count;
  order_after(stream);
  trace(Op::mutex_lock, stream, pc);
}

bool held_by_other(const FILE* stream) {
  const StreamLock* lock = lock_of(stream);
  return lock != nullptr && lock->holder != self().id;
}

}  // namespace

void wait_for_stream(const FILE* stream, std::uint64_t pc) {
  while (held_by_other(stream)) {
    const std::uint16_t holder = lock_of(stream)->holder;
    trace(Op::mutex_blocked, stream, pc, holder);
    wait(Wait::mutex, stream, pc, 0, 0, holder);
  }
}

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE void flockfile(FILE* stream) noexcept {
  if (!rt.executing) return RC_ORIGINAL(flockfile)(stream);
  enter(RC_CALLER, on(stream, Access::lock));
  wait_for_stream(stream, RC_CALLER);
  take(stream, RC_CALLER);
}

RC_INTERPOSE int ftrylockfile(FILE* stream) noexcept {
  if (!rt.executing) return RC_ORIGINAL(ftrylockfile)(stream);
  enter(RC_CALLER, on(stream, Access::try_lock));
  if (held_by_other(stream)) {
    trace(Op::mutex_try_failed, stream, RC_CALLER, lock_of(stream)->holder);
    spun(RC_CALLER);
    return 1;
  }
  take(stream, RC_CALLER);
  return 0;
}

RC_INTERPOSE void funlockfile(FILE* stream) noexcept {
  if (!rt.executing) return RC_ORIGINAL(funlockfile)(stream);
  enter(RC_CALLER, on(stream, Access::unlock));
  StreamLock* lock = lock_of(stream);
  if (lock == nullptr || lock->holder != self().id)
    fail(Kind::mutex_misuse, RC_CALLER, stream, "T%u unlocks a stream that it did not lock", self().id);
  trace(Op::mutex_unlock, stream, RC_CALLER);
  if (--lock->count > 0) return;
  *lock = {};
  order_before(stream);
  wake_all(Wait::mutex, stream);
}
