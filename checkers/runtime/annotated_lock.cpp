#include <racecourse/checkers/detect/excuse.h>
#include <racecourse/checkers/runtime/annotated_lock.h>
#include <racecourse/checkers/runtime/interpose/call.h>

#define RC_ANNOTATION extern "C" __attribute__((visibility("default"), weak))

namespace racecourse::runtime {

namespace {

constexpr std::uint32_t kMostLocks = 1024;
constexpr std::uint16_t kNobody = 0xffff;

struct Lock {
  const void* address;
  std::uint16_t writer;
  std::uint16_t readers;
  std::uint16_t busy;  // the thread inside the code that takes the lock or gives it back
  int depth;           // of the writer
};

// An ordinary global: set back before every execution.
struct Locks {
  std::uint32_t count;
  Lock all[kMostLocks];
};
Locks locks = {};

Lock* find(const void* address) {
  for (std::uint32_t i = 0; i < locks.count; ++i)
    if (locks.all[i].address == address) return &locks.all[i];
  return nullptr;
}

Lock& lock_at(const volatile void* object) {
  const void* address = const_cast<const void*>(object);
  if (Lock* known = find(address)) return *known;
  if (locks.count == kMostLocks) refuse("more than %u annotated locks in one execution", kMostLocks);
  return locks.all[locks.count++] = {address, kNobody, 0, kNobody, 0};
}

bool is_busy(const Lock& lock) { return lock.busy != kNobody && lock.busy != self().id; }
bool is_open(const Lock& lock, bool shared) {
  return lock.writer == self().id || (lock.writer == kNobody && (shared || lock.readers == 0));
}

void is_done(Lock& lock) {
  if (lock.busy == self().id) lock.busy = kNobody;
  wake_all(Wait::mutex, lock.address);
}

// A search that looks at what happens to objects knows locks of this kind as mutexes; a reader of the trace wants to be
// told of readers.
Op op_of(bool shared, Op reads, Op writes) { return shared && rt.tracing ? reads : writes; }

}  // namespace

void create_annotated(const volatile void* lock) {
  if (!rt.executing) return;
  forget_sync(const_cast<const void*>(lock), 1);
  if (Lock* known = find(const_cast<const void*>(lock))) *known = {known->address, kNobody, 0, kNobody, 0};
}

void destroy_annotated(const volatile void* lock, bool must_be_free, std::uint64_t pc) {
  if (!rt.executing) return;
  const void* address = const_cast<const void*>(lock);
  enter(pc, on(lock, Access::write));
  Lock* known = find(address);
  if (known != nullptr) {
    if (must_be_free && known->writer != kNobody)
      fail(Kind::mutex_misuse, pc, address, "T%u destroys a lock that T%u holds", self().id, known->writer);
    *known = locks.all[--locks.count];
  }
  forget_sync(address, 1);
}

void want_annotated(const volatile void* object, bool shared, bool tries, std::uint64_t pc) {
  if (!rt.executing) return;
  const Access blocking = shared ? Access::lock_shared : Access::lock;
  enter(pc, on(object, tries ? (shared ? Access::try_lock_shared : Access::try_lock) : blocking));
  // One at a time: the lock's own code may be preempted where it is instrumented, and then nobody must spin for it.
  while (is_busy(lock_at(object)) || (!tries && !is_open(lock_at(object), shared))) {
    const Lock& lock = lock_at(object);
    const std::uint16_t holder = is_busy(lock) ? lock.busy : lock.writer;
    trace(Op::mutex_blocked, lock.address, pc, holder);
    wait(Wait::mutex, lock.address, pc, 0, 0, holder);
  }
  lock_at(object).busy = self().id;
}

void has_failed_annotated(const volatile void* object, std::uint64_t pc) {
  if (!rt.executing) return;
  trace(Op::mutex_try_failed, const_cast<const void*>(object), pc);
  is_done(lock_at(object));
  spun(pc);
}

void have_annotated(const volatile void* object, bool shared, int times, std::uint64_t pc) {
  if (!rt.executing) return;
  Lock& lock = lock_at(object);
  const bool again = lock.writer == self().id;
  if (shared) {
    ++lock.readers;
  } else {
    lock.writer = self().id;
    lock.depth = (again ? lock.depth : 0) + times;
  }
  is_done(lock);
  order_after(lock.address);
  trace(op_of(shared, Op::rwlock_read_lock, Op::mutex_lock), lock.address, pc, 0, again);
  note_progress();
}

int leave_annotated(const volatile void* object, bool shared, bool all, std::uint64_t pc) {
  if (!rt.executing) return 1;
  enter(pc, on(object, Access::unlock));
  Lock& lock = lock_at(object);
  if (shared ? lock.readers == 0 : lock.writer == kNobody)
    fail(Kind::mutex_misuse, pc, lock.address, "T%u unlocks a lock that nobody holds", self().id);
  if (!shared && lock.writer != self().id)
    fail(Kind::mutex_misuse, pc, lock.address, "T%u unlocks a lock that T%u holds", self().id, lock.writer);
  lock.busy = self().id;
  const int times = all && !shared ? lock.depth : 1;
  if (!shared) lock.depth -= times;
  order_before(lock.address);
  trace(op_of(shared, Op::rwlock_unlock, Op::mutex_unlock), lock.address, pc, 0, !shared && lock.depth > 0);
  return times;
}

void left_annotated(const volatile void* object, bool shared) {
  if (!rt.executing) return;
  Lock& lock = lock_at(object);
  if (shared && lock.readers > 0) --lock.readers;
  if (!shared && lock.depth == 0) lock.writer = kNobody;
  is_done(lock);
}

}  // namespace racecourse::runtime

