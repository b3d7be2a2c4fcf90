// The __tsan_atomic* entry points, and libatomic's generic ones. Each operation is a scheduling point; what it returns
// and orders is the memory model's business.
#include <racecourse/checkers/detect/counter.h>
#include <racecourse/checkers/detect/race.h>
#include <racecourse/checkers/memory_model/sequential.h>
#include <racecourse/checkers/runtime/runtime.h>
#include <racecourse/checkers/runtime/spurious.h>

#include <atomic>
#include <cstring>

#define RC_ABI extern "C" __attribute__((visibility("default")))

namespace racecourse::runtime {

namespace {

namespace model = racecourse::memory_model;
using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using u128 = unsigned __int128;

// One OS thread: plain operations on the memory are atomic with respect to the body.

template <class T>
RC_INLINE void check_race(const volatile T* object, u64 kind, u64 pc) {
  const auto address = reinterpret_cast<u64>(object);
  if (!rt.checking) {
    if (detect::looks_for_gone()) detect::look_for_gone(address, sizeof(T), kind | detect::kAtomic, pc);
    return;
  }
  if constexpr (sizeof(T) <= 8) {
    if (RC_LIKELY((address & (sizeof(T) - 1)) == 0)) {
      detect::check_atomic(address, sizeof(T), kind, pc);
      return;
    }
  }
  detect::check_range(address, sizeof(T), kind | detect::kAtomic, pc);
}

// Whether a thread that spins reads once more what it read before.
template <class T>
RC_INLINE bool reads_in_vain(const volatile T* object, u64 pc) {
  Fiber& fiber = self();
  const auto value = static_cast<u64>(*object);
  const bool again = fiber.idle > 1 && fiber.read_object == object && fiber.read_value == value;
  fiber.read_object = object;
  fiber.read_value = value;
  if (RC_LIKELY(!again)) return false;
  return RC_UNLIKELY(rt.recording) ? rt.strategy->only_delays(pc) : spins_patiently();
}

template <class T>
T load(const volatile T* object, int order, u64 pc) {
  if (!controlled()) {
    if constexpr (sizeof(T) == 16)
      return __sync_val_compare_and_swap(const_cast<volatile T*>(object), T{0}, T{0});
    else
      return __atomic_load_n(object, __ATOMIC_SEQ_CST);
  }
  note_idle(pc);
  if (RC_UNLIKELY(reads_in_vain(object, pc)))
    pass(pc);
  else
    point(pc, on(object, Access::read, sizeof(T)));
  model::on_load(const_cast<const T*>(object), order);
  check_race(object, detect::kRead, pc);
  const T value = *object;
  event(Op::atomic_load, const_cast<const T*>(object), pc, static_cast<u64>(value), 0, sizeof(T), static_cast<u8>(order));
  return value;
}

// Of a byte that may be the phase of a std::barrier, which no store leaves as it is.
template <class T>
RC_INLINE void check_phase(const volatile T* object, T value, int order, u64 pc) {
  if constexpr (sizeof(T) == 1)
    if (RC_UNLIKELY(rt.observed) && order == __ATOMIC_RELEASE && *object == value) detect::judge_phase(object, pc);
}

template <class T>
void store(volatile T* object, T value, int order, u64 pc) {
  if (!controlled()) {
    if constexpr (sizeof(T) == 16) {
      T old = *object;
      while (!__sync_bool_compare_and_swap(object, old, value)) old = *object;
    } else {
      __atomic_store_n(object, value, __ATOMIC_SEQ_CST);
    }
    return;
  }
  point(pc, on(object, Access::write, sizeof(T)));
  check_race(object, detect::kWrite, pc);
  check_phase(object, value, order, pc);
  model::on_store(const_cast<T*>(object), order);
  event(Op::atomic_store, const_cast<T*>(object), pc, static_cast<u64>(value), static_cast<u64>(*object), sizeof(T),
        static_cast<u8>(order));
  if (*object != value) note_progress();
  *object = value;
}

template <class T, class Operation>
[[gnu::noinline]] T modify_really(volatile T* object, Operation operation) {
  T old = *object;
  for (;;) {
    const T seen = __sync_val_compare_and_swap(object, old, operation(old));
    if (seen == old) return old;
    old = seen;
  }
}

// Of an int that may be the count of a semaphore or a latch: only while events are observed.
inline void check_count(const volatile u32* object, u32 old, u32 next, u64 pc) {
  const auto before = static_cast<std::int32_t>(old), after = static_cast<std::int32_t>(next);
  if (RC_UNLIKELY(rt.observed) && detect::may_break_its_bounds(before, after))
    detect::judge_counter(object, before, after, pc);
}

// Any read-modify-write after its scheduling point.
template <class T, class Operation>
[[gnu::noinline]] T modify_now(volatile T* object, int order, u64 pc, Operation operation) {
  model::on_load(const_cast<T*>(object), order);
  check_race(object, detect::kWrite, pc);
  model::on_rmw(const_cast<T*>(object), order);
  const T old = *object;
  const T next = operation(old);
  event(Op::atomic_rmw, const_cast<T*>(object), pc, static_cast<u64>(next), static_cast<u64>(old), sizeof(T),
        static_cast<u8>(order));
  if (next != old) {
    note_progress();
    *object = next;
    if constexpr (sizeof(T) == 4) check_count(object, old, next, pc);
  } else {
    note_idle(pc);
  }
  return old;
}

// What is known about the atomic object that was modified last: threads that meet at one object come back to it again
// and again. rt.recent_atomic says which it is: key_of() it, or 0.
struct Recent {
  detect::Cell* cells;
  detect::Cell place;  // an atomic write of all of it
  detect::Published* published;
};
[[gnu::section("racecourse_state")]] constinit Recent recent{};

// The object's address, and its size where addresses have no bits.
template <class T>
RC_INLINE u64 key_of(const volatile T* object) {
  return reinterpret_cast<u64>(object) + (u64{sizeof(T)} << 56);
}

template <class T>
[[gnu::noinline]] void look_up(volatile T* object) {
  const auto address = reinterpret_cast<u64>(object);
  recent.cells = detect::cells_of(address);
  recent.place = detect::place_of(address, sizeof(T), detect::kWrite | detect::kAtomic);
  recent.published = &detect::published_by(const_cast<const T*>(object));
  rt.recent_atomic = key_of(object);
}

// One that acquires and releases, of an object that is not the recent one or by a thread that is new to it. While events
// are of interest no object is recent, so that all come here.
template <class T, class Operation>
[[gnu::noinline]] T modify_anew(volatile T* object, int order, u64 pc, Operation operation) {
  if (RC_UNLIKELY(rt.observed)) return modify_now(object, order, pc, operation);
  const bool ordinary = sizeof(T) <= 8 && (reinterpret_cast<u64>(object) & (sizeof(T) - 1)) == 0;
  if (!ordinary || !model::exchanges(order)) return modify_now(object, order, pc, operation);
  if (rt.recent_atomic != key_of(object)) look_up(object);
  if (!detect::check_only_atomic(recent.cells, self().stamp | recent.place))
    return modify_now(object, order, pc, operation);
  model::exchange(*recent.published);
  const T old = *object;
  *object = operation(old);
  note_progress();
  return old;
}

// While checking and not observed.
template <class T, class Operation>
RC_INLINE T modify_checked(volatile T* object, int order, u64 pc, Operation operation) {
  const T old = *object;
  const T next = operation(old);
  if (RC_UNLIKELY(next == old)) return modify_now(object, order, pc, operation);
  if (RC_UNLIKELY(rt.recent_atomic != key_of(object)) || RC_UNLIKELY(!model::exchanges(order)) ||
      RC_UNLIKELY(!detect::check_of_two(recent.cells, self().stamp | recent.place)))
    return modify_anew(object, order, pc, operation);
  model::exchange(*recent.published);
  note_progress();
  *object = next;
  return old;
}

template <class T, class Operation>
RC_INLINE T modify_after_point(volatile T* object, int order, u64 pc, Operation operation) {
  if (RC_LIKELY(rt.checking) && RC_LIKELY(!rt.observed)) return modify_checked(object, order, pc, operation);
  const T old = *object;
  const T next = operation(old);
  if (RC_UNLIKELY(next == old) || RC_UNLIKELY(rt.observed)) return modify_now(object, order, pc, operation);
  note_progress();
  *object = next;
  return old;
}

template <class T, class Operation>
[[gnu::noinline]] T modify_later(volatile T* object, int order, u64 pc, Operation operation) {
  reschedule(schedule::Reason::budget, pc, on(object, Access::write, sizeof(T)));
  return modify_after_point(object, order, pc, operation);
}

template <class T, class Operation>
[[gnu::noinline]] T modify_otherwise(volatile T* object, int order, u64 pc, Operation operation) {
  if (!controlled()) return modify_really(object, operation);
  if (count_point()) return modify_later(object, order, pc, operation);
  return modify_after_point(object, order, pc, operation);
}

// The common case is short and calls nothing.
template <class T, class Operation>
RC_INLINE T modify(volatile T* object, int order, u64 pc, Operation operation) {
  if (RC_UNLIKELY(!controlled_as_mostly())) return modify_otherwise(object, order, pc, operation);
  if (count_point()) return modify_later(object, order, pc, operation);
  return modify_checked(object, order, pc, operation);
}

enum class Strength { strong, weak };

template <Strength strength = Strength::strong, class T>
bool compare_exchange(volatile T* object, T* expected, T desired, int order, int failure_order, u64 pc) {
  if (!controlled()) {
    const T seen = __sync_val_compare_and_swap(object, *expected, desired);
    const bool done = seen == *expected;
    if (!done) *expected = seen;
    return done;
  }
  point(pc, on(object, Access::write, sizeof(T)));
  const T old = *object;
  const bool fails = strength == Strength::weak && old == *expected && happens_spuriously();
  if (old == *expected && !fails) {
    model::on_load(const_cast<T*>(object), order);
    check_race(object, detect::kWrite, pc);
    model::on_rmw(const_cast<T*>(object), order);
    event(Op::cas_success, const_cast<T*>(object), pc, static_cast<u64>(desired), static_cast<u64>(old), sizeof(T),
          static_cast<u8>(order));
    *object = desired;
    note_progress();
    return true;
  }
  model::on_load(const_cast<T*>(object), failure_order);
  check_race(object, detect::kRead, pc);
  event(Op::cas_failure, const_cast<T*>(object), pc, static_cast<u64>(*expected), static_cast<u64>(old), sizeof(T),
        static_cast<u8>(failure_order));
  *expected = old;
  if (!fails) note_idle(pc);
  return false;
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse::runtime;
namespace detect = racecourse::detect;

#define RC_RMW(bits, T, name, expression)                                        \
  RC_ABI T __tsan_atomic##bits##_##name(volatile T* p, T v, int order) {         \
    return modify(p, order, RC_CALLER, [v]([[maybe_unused]] T x) -> T { return static_cast<T>(expression); }); \
  }

#define RC_ATOMIC(bits, T)                                                                                      \
  RC_ABI T __tsan_atomic##bits##_load(const volatile T* p, int order) { return load(p, order, RC_CALLER); }     \
  RC_ABI void __tsan_atomic##bits##_store(volatile T* p, T v, int order) { store(p, v, order, RC_CALLER); }     \
  RC_RMW(bits, T, exchange, v)                                                                                  \
  RC_RMW(bits, T, fetch_add, x + v)                                                                             \
  RC_RMW(bits, T, fetch_sub, x - v)                                                                             \
  RC_RMW(bits, T, fetch_and, x& v)                                                                              \
  RC_RMW(bits, T, fetch_or, x | v)                                                                              \
  RC_RMW(bits, T, fetch_xor, x ^ v)                                                                             \
  RC_RMW(bits, T, fetch_nand, ~(x & v))                                                                         \
  RC_ABI int __tsan_atomic##bits##_compare_exchange_strong(volatile T* p, T* e, T v, int order, int failure) {  \
    return compare_exchange(p, e, v, order, failure, RC_CALLER);                                                \
  }                                                                                                             \
  RC_ABI int __tsan_atomic##bits##_compare_exchange_weak(volatile T* p, T* e, T v, int order, int failure) {    \
    return compare_exchange<Strength::weak>(p, e, v, order, failure, RC_CALLER);                                \
  }                                                                                                             \
  RC_ABI T __tsan_atomic##bits##_compare_exchange_val(volatile T* p, T e, T v, int order, int failure) {        \
    compare_exchange(p, &e, v, order, failure, RC_CALLER);                                                      \
    return e;                                                                                                   \
  }

