#include <pthread.h>
#include <racecourse/checkers/detect/race.h>
#include <racecourse/checkers/runtime/effects.h>
#include <racecourse/checkers/runtime/places.h>
#include <racecourse/checkers/schedule/noted.h>
#include <racecourse/checkers/schedule/objects.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace racecourse::runtime {

using schedule::Effect;
using schedule::kToAll;
using schedule::kToReaders;
using schedule::Touch;

namespace {

// The event whose effects are told, for those who note them.
struct Now {
  std::uint64_t pc;
  bool reads;  // a value that somebody wrote, or a lock that somebody gave back
};
[[gnu::section("racecourse_state")]] constinit Now now = {};

// More reads in a row that show nothing new than a program makes for any other reason than to wait.
constexpr std::uint32_t kSpins = 16;

void note(const Effect& effect) {
  // What the body writes before it starts anybody is what is there at first.
  const bool alone = rt.thread_count <= 1;
  const schedule::Place code = alone ? 0 : code_place(now.pc);
  const schedule::Place writer = rt.noted->digest.touch(self().id, effect, code, self().idle > kSpins);
  if (!now.reads || alone || effect.object >= schedule::kSleepers) return;
  const std::uint64_t object = effect.object * 8 + static_cast<unsigned>(std::countr_zero(effect.bytes));
  rt.noted->pairs.add({schedule::reader_at(code, object), writer, object});
}

void touch(const Effect& effect) {
  if (rt.noted != nullptr) note(effect);
  if (rt.recording) rt.strategy->touched(effect);
}

bool reads_from_others(Op op) {
  switch (op) {
    case Op::atomic_load:
    case Op::atomic_rmw:
    case Op::cas_success:
    case Op::cas_failure:
    case Op::mutex_lock:
    case Op::rwlock_read_lock:
    case Op::rwlock_write_lock:
    case Op::sem_wait:
    case Op::once_enter:
    case Op::guard_enter:
    case Op::futex_wait:
    case Op::futex_no_wait:
      return true;
    default:
      return false;
  }
}

void touch_memory(std::uint64_t address, std::uint64_t size, Touch how) {
  schedule::for_each_granule(address, size, [&](std::uint64_t granule, std::uint8_t bytes) {
    touch({granule, bytes, how});
  });
}

// Whether the operation that the current thread has begun would have waited.
std::uint8_t needs_of(const void* object, std::uint8_t needs) {
  const Pending& begun = rt.pending[self().id];
  const bool tries = begun.access == Access::try_lock || begun.access == Access::try_lock_shared;
  return tries && begun.object == reinterpret_cast<std::uint64_t>(object) ? 0 : needs;
}

void take(const void* object) { touch(schedule::whole(object, Touch::write, needs_of(object, kToAll), kToAll)); }

void want(const void* object) {
  if (rt.recording) rt.strategy->wants(schedule::whole(object, Touch::write, kToAll, 0));
}

// A recursive mutex that its owner takes once more, or gives back but for the last time: nobody else can tell.
void stay_owner(const void* object) { touch(schedule::whole(object, Touch::read, 0, 0)); }

// Readers make no difference to each other: what they do to the lock is added. So it is said to have been open to all
// before each came, since the others need not have been there.
void touch_as_reader(const void* object, std::uint8_t needs, std::uint8_t open) {
  touch(schedule::whole(object, Touch::add, needs, open));
}

// Memory outside its stack that a thread wrote while it read in vain: part of what is its own.
struct Written {
  const volatile void* address;
  std::size_t size;
};
constexpr std::size_t kMostWritten = 16;
constexpr std::size_t kLargestWritten = 64;

struct WrittenList {
  std::size_t count;
  Written places[kMostWritten];
};
[[gnu::section("racecourse_state")]] constinit WrittenList written_by[256] = {};

void note_written(const volatile void* pointer, std::size_t size) {
  const Fiber& fiber = self();
  if (reinterpret_cast<std::uintptr_t>(pointer) - reinterpret_cast<std::uintptr_t>(fiber.stack) < fiber.stack_size)
    return;
  WrittenList& list = written_by[fiber.id];
  if (fiber.idle <= 1) list.count = 0;
  for (std::size_t i = 0; i < list.count; ++i)
    if (list.places[i].address == pointer && list.places[i].size == size) return;
  // Too much to look at, or no loop yet.
  if (fiber.idle <= 1 || list.count == kMostWritten || size > kLargestWritten) return rt.strategy->changed();
  list.places[list.count++] = {pointer, size};
}

void mix(std::uint64_t& digest, std::uint64_t word) {
  digest = (digest ^ word) * 0x9E3779B97F4A7C15u;
  digest ^= digest >> 29;
}

void mix(std::uint64_t& digest, const char* bytes, std::size_t size) {
  for (; size > 0;) {
    std::uint64_t word = 0;
    const std::size_t part = std::min(size, sizeof word);
    std::memcpy(&word, bytes, part);
    mix(digest, word);
    bytes += part;
    size -= part;
  }
}

}  // namespace

