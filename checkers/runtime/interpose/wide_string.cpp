// The functions on wide strings, as the program calls them. As in string.cpp, the rest of a string is checked after its
// first letter was.
#include <racecourse/checkers/runtime/interpose/wrapped.h>

#include <algorithm>
#include <cwchar>

using racecourse::runtime::also_read;
using racecourse::runtime::also_write;
using racecourse::runtime::controlled;
using racecourse::runtime::visit_read;
using racecourse::runtime::visit_write;

namespace {

constexpr std::size_t kWide = sizeof(wchar_t);
constexpr std::size_t kAll = static_cast<std::size_t>(-1);

// Letters before the end of `text`, if at most `most` are looked at.
std::size_t length_of(const wchar_t* text, std::size_t most = kAll) {
  std::size_t length = 0;
  while (length < most && text[length] != L'\0') ++length;
  return length;
}
// Those that are read to find it.
std::size_t extent(const wchar_t* text, std::size_t most = kAll) {
  const std::size_t length = length_of(text, most);
  return length < most ? length + 1 : length;
}

void reads(const wchar_t* text, std::uint64_t pc, std::size_t most = kAll) {
  if (!controlled() || most == 0) return;
  visit_read(text, kWide, pc);
  also_read(text, extent(text, most) * kWide, pc);
}

// Reads both up to where they differ.
void compares(const wchar_t* left, const wchar_t* right, std::size_t most, std::uint64_t pc) {
  if (!controlled() || most == 0) return;
  visit_read(left, kWide, pc);
  visit_read(right, kWide, pc);
  std::size_t size = 0;
  while (size < most && left[size] == right[size] && left[size] != L'\0') ++size;
  size += size < most;
  also_read(left, size * kWide, pc);
  also_read(right, size * kWide, pc);
}

// Copies the string `from` to `to`.
void copies(wchar_t* to, const wchar_t* from, std::uint64_t pc) {
  if (!controlled()) return;
  visit_read(from, kWide, pc);
  visit_write(to, kWide, pc);
  const std::size_t size = extent(from) * kWide;
  also_read(from, size, pc);
  also_write(to, size, pc);
}

void appends(wchar_t* to, const wchar_t* from, std::size_t most, std::uint64_t pc) {
  if (!controlled()) return;
  reads(to, pc);
  reads(from, pc, most);
  also_write(to + length_of(to), (length_of(from, most) + 1) * kWide, pc);
}

void reads_letters(const wchar_t* from, std::size_t size, std::uint64_t pc) {
  if (controlled()) visit_read(from, size * kWide, pc);
}
void writes_letters(wchar_t* to, std::size_t size, std::uint64_t pc) {
  if (controlled()) visit_write(to, size * kWide, pc);
}
void copies_letters(wchar_t* to, const wchar_t* from, std::size_t size, std::uint64_t pc) {
  reads_letters(from, size, pc);
  writes_letters(to, size, pc);
}

}  // namespace

// A function whose accesses are known beforehand.
#define RC_WIDE(result, name, parameters, arguments, accesses) \
  result __real_##name parameters;                             \
  result __wrap_##name parameters {                            \
    const std::uint64_t pc = RC_CALLER;                        \
    accesses;                                                  \
    return __real_##name arguments;                            \
  }