RC_ATOMIC(8, u8)
RC_ATOMIC(16, u16)
RC_ATOMIC(32, u32)
RC_ATOMIC(64, u64)
RC_ATOMIC(128, u128)

RC_ABI void __tsan_atomic_thread_fence(int order) {
  if (!controlled()) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return;
  }
  point(RC_CALLER, {});
  model::on_fence(order);
  event(Op::fence, nullptr, RC_CALLER, 0, 0, 0, static_cast<u8>(order));
}
RC_ABI void __tsan_atomic_signal_fence(int) {}

// libatomic's entry points for sizes that the compiler does not inline. Outside an execution a small table of spin
// locks makes them atomic; inside one, nothing else runs.
namespace {

std::atomic_flag big_locks[64];

struct BigLock {
  explicit BigLock(const void* p) : flag(big_locks[reinterpret_cast<std::uintptr_t>(p) >> 4 & 63]) {
    if (!controlled())
      while (flag.test_and_set(std::memory_order_acquire)) {
      }
  }
  ~BigLock() {
    if (!controlled()) flag.clear(std::memory_order_release);
  }
  std::atomic_flag& flag;
};

void big_access(const void* p, std::size_t size, Op op, int order, u64 pc) {
  if (!controlled()) return;
  if (op == Op::atomic_load) note_idle(pc); else note_progress();
  point(pc, on(p, op == Op::atomic_load ? Access::read : Access::write, size));
  const u64 kind = op == Op::atomic_load ? detect::kRead : detect::kWrite;
  if (op != Op::atomic_store) model::on_load(p, order);
  detect::check_or_look(reinterpret_cast<u64>(p), size, kind | detect::kAtomic, pc);
  if (op == Op::atomic_store) model::on_store(p, order);
  if (op == Op::atomic_rmw) model::on_rmw(p, order);
  event(op, p, pc, 0, 0, size < 255 ? static_cast<u8>(size) : 255, static_cast<u8>(order));
}

}  // namespace

