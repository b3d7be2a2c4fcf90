// Delay points before the atomic operations of instrumented code.
//
// The operations are strong symbols of the sanitizer's runtime, which clang++ links statically: they cannot be defined
// twice. So the linker is asked to wrap them (link_options.cmake); a program linked without those options runs the
// same, only with fewer delays. The calls are tail calls: the runtime takes the address it returns to for the place in
// the user's code.
#include <racecourse/checkers/tsan/delays.h>

#include <cstdarg>
#include <cstdint>

namespace {

using racecourse::tsan::delay_point;
using Order = int;
__extension__ using Word128 = unsigned __int128;

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier, bugprone-macro-parentheses): the names that --wrap gives
#define REAL(name) __real_##name
#define WRAP(name) __wrap_##name

#define LOAD(name, type)                                                   \
  [[gnu::weak]] type REAL(name)(const volatile type* object, Order order); \
  type WRAP(name)(const volatile type* object, Order order) {              \
    delay_point();                                                         \
    return REAL(name)(object, order);                                      \
  }
#define STORE(name, type)                                                         \
  [[gnu::weak]] void REAL(name)(volatile type * object, type value, Order order); \
  void WRAP(name)(volatile type * object, type value, Order order) {              \
    delay_point();                                                                \
    return REAL(name)(object, value, order);                                      \
  }
#define UPDATE(name, type)                                                        \
  [[gnu::weak]] type REAL(name)(volatile type * object, type value, Order order); \
  type WRAP(name)(volatile type * object, type value, Order order) {              \
    delay_point();                                                                \
    return REAL(name)(object, value, order);                                      \
  }
#define COMPARE_EXCHANGE(name, type)                                                                               \
  [[gnu::weak]] int REAL(name)(volatile type * object, type * expected, type value, Order order, Order if_failed); \
  int WRAP(name)(volatile type * object, type * expected, type value, Order order, Order if_failed) {              \
    delay_point();                                                                                                 \
    return REAL(name)(object, expected, value, order, if_failed);                                                  \
  }
#define COMPARE_EXCHANGE_VALUE(name, type)                                                                        \
  [[gnu::weak]] type REAL(name)(volatile type * object, type expected, type value, Order order, Order if_failed); \
  type WRAP(name)(volatile type * object, type expected, type value, Order order, Order if_failed) {              \
    delay_point();                                                                                                \
    return REAL(name)(object, expected, value, order, if_failed);                                                 \
  }
#define ATOMIC(bits, type)                                              \
  LOAD(__tsan_atomic##bits##_load, type)                                \
  STORE(__tsan_atomic##bits##_store, type)                              \
  UPDATE(__tsan_atomic##bits##_exchange, type)                          \
  UPDATE(__tsan_atomic##bits##_fetch_add, type)                         \
  UPDATE(__tsan_atomic##bits##_fetch_sub, type)                         \
  UPDATE(__tsan_atomic##bits##_fetch_and, type)                         \
  UPDATE(__tsan_atomic##bits##_fetch_or, type)                          \
  UPDATE(__tsan_atomic##bits##_fetch_xor, type)                         \
  UPDATE(__tsan_atomic##bits##_fetch_nand, type)                        \
  COMPARE_EXCHANGE(__tsan_atomic##bits##_compare_exchange_strong, type) \
  COMPARE_EXCHANGE(__tsan_atomic##bits##_compare_exchange_weak, type)   \
  COMPARE_EXCHANGE_VALUE(__tsan_atomic##bits##_compare_exchange_val, type)

extern "C" {

ATOMIC(8, std::uint8_t)
ATOMIC(16, std::uint16_t)
ATOMIC(32, std::uint32_t)
ATOMIC(64, std::uint64_t)
ATOMIC(128, Word128)

// std::atomic::wait, semaphores, latches and barriers sleep by this call, made from inline code.
[[gnu::weak]] long REAL(syscall)(long number, ...);
long WRAP(syscall)(long number, ...) {
  va_list rest;
  va_start(rest, number);
  long arguments[6];
  // Reading more than was passed is harmless for a system call, which ignores it.
  for (long& argument : arguments) argument = va_arg(rest, long);
  va_end(rest);
  delay_point();
  return REAL(syscall)(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier, bugprone-macro-parentheses)
