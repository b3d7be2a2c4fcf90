// The __tsan_* entry points for plain memory: what the compiler puts before every read and write of instrumented code.
#include <racecourse/checkers/detect/race.h>
#include <racecourse/checkers/runtime/effects.h>
#include <racecourse/checkers/runtime/runtime.h>

#include <cstring>

#define RC_ABI extern "C" __attribute__((visibility("default")))

namespace racecourse::runtime {

namespace {

// A plain access is a tick and may be a scheduling point. It happens after we return.
inline bool is_only_a_tick() { return RC_LIKELY(++rt.tick < rt.switch_tick) && RC_LIKELY(!rt.attentive); }

// Whether a loop that only reads what threads race for has turned often enough to be taken for one that waits for
// another thread, as a loop of atomic loads is (note_idle()). Not where all schedules are counted, and not in a replay,
// which goes by ticks.
template <std::uint64_t kKind>
inline bool seems_to_spin() {
  constexpr std::uint32_t kSpin = 1000;
  Fiber& fiber = self();
  if (kKind == detect::kRead) return rt.searching && !rt.recording && ++fiber.raced_reads % kSpin == 0;
  fiber.raced_reads = 0;
  return false;
}

// What else it is, when it is more than a tick.
template <std::uint64_t kKind>
[[gnu::noinline]] void announce(const volatile void* pointer, std::size_t size, std::uint64_t pc) {
  const Pending next = on(pointer, kKind == detect::kWrite ? Access::write : Access::read, size);
  if (rt.tick >= rt.switch_tick && rt.tick < rt.end_tick) watch_limits();
  if (rt.tick >= rt.end_tick) {
    reschedule(schedule::Reason::budget, pc, next);
  } else if (rt.contended && detect::raced_before(reinterpret_cast<std::uint64_t>(pointer))) {
    const bool spins = seems_to_spin<kKind>();
    if (--rt.points_left <= 0 || spins) {
      reschedule(spins ? schedule::Reason::yielded : schedule::Reason::budget, pc, next);
    }
  }
  if (RC_UNLIKELY(rt.recording || rt.noted != nullptr)) record_plain(pointer, size, kKind == detect::kWrite, pc);
  if (!rt.tracing) return;
  // No value of more than 8 bytes is recorded: how many there are stands in its place.
  event(kKind == detect::kWrite ? Op::write : Op::read, const_cast<const void*>(pointer), pc, size > 8 ? size : 0, 0,
        size < 255 ? static_cast<std::uint8_t>(size) : 255);
}

template <unsigned kSize, std::uint64_t kKind>
RC_INLINE void check(const volatile void* pointer, std::uint64_t pc) {
  const auto address = reinterpret_cast<std::uint64_t>(pointer);
  if (kSize > 8 || RC_UNLIKELY((address & 7) + kSize > 8))
    detect::check_range(address, kSize, kKind, pc);
  else
    detect::check(address, kSize, kKind, pc);
}

template <unsigned kSize, std::uint64_t kKind>
RC_INLINE void check_or_look(const volatile void* pointer, std::uint64_t pc) {
  if (rt.checking) return check<kSize, kKind>(pointer, pc);
  if (detect::looks_for_gone()) detect::look_for_gone(reinterpret_cast<std::uint64_t>(pointer), kSize, kKind, pc);
}

template <unsigned kSize, std::uint64_t kKind>
[[gnu::noinline]] void announce_and_check(const volatile void* pointer, std::uint64_t pc) {
  announce<kKind>(pointer, kSize, pc);
  check_or_look<kSize, kKind>(pointer, pc);
}

// The common case is short and calls nothing.
template <unsigned kSize, std::uint64_t kKind>
RC_INLINE void plain(const volatile void* pointer, std::uint64_t pc) {
  if (RC_LIKELY(controlled_as_mostly())) {
    if (RC_LIKELY(++rt.tick < rt.switch_tick)) return check<kSize, kKind>(pointer, pc);
    return announce_and_check<kSize, kKind>(pointer, pc);
  }
  if (!controlled()) return;
  if (!is_only_a_tick()) return announce_and_check<kSize, kKind>(pointer, pc);
  check_or_look<kSize, kKind>(pointer, pc);
}

template <std::uint64_t kKind>
void range(const volatile void* pointer, std::size_t size, std::uint64_t pc) {
  if (!controlled() || size == 0) return;
  if (!is_only_a_tick()) announce<kKind>(pointer, size, pc);
  detect::check_or_look(reinterpret_cast<std::uint64_t>(pointer), size, kKind, pc);
}

}  // namespace

}  // namespace racecourse::runtime