// Where a thread stands is said by its stack and by the registers that a call preserves, which the clobbers put on the
// stack here. Dead bytes in the frames may make two equal places look different, never the other way round.
void record_place() {
  asm volatile("" ::: "rbx", "r12", "r13", "r14", "r15", "memory");
  const Fiber& fiber = self();
  const auto* from = static_cast<const char*>(__builtin_frame_address(0)) - 5 * sizeof(std::uint64_t);
  std::uint64_t digest = 0;
  mix(digest, from, static_cast<std::size_t>(fiber.stack + fiber.stack_size - from));
  const WrittenList& list = written_by[fiber.id];
  for (std::size_t i = 0; i < list.count; ++i) {
    mix(digest, reinterpret_cast<std::uint64_t>(list.places[i].address));
    mix(digest, static_cast<const char*>(const_cast<const void*>(list.places[i].address)), list.places[i].size);
  }
  rt.strategy->stands(digest);
}

void record_plain(const volatile void* pointer, std::size_t size, bool write, std::uint64_t pc) {
  if (write && rt.recording) note_written(pointer, size);
  now = {pc, !write};
  schedule::for_each_granule(reinterpret_cast<std::uint64_t>(pointer), size,
                             [&](std::uint64_t granule, std::uint8_t bytes) {
                               if (detect::raced_before(granule * 8))
                                 touch({granule, bytes, write ? Touch::write : Touch::read});
                             });
}

void note_use(const void* object, std::uint64_t pc) {
  now = {pc, false};
  note(schedule::whole(object, Touch::write));
}

void record_effects(Op op, const void* object, std::uint64_t pc, std::uint64_t value, std::uint64_t old_value,
                    std::uint8_t size) {
  now = {pc, reads_from_others(op)};
  const auto address = reinterpret_cast<std::uint64_t>(object);
  const bool woke = value > 0;
  switch (op) {
    case Op::atomic_load:
      return touch_memory(address, size, Touch::read);
    case Op::atomic_store:
    case Op::atomic_rmw:
    case Op::cas_success:
      return touch_memory(address, size, value == old_value && size <= 8 ? Touch::same : Touch::write);
    case Op::cas_failure:
      return touch_memory(address, size, Touch::check);

    case Op::mutex_lock:
      return old_value == 0 ? take(object) : stay_owner(object);
    case Op::mutex_unlock:
      return old_value == 0 ? touch(schedule::whole(object, Touch::write, 0, 0)) : stay_owner(object);
    case Op::mutex_try_failed:
    case Op::mutex_lock_timeout:
      return touch(schedule::found_closed(object));
    case Op::mutex_blocked:
    case Op::sem_blocked:
    case Op::join_blocked:
    case Op::once_blocked:
      return want(object);

    case Op::rwlock_read_lock:
      return touch_as_reader(object, needs_of(object, kToReaders), kToAll);
    case Op::rwlock_write_lock:
      return take(object);
    case Op::rwlock_unlock: {
      const auto& lock = *static_cast<const pthread_rwlock_t*>(object);  // before
      const bool written = lock.__data.__cur_writer != 0;
      return written ? touch(schedule::whole(object, Touch::write, 0, 0)) : touch_as_reader(object, 0, kToReaders);
    }
    case Op::rwlock_blocked:
      if (rt.pending[self().id].access != Access::lock_shared) return want(object);
      if (rt.recording) rt.strategy->wants(schedule::whole(object, Touch::add, kToReaders, 0));
      return;

    case Op::cond_wait:
      touch(schedule::sleepers_at(object, Touch::write));
      return touch(schedule::whole(reinterpret_cast<const void*>(value), Touch::write, 0, 0));
    case Op::cond_signal:
    case Op::cond_broadcast:
    case Op::futex_wake:
      return touch(schedule::sleepers_at(object, woke ? Touch::write : Touch::check));
    case Op::cond_timeout:
      // It takes its mutex again in the same step: that somebody else locks it in between is not searched.
      if (rt.recording)
        rt.strategy->proves_nothing("a wait for a condition timed out, and not all that may follow was searched");
      [[fallthrough]];
    case Op::futex_timeout:
      return touch(schedule::sleepers_at(object, Touch::write));
    case Op::futex_wait:
      touch_memory(address, sizeof(int), Touch::read);
      return touch(schedule::sleepers_at(object, Touch::write));
    case Op::futex_no_wait:
      touch_memory(address, sizeof(int), Touch::read);
      return touch(schedule::sleepers_at(object, Touch::check));

    case Op::sem_wait:
      return take(object);
    case Op::sem_post:
      return touch(schedule::whole(object, Touch::write, 0, value > 1 ? kToAll : 0));
    case Op::barrier_wait:
      return touch(schedule::whole(object, Touch::write));

    case Op::once_enter:
    case Op::guard_enter:
      return take(object);
    case Op::once_done:
    case Op::guard_done:
      return touch(schedule::whole(object, Touch::write, 0, 0));

    case Op::thread_create:
      if (rt.noted != nullptr) rt.noted->digest.started(static_cast<int>(value), self().id);
      return touch(schedule::kThreads);  // its number depends on those that were started before
    case Op::thread_end:
      return touch(schedule::whole(object, Touch::write, 0, 0));
    case Op::thread_join:
      return touch(schedule::whole(object, Touch::read, needs_of(object, kToAll), kToAll));
    case Op::thread_detach:
      return touch(schedule::whole(object, Touch::check));

    case Op::allocate:
      if (rt.noted != nullptr) rt.noted->digest.forget(address, value);
      [[fallthrough]];
    case Op::release:
      if (rt.recording) rt.strategy->changed();
      return;
    case Op::clock:
      return touch({schedule::kClock.object, 1, Touch::read});
    default:
      return;
  }
}

}  // namespace racecourse::runtime
