#include <racecourse/checkers/detect/misuse.h>
#include <racecourse/checkers/runtime/interpose/owner.h>

#include <algorithm>

namespace racecourse::detect {

using report::ThreadState;
using report::Wait;
using runtime::Fiber;
using runtime::rt;

[[gnu::section("racecourse_state")]] constinit const void* last_taken[256] = {};

namespace {

struct Range {
  std::uintptr_t begin, end;
  bool has(const void* object) const { return reinterpret_cast<std::uintptr_t>(object) - begin < end - begin; }
};

Range stack_of(const Fiber& fiber) {
  return {reinterpret_cast<std::uintptr_t>(fiber.stack), reinterpret_cast<std::uintptr_t>(fiber.stack_top)};
}

// Who sleeps in there; not `own`.
const Fiber* waiter_in(const Range& range, const Fiber& own) {
  if (!anybody_waits()) return nullptr;
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

bool names_holder(std::uint32_t word) {
  return (word & ~0xffu) == runtime::execution_mark() && (word & 0xff) < rt.thread_count;
}

// A robust one outlives its holder; it is left out.
bool is_held(const pthread_mutex_t& mutex) {
  constexpr int kPlainKinds = 4;
  const auto& data = mutex.__data;
  return names_holder(static_cast<std::uint32_t>(data.__lock)) && data.__count > 0 && data.__count < 1000 &&
         data.__owner == 0 && data.__nusers == 0 && data.__kind >= 0 && data.__kind < kPlainKinds &&
         data.__spins == 0 && data.__list.__prev == nullptr && data.__list.__next == nullptr;
}

// See interpose/rwlock.cpp for what its fields say.
bool is_held(const pthread_rwlock_t& lock) {
  const auto& data = lock.__data;
  if (data.__pad3 != runtime::execution_mark() || data.__pad4 != 0 || data.__writers != 0) return false;
  if (data.__readers == 0) return names_holder(static_cast<std::uint32_t>(data.__cur_writer));
  return data.__cur_writer == 0 && data.__readers <= rt.thread_count && data.__pad2 != 0;
}

void must_hold_no_lock(const Range& block, std::uint64_t pc) {
  constexpr std::uintptr_t kAlignment = 8;
  constexpr std::uintptr_t kLookedAt = 4096;  // bytes from the start
  const std::uintptr_t end = std::min(block.end, block.begin + kLookedAt);
  for (std::uintptr_t at = block.begin; at + sizeof(pthread_mutex_t) <= end; at += kAlignment) {
    const auto* mutex = reinterpret_cast<const pthread_mutex_t*>(at);
    if (is_held(*mutex))
      runtime::fail(Kind::mutex_misuse, pc, mutex,
                    "T%u frees the memory of a mutex that T%d holds; unlock it first, and let nobody come back to it",
                    runtime::self().id, mutex->__data.__lock & 0xff);
    const auto* lock = reinterpret_cast<const pthread_rwlock_t*>(at);
    if (at + sizeof *lock <= end && is_held(*lock))
      runtime::fail(Kind::mutex_misuse, pc, lock,
                    "T%u frees the memory of a lock that is held; unlock it first, and let nobody come back to it",
                    runtime::self().id);
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

}  // namespace

// On the stack of the current thread, which holds it. A function may have returned: then it lies below all frames.
void must_be_in_scope(const void* mutex, std::uint64_t pc) {
  if (!runtime::controlled()) return;
  const Fiber& fiber = runtime::self();
  if (reinterpret_cast<std::uintptr_t>(mutex) >= end_of_frames(fiber, pc)) return;
  runtime::fail(Kind::mutex_misuse, pc, mutex,
                "T%u holds a mutex that went out of scope; unlock it before the function returns", fiber.id);
}

void block_goes(const void* block, std::size_t size, std::uint64_t pc) {
  const auto begin = reinterpret_cast<std::uintptr_t>(block);
  const Range range{begin, begin + size};
  if (const Fiber* waiter = waiter_in(range, runtime::self())) {
    const Object object = waited_for(waiter->wait);
    runtime::fail(object.kind, pc, waiter->wait_object,
                  "T%u frees the memory of %s that T%u still waits for; join whoever uses it first", runtime::self().id,
                  object.name, waiter->id);
  }
  must_hold_no_lock(range, pc);
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
  if (const void* mutex = last_taken[fiber.id]; mutex != nullptr && stack.has(mutex))
    runtime::fail(Kind::mutex_misuse, 0, mutex,
                  "T%u ends, and with its stack goes a mutex that it holds; unlock it before it goes out of scope",
                  fiber.id);
}

}  // namespace racecourse::detect