extern "C" {
void racecourse_atomic_load(std::size_t, const void*, void*, int) __asm__("__atomic_load");
void racecourse_atomic_store(std::size_t, void*, const void*, int) __asm__("__atomic_store");
void racecourse_atomic_exchange(std::size_t, void*, const void*, void*, int) __asm__("__atomic_exchange");
bool racecourse_atomic_compare_exchange(std::size_t, void*, void*, const void*, int,
                                        int) __asm__("__atomic_compare_exchange");
}

void racecourse_atomic_load(std::size_t size, const void* p, void* out, int order) {
  big_access(p, size, Op::atomic_load, order, RC_CALLER);
  const BigLock lock(p);
  std::memcpy(out, p, size);
}
void racecourse_atomic_store(std::size_t size, void* p, const void* value, int order) {
  big_access(p, size, Op::atomic_store, order, RC_CALLER);
  const BigLock lock(p);
  std::memcpy(p, value, size);
}
void racecourse_atomic_exchange(std::size_t size, void* p, const void* value, void* out, int order) {
  big_access(p, size, Op::atomic_rmw, order, RC_CALLER);
  const BigLock lock(p);
  std::memmove(out, p, size);
  std::memcpy(p, value, size);
}
bool racecourse_atomic_compare_exchange(std::size_t size, void* p, void* expected, const void* desired, int order, int) {
  big_access(p, size, Op::atomic_rmw, order, RC_CALLER);
  const BigLock lock(p);
  const bool equal = std::memcmp(p, expected, size) == 0;
  if (equal)
    std::memcpy(p, desired, size);
  else
    std::memcpy(expected, p, size);
  return equal;
}
