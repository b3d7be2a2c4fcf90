// sprintf() and its kin, as the program calls them: accesses to what is written, and to the strings that are read.
#include <racecourse/checkers/runtime/heap.h>
#include <racecourse/checkers/runtime/interpose/filled.h>
#include <racecourse/checkers/runtime/interpose/format.h>
#include <racecourse/checkers/runtime/interpose/wrapped.h>

#include <algorithm>

using racecourse::runtime::also_read;
using racecourse::runtime::also_write;
using racecourse::runtime::controlled;
using racecourse::runtime::filled;
using racecourse::runtime::FormatStrings;
using racecourse::runtime::rt;
using racecourse::runtime::visit_read;
using racecourse::runtime::visit_write;

namespace {

constexpr std::size_t kAll = static_cast<std::size_t>(-1);

// How much is written is known by printing to nowhere.
std::size_t length_of(const char* format, va_list arguments) {
  va_list again;
  va_copy(again, arguments);
  const int length = __real_vsnprintf(nullptr, 0, format, again);
  va_end(again);
  return length < 0 ? 0 : static_cast<std::size_t>(length);
}

void reads_strings(const char* format, va_list arguments, std::uint64_t pc) {
  if (!controlled()) return;
  for (FormatStrings strings(format, arguments); strings.next();) {
    if (strings.text() == nullptr || strings.size() == 0) continue;
    visit_read(strings.text(), 1, pc);
    also_read(strings.text(), strings.size(), pc);
  }
}

void prints(char* to, std::size_t size, const char* format, va_list arguments, std::uint64_t pc) {
  reads_strings(format, arguments, pc);
  if (!controlled() || size == 0) return;
  visit_write(to, 1, pc);
  also_write(to, std::min(size, length_of(format, arguments) + 1), pc);
}

// Into a block of this program's heap, which the C library's own would not be.
int prints_new(char** to, const char* format, va_list arguments, std::uint64_t pc) {
  reads_strings(format, arguments, pc);
  const std::size_t size = length_of(format, arguments) + 1;
  auto* text = static_cast<char*>(racecourse::runtime::heap::allocate(size, pc));
  if (text == nullptr) return -1;
  *to = text;
  filled(to, sizeof *to, pc);
  return __real_vsnprintf(text, size, format, arguments);
}

// In wide letters. The strings that it reads are not seen.
template <class Print>
int prints_wide(wchar_t* to, std::size_t size, std::uint64_t pc, Print print) {
  if (!controlled() || size == 0) return print();
  visit_write(to, sizeof *to, pc);
  const int length = print();
  if (length >= 0) also_write(to, (static_cast<std::size_t>(length) + 1) * sizeof *to, pc);
  return length;
}

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier): the names that --wrap and the C library give
extern "C" {

int __real_vsprintf(char* to, const char* format, va_list arguments);
// What _FORTIFY_SOURCE makes of them. They end the process where `room` is too small.
int __real___vsprintf_chk(char* to, int flag, std::size_t room, const char* format, va_list arguments);
int __real___vsnprintf_chk(char* to, std::size_t size, int flag, std::size_t room, const char* format,
                           va_list arguments);

int __wrap_vsprintf(char* to, const char* format, va_list arguments) {
  prints(to, kAll, format, arguments, RC_CALLER);
  return __real_vsprintf(to, format, arguments);
}

int __wrap_vsnprintf(char* to, std::size_t size, const char* format, va_list arguments) {
  prints(to, size, format, arguments, RC_CALLER);
  return __real_vsnprintf(to, size, format, arguments);
}

int __wrap___vsprintf_chk(char* to, int flag, std::size_t room, const char* format, va_list arguments) {
  prints(to, room, format, arguments, RC_CALLER);
  return __real___vsprintf_chk(to, flag, room, format, arguments);
}

int __wrap___vsnprintf_chk(char* to, std::size_t size, int flag, std::size_t room, const char* format,
                           va_list arguments) {
  if (size <= room) prints(to, size, format, arguments, RC_CALLER);
  return __real___vsnprintf_chk(to, size, flag, room, format, arguments);
}

int __wrap_sprintf(char* to, const char* format, ...) {
  RC_FORWARD_ARGUMENTS(format,
                       (prints(to, kAll, format, arguments, RC_CALLER), __real_vsprintf(to, format, arguments)));
}

int __wrap_snprintf(char* to, std::size_t size, const char* format, ...) {
  RC_FORWARD_ARGUMENTS(format,
                       (prints(to, size, format, arguments, RC_CALLER), __real_vsnprintf(to, size, format, arguments)));
}

int __wrap___sprintf_chk(char* to, int flag, std::size_t room, const char* format, ...) {
  RC_FORWARD_ARGUMENTS(format, (prints(to, room, format, arguments, RC_CALLER),
                                __real___vsprintf_chk(to, flag, room, format, arguments)));
}

int __wrap___snprintf_chk(char* to, std::size_t size, int flag, std::size_t room, const char* format, ...) {
  RC_FORWARD_ARGUMENTS(format, (prints(to, size, format, arguments, RC_CALLER),
                                __real___vsnprintf_chk(to, size, flag, room, format, arguments)));
}

int __real_vasprintf(char** to, const char* format, va_list arguments);

int __wrap_vasprintf(char** to, const char* format, va_list arguments) {
  if (!rt.executing) return __real_vasprintf(to, format, arguments);
  return prints_new(to, format, arguments, RC_CALLER);
}

int __wrap_asprintf(char** to, const char* format, ...) {
  RC_FORWARD_ARGUMENTS(
      format, rt.executing ? prints_new(to, format, arguments, RC_CALLER) : __real_vasprintf(to, format, arguments));
}

int __real_vswprintf(wchar_t* to, std::size_t size, const wchar_t* format, va_list arguments);

int __wrap_vswprintf(wchar_t* to, std::size_t size, const wchar_t* format, va_list arguments) {
  return prints_wide(to, size, RC_CALLER, [&] { return __real_vswprintf(to, size, format, arguments); });
}

int __wrap_swprintf(wchar_t* to, std::size_t size, const wchar_t* format, ...) {
  RC_FORWARD_ARGUMENTS(format,
                       prints_wide(to, size, RC_CALLER, [&] { return __real_vswprintf(to, size, format, arguments); }));
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
