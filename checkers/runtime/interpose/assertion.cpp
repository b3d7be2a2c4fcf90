// assert() of the C library and of libstdc++ (_GLIBCXX_ASSERTIONS).
#include <racecourse/checkers/runtime/interpose/call.h>

#undef NDEBUG  // assert.h declares nothing otherwise
#include <assert.h>
#include <string.h>

#include <cstdarg>
#include <cstdio>

// std::__glibcxx_assert_fail, which only some builds declare.
extern "C" [[noreturn]] void racecourse_library_assertion(const char* file, int line, const char* function,
                                                          const char* condition) noexcept
    __asm__("_ZSt21__glibcxx_assert_failPKciS0_S0_");

RC_DECLARE_ORIGINAL(__assert_fail)
RC_DECLARE_ORIGINAL(__assert_perror_fail)

namespace racecourse::runtime {

namespace {

[[noreturn, gnu::format(printf, 3, 4)]] void fail_assertion(const char* file, unsigned line, const char* format, ...) {
  char message[512];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  fail_at(Kind::assertion, file, static_cast<int>(line), message);
}

const char* or_unknown(const char* text) { return text != nullptr ? text : "?"; }

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE void __assert_fail(const char* condition, const char* file, unsigned line, const char* function) noexcept {
  if (rt.executing) fail_assertion(file, line, "assertion failed: %s", condition);
  RC_ORIGINAL(__assert_fail)(condition, file, line, function);
  __builtin_unreachable();
}

RC_INTERPOSE void __assert_perror_fail(int error, const char* file, unsigned line, const char* function) noexcept {
  if (rt.executing) fail_assertion(file, line, "unexpected error: %s", strerror(error));
  RC_ORIGINAL(__assert_perror_fail)(error, file, line, function);
  __builtin_unreachable();
}

RC_INTERPOSE void __assert(const char* condition, const char* file, int line) noexcept {
  if (rt.executing) fail_assertion(file, static_cast<unsigned>(line), "assertion failed: %s", condition);
  RC_ORIGINAL(__assert_fail)(condition, file, static_cast<unsigned>(line), "?");
  __builtin_unreachable();
}

// Weak: a static libstdc++ brings its own.
[[gnu::weak, gnu::visibility("default")]] void racecourse_library_assertion(const char* file, int line,
                                                                            const char* function,
                                                                            const char* condition) noexcept {
  if (rt.executing)
    fail_assertion(or_unknown(file), static_cast<unsigned>(line), "assertion of the standard library failed: %s",
                   or_unknown(condition));
  RC_ORIGINAL(__assert_fail)(or_unknown(condition), or_unknown(file), static_cast<unsigned>(line), function);
  __builtin_unreachable();
}