// NOLINTBEGIN(bugprone-reserved-identifier): ThreadSanitizer's names
namespace {

using namespace racecourse;
using namespace racecourse::runtime;

// As in <sanitizer/tsan_interface.h>, whose constants have the names of the functions.
constexpr unsigned kLinkerInit = 1 << 0, kReadLock = 1 << 3, kTryLock = 1 << 4, kTryLockFailed = 1 << 5,
                   kRecursiveLock = 1 << 6, kRecursiveUnlock = 1 << 7;

// How the lock does its work is its own affair.
void begin_inside() {
  if (controlled()) detect::begin_ignoring(detect::kIgnores);
}
void end_inside() {
  if (controlled()) detect::end_ignoring(detect::kIgnores);
}

}  // namespace

RC_ANNOTATION void __tsan_mutex_create(void* lock, unsigned) { create_annotated(lock); }
RC_ANNOTATION void __tsan_mutex_destroy(void* lock, unsigned flags) {
  destroy_annotated(lock, !(flags & kLinkerInit), RC_CALLER);
}

RC_ANNOTATION void __tsan_mutex_pre_lock(void* lock, unsigned flags) {
  want_annotated(lock, flags & kReadLock, flags & kTryLock, RC_CALLER);
  begin_inside();
}
RC_ANNOTATION void __tsan_mutex_post_lock(void* lock, unsigned flags, int recursion) {
  end_inside();
  if (flags & kTryLockFailed) return has_failed_annotated(lock, RC_CALLER);
  have_annotated(lock, flags & kReadLock, flags & kRecursiveLock ? recursion : 1, RC_CALLER);
}

RC_ANNOTATION int __tsan_mutex_pre_unlock(void* lock, unsigned flags) {
  const int times = leave_annotated(lock, flags & kReadLock, flags & kRecursiveUnlock, RC_CALLER);
  begin_inside();
  return times;
}
RC_ANNOTATION void __tsan_mutex_post_unlock(void* lock, unsigned flags) {
  end_inside();
  left_annotated(lock, flags & kReadLock);
}

RC_ANNOTATION void __tsan_mutex_pre_signal(void*, unsigned) { begin_inside(); }
RC_ANNOTATION void __tsan_mutex_post_signal(void*, unsigned) { end_inside(); }
// Out of the lock's code and back into it.
RC_ANNOTATION void __tsan_mutex_pre_divert(void*, unsigned) { end_inside(); }
RC_ANNOTATION void __tsan_mutex_post_divert(void*, unsigned) { begin_inside(); }
// NOLINTEND(bugprone-reserved-identifier)