using racecourse::detect::kRead;
using racecourse::detect::kWrite;
using racecourse::runtime::announce;
using racecourse::runtime::controlled;
using racecourse::runtime::is_only_a_tick;
using racecourse::runtime::plain;
using racecourse::runtime::range;

#define RC_ACCESS(size)                                                                        \
  RC_ABI void __tsan_read##size(void* p) { plain<size, kRead>(p, RC_CALLER); }                 \
  RC_ABI void __tsan_write##size(void* p) { plain<size, kWrite>(p, RC_CALLER); }               \
  RC_ABI void __tsan_unaligned_read##size(void* p) { plain<size, kRead>(p, RC_CALLER); }       \
  RC_ABI void __tsan_unaligned_write##size(void* p) { plain<size, kWrite>(p, RC_CALLER); }     \
  RC_ABI void __tsan_volatile_read##size(void* p) { plain<size, kRead>(p, RC_CALLER); }        \
  RC_ABI void __tsan_volatile_write##size(void* p) { plain<size, kWrite>(p, RC_CALLER); }      \
  RC_ABI void __tsan_unaligned_volatile_read##size(void* p) { plain<size, kRead>(p, RC_CALLER); }   \
  RC_ABI void __tsan_unaligned_volatile_write##size(void* p) { plain<size, kWrite>(p, RC_CALLER); } \
  RC_ABI void __tsan_read_write##size(void* p) {                                               \
    plain<size, kRead>(p, RC_CALLER);                                                          \
    plain<size, kWrite>(p, RC_CALLER);                                                         \
  }                                                                                            \
  RC_ABI void __tsan_unaligned_read_write##size(void* p) {                                     \
    plain<size, kRead>(p, RC_CALLER);                                                          \
    plain<size, kWrite>(p, RC_CALLER);                                                         \
  }                                                                                            \
  RC_ABI void __tsan_read##size##_pc(void* p, void* pc) {                                      \
    plain<size, kRead>(p, reinterpret_cast<std::uint64_t>(pc));                                \
  }                                                                                            \
  RC_ABI void __tsan_write##size##_pc(void* p, void* pc) {                                     \
    plain<size, kWrite>(p, reinterpret_cast<std::uint64_t>(pc));                               \
  }

RC_ACCESS(1)
RC_ACCESS(2)
RC_ACCESS(4)
RC_ACCESS(8)
RC_ACCESS(16)

RC_ABI void __tsan_read_range(void* p, unsigned long size) { range<kRead>(p, size, RC_CALLER); }
RC_ABI void __tsan_write_range(void* p, unsigned long size) { range<kWrite>(p, size, RC_CALLER); }
RC_ABI void __tsan_read_range_pc(void* p, unsigned long size, void* pc) {
  range<kRead>(p, size, reinterpret_cast<std::uint64_t>(pc));
}
RC_ABI void __tsan_write_range_pc(void* p, unsigned long size, void* pc) {
  range<kWrite>(p, size, reinterpret_cast<std::uint64_t>(pc));
}

// A destructor that stores the vptr it already has is no write: the compiler emits many of those. It is a tick all the
// same: what lay in memory before a constructor must not decide what a schedule means.
RC_ABI void __tsan_vptr_update(void** p, void* value) {
  if (*p != value)
    plain<8, kWrite>(p, RC_CALLER);
  else if (controlled() && !is_only_a_tick())
    announce<kWrite>(p, 8, RC_CALLER);
}
RC_ABI void __tsan_vptr_read(void** p) { plain<8, kRead>(p, RC_CALLER); }

RC_ABI void* __tsan_memcpy(void* to, const void* from, std::size_t size) {
  range<kRead>(from, size, RC_CALLER);
  range<kWrite>(to, size, RC_CALLER);
  return std::memcpy(to, from, size);
}
RC_ABI void* __tsan_memmove(void* to, const void* from, std::size_t size) {
  range<kRead>(from, size, RC_CALLER);
  range<kWrite>(to, size, RC_CALLER);
  return std::memmove(to, from, size);
}
RC_ABI void* __tsan_memset(void* to, int value, std::size_t size) {
  range<kWrite>(to, size, RC_CALLER);
  return std::memset(to, value, size);
}

RC_ABI void __tsan_init() {}
RC_ABI void __tsan_ignore_thread_begin() {}
RC_ABI void __tsan_ignore_thread_end() {}
