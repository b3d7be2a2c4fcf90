#include <racecourse/checkers/detect/misuse.h>

#include <algorithm>

namespace racecourse::detect {

using report::ThreadState;
using report::Wait;
using runtime::Fiber;
using runtime::rt;

[[gnu::section("racecourse_state")]] constinit HeldLocks held = {};

namespace {

struct Range {
  std::uintptr_t begin, end;
  bool has(const void* object) const { return reinterpret_cast<std::uintptr_t>(object) - begin < end - begin; }
};

Range stack_of(const Fiber& fiber) {
  return {reinterpret_cast<std::uintptr_t>(fiber.stack), reinterpret_cast<std::uintptr_t>(fiber.stack_top)};
}

// A lock in there that the thread holds; null: none.
const void* held_in(const Range& range, int thread) {
  const void* const* const first = held.at[thread];
  const void* const* const last = first + held.count[thread];
  const auto found = std::find_if(first, last, [&](const void* lock) { return range.has(lock); });
  return found != last ? *found : nullptr;
}

bool give(const void* lock, int thread) {
  const void** const first = held.at[thread];
  const void** const last = first + held.count[thread];
  const auto found = std::find(std::make_reverse_iterator(last), std::make_reverse_iterator(first), lock);
  if (found.base() == first) return false;
  std::copy(found.base(), last, found.base() - 1);
  --held.count[thread];
  return true;
}

// Who sleeps in there; not `own`.
const Fiber* waiter_in(const Range& range, const Fiber& own) {
  for (int i = 0; i < rt.thread_count; ++i) {
    const Fiber& fiber = rt.fibers[i];
    if (&fiber == &own || fiber.state != ThreadState::blocked || fiber.wait == Wait::none || fiber.wait > Wait::futex)
      continue;
    if (range.has(fiber.wait_object)) return &fiber;
  }
  return nullptr;
}

struct Object {
  Kind kind;
  const char* name;
};
Object waited_for(Wait wait) {
  switch (wait) {
    case Wait::mutex:
      return {Kind::mutex_misuse, "a mutex"};
    case Wait::rwlock_read:
    case Wait::rwlock_write:
      return {Kind::mutex_misuse, "a lock"};
    case Wait::condition:
      return {Kind::sync_misuse, "a condition variable"};
    case Wait::semaphore:
      return {Kind::sync_misuse, "a semaphore"};
    case Wait::barrier:
      return {Kind::sync_misuse, "a barrier"};
    default:
      return {Kind::sync_misuse, "an atomic"};
  }
}

// Where the frames of the body end, which now calls a function that returns to `pc`: its return address lies there.
std::uintptr_t end_of_frames(const Fiber& fiber, std::uint64_t pc) {
  constexpr int kMostWords = 256;
  const auto* word = static_cast<const std::uint64_t*>(__builtin_frame_address(0));
  for (int i = 0; i < kMostWords && reinterpret_cast<const char*>(word) < fiber.stack_top; ++i, ++word)
    if (*word == pc) return reinterpret_cast<std::uintptr_t>(word);
  return 0;
}

// A function may have returned whose lock the current thread holds: then the lock lies below all frames.
void must_be_in_scope(const void* lock, std::uint64_t pc) {
  const Fiber& fiber = runtime::self();
  if (!stack_of(fiber).has(lock)) return;
  if (reinterpret_cast<std::uintptr_t>(lock) >= end_of_frames(fiber, pc)) return;
  runtime::fail(Kind::mutex_misuse, pc, lock,
                "T%u holds a mutex that went out of scope; unlock it before the function returns", fiber.id);
}

}  // namespace

void nested_lock_taken(const void* lock, std::uint64_t pc) {
  const std::uint16_t self = runtime::self().id;
  if (RC_LIKELY(runtime::controlled())) must_be_in_scope(held.at[self][held.count[self] - 1], pc);
  if (held.count[self] < HeldLocks::kMost) held.at[self][held.count[self]++] = lock;
}

// Not one that was taken last, or not taken by this thread, or by real code before the exploration, or one too many.
void other_lock_given(const void* lock) {
  if (give(lock, runtime::self().id)) return;
  for (int i = 0; i < rt.thread_count; ++i) {
    if (give(lock, i)) return;
  }
}

void block_goes(const void* block, std::size_t size, std::uint64_t pc) {
  const auto begin = reinterpret_cast<std::uintptr_t>(block);
  const Range range{begin, begin + size};
  const unsigned self = runtime::self().id;
  if (const Fiber* waiter = waiter_in(range, runtime::self())) {
    const Object object = waited_for(waiter->wait);
    runtime::fail(object.kind, pc, waiter->wait_object,
                  "T%u frees the memory of %s that T%u still waits for; join whoever uses it first", self, object.name,
                  waiter->id);
  }
  for (int i = 0; i < rt.thread_count; ++i) {
    if (const void* lock = held_in(range, i))
      runtime::fail(Kind::mutex_misuse, pc, lock,
                    "T%u frees the memory of a mutex that T%d holds; unlock it first, and let nobody come back to it",
                    self, i);
  }
}

void stack_goes() {
  const Fiber& fiber = runtime::self();
  const Range stack = stack_of(fiber);
  // At its end T0 leaves threads behind that are judged as such.
  if (const Fiber* waiter = fiber.id != 0 ? waiter_in(stack, fiber) : nullptr) {
    const Object object = waited_for(waiter->wait);
    runtime::fail(object.kind, waiter->wait_pc, waiter->wait_object,
                  "T%u ends, and with its stack goes %s that T%u still waits for; join whoever uses it first", fiber.id,
                  object.name, waiter->id);
  }
  if (const void* lock = held_in(stack, fiber.id))
    runtime::fail(Kind::mutex_misuse, 0, lock,
                  "T%u ends, and with its stack goes a mutex that it holds; unlock it before it goes out of scope",
                  fiber.id);
}

}  // namespace racecourse::detect