// NOLINTBEGIN(bugprone-reserved-identifier): the names that --wrap and the C library give
// clang-format off: one line for each
extern "C" {

using Text = const wchar_t*;
using Size = std::size_t;

RC_WIDE(Size, wcslen, (Text text), (text), reads(text, pc))
RC_WIDE(Size, wcsnlen, (Text text, Size most), (text, most), reads(text, pc, most))
RC_WIDE(wchar_t*, wcscpy, (wchar_t * to, Text from), (to, from), copies(to, from, pc))
RC_WIDE(wchar_t*, wcpcpy, (wchar_t * to, Text from), (to, from), copies(to, from, pc))
RC_WIDE(wchar_t*, wcscat, (wchar_t * to, Text from), (to, from), appends(to, from, kAll, pc))
RC_WIDE(wchar_t*, wcsncat, (wchar_t * to, Text from, Size most), (to, from, most), appends(to, from, most, pc))
RC_WIDE(int, wcscmp, (Text left, Text right), (left, right), compares(left, right, kAll, pc))
RC_WIDE(int, wcsncmp, (Text left, Text right, Size most), (left, right, most), compares(left, right, most, pc))
RC_WIDE(wchar_t*, wcsrchr, (Text in, wchar_t letter), (in, letter), reads(in, pc))
RC_WIDE(wchar_t*, wcsstr, (Text in, Text text), (in, text), (reads(in, pc), reads(text, pc)))
// Fills up what the string leaves.
RC_WIDE(wchar_t*, wcsncpy, (wchar_t * to, Text from, Size size), (to, from, size),
        (reads(from, pc, size), writes_letters(to, size, pc)))
RC_WIDE(wchar_t*, wmemcpy, (wchar_t * to, Text from, Size size), (to, from, size), copies_letters(to, from, size, pc))
RC_WIDE(wchar_t*, wmemmove, (wchar_t * to, Text from, Size size), (to, from, size), copies_letters(to, from, size, pc))
RC_WIDE(wchar_t*, wmemset, (wchar_t * to, wchar_t letter, Size size), (to, letter, size), writes_letters(to, size, pc))
RC_WIDE(int, wmemcmp, (Text left, Text right, Size size), (left, right, size),
        (reads_letters(left, size, pc), reads_letters(right, size, pc)))

// What _FORTIFY_SOURCE makes of them. They end the process where `room` is too small.
RC_WIDE(wchar_t*, __wcscpy_chk, (wchar_t * to, Text from, Size room), (to, from, room), copies(to, from, pc))
RC_WIDE(wchar_t*, __wcscat_chk, (wchar_t * to, Text from, Size room), (to, from, room), appends(to, from, kAll, pc))
RC_WIDE(wchar_t*, __wmemcpy_chk, (wchar_t * to, Text from, Size size, Size room), (to, from, size, room),
        copies_letters(to, from, std::min(size, room), pc))
RC_WIDE(wchar_t*, __wmemmove_chk, (wchar_t * to, Text from, Size size, Size room), (to, from, size, room),
        copies_letters(to, from, std::min(size, room), pc))
RC_WIDE(wchar_t*, __wmemset_chk, (wchar_t * to, wchar_t letter, Size size, Size room), (to, letter, size, room),
        writes_letters(to, std::min(size, room), pc))
// clang-format on

wchar_t* __real_wcschr(Text in, wchar_t letter);
wchar_t* __real_wmemchr(Text in, wchar_t letter, Size size);

// No further than to the letter.
wchar_t* __wrap_wcschr(Text in, wchar_t letter) {
  if (!controlled()) return __real_wcschr(in, letter);
  visit_read(in, kWide, RC_CALLER);
  wchar_t* found = __real_wcschr(in, letter);
  also_read(in, (found != nullptr ? static_cast<Size>(found - in) + 1 : extent(in)) * kWide, RC_CALLER);
  return found;
}

wchar_t* __wrap_wmemchr(Text in, wchar_t letter, Size size) {
  if (!controlled() || size == 0) return __real_wmemchr(in, letter, size);
  visit_read(in, kWide, RC_CALLER);
  wchar_t* found = __real_wmemchr(in, letter, size);
  also_read(in, (found != nullptr ? static_cast<Size>(found - in) + 1 : size) * kWide, RC_CALLER);
  return found;
}

Size __real_mbstowcs(wchar_t* to, const char* from, Size most);
Size __real_wcstombs(char* to, Text from, Size most);

// How much is read is told by what was written; nothing is where the text is none of the locale's.
Size __wrap_mbstowcs(wchar_t* to, const char* from, Size most) {
  if (!controlled() || to == nullptr) return __real_mbstowcs(to, from, most);
  visit_read(from, 1, RC_CALLER);
  const Size length = __real_mbstowcs(to, from, most);
  if (length == kAll) return length;
  also_read(from, length < most ? __real_strlen(from) + 1 : length, RC_CALLER);
  also_write(to, std::min(length + 1, most) * kWide, RC_CALLER);
  return length;
}

Size __wrap_wcstombs(char* to, Text from, Size most) {
  if (!controlled() || to == nullptr) return __real_wcstombs(to, from, most);
  visit_read(from, kWide, RC_CALLER);
  const Size length = __real_wcstombs(to, from, most);
  if (length == kAll) return length;
  if (length < most) also_read(from, extent(from) * kWide, RC_CALLER);
  also_write(to, std::min(length + 1, most), RC_CALLER);
  return length;
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
