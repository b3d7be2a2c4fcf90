// The functions on strings, as the program calls them. How far one reads is known by reading, so a call is a scheduling
// point at the first byte of each string, and the rest is checked after that, before anybody else runs.
#include <racecourse/checkers/runtime/interpose/wrapped.h>

using racecourse::runtime::also_read;
using racecourse::runtime::also_write;
using racecourse::runtime::controlled;
using racecourse::runtime::visit_read;
using racecourse::runtime::visit_write;

namespace {

// Bytes that are read to find the end of `text`, if at most `most` are.
std::size_t extent(const char* text, std::size_t most) {
  const std::size_t length = __real_strnlen(text, most);
  return length < most ? length + 1 : length;
}
std::size_t extent(const char* text) { return __real_strlen(text) + 1; }

// Copies the string `from` to `to`, or at most `most` bytes of it.
void copies(char* to, const char* from, std::uint64_t pc) {
  if (!controlled()) return;
  visit_read(from, 1, pc);
  visit_write(to, 1, pc);
  const std::size_t size = extent(from);
  also_read(from, size, pc);
  also_write(to, size, pc);
}

// strncpy fills up what the string leaves.
void copies_and_fills(char* to, const char* from, std::size_t size, std::uint64_t pc) {
  if (!controlled() || size == 0) return;
  visit_read(from, 1, pc);
  visit_write(to, size, pc);
  also_read(from, extent(from, size), pc);
}

void appends(char* to, const char* from, std::size_t most, std::uint64_t pc) {
  if (!controlled()) return;
  visit_read(to, 1, pc);
  if (most > 0) visit_read(from, 1, pc);
  also_read(to, extent(to), pc);
  also_read(from, extent(from, most), pc);
  also_write(to + __real_strlen(to), __real_strnlen(from, most) + 1, pc);
}

// Reads both up to where they differ.
void compares(const char* left, const char* right, std::size_t most, std::uint64_t pc) {
  if (!controlled() || most == 0) return;
  visit_read(left, 1, pc);
  visit_read(right, 1, pc);
  std::size_t size = 0;
  while (size < most && left[size] == right[size] && left[size] != '\0') ++size;
  size += size < most;
  also_read(left, size, pc);
  also_read(right, size, pc);
}

void reads(const char* text, std::uint64_t pc) {
  if (!controlled()) return;
  visit_read(text, 1, pc);
  also_read(text, extent(text), pc);
}

// No further than to the letter.
char* find(const char* in, int value, std::uint64_t pc) {
  if (!controlled()) return __real_strchr(in, value);
  visit_read(in, 1, pc);
  char* found = __real_strchr(in, value);
  also_read(in, found != nullptr ? static_cast<std::size_t>(found - in) + 1 : extent(in), pc);
  return found;
}

constexpr std::size_t kAll = static_cast<std::size_t>(-1);

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier): the names that --wrap and the C library give
extern "C" {

// What _FORTIFY_SOURCE makes of them. They end the process where `room` is too small.
char* __real___strcpy_chk(char* to, const char* from, std::size_t room);
char* __real___stpcpy_chk(char* to, const char* from, std::size_t room);
char* __real___strncpy_chk(char* to, const char* from, std::size_t size, std::size_t room);
char* __real___strcat_chk(char* to, const char* from, std::size_t room);
char* __real___strncat_chk(char* to, const char* from, std::size_t most, std::size_t room);

std::size_t __wrap_strlen(const char* text) {
  reads(text, RC_CALLER);
  return __real_strlen(text);
}

std::size_t __wrap_strnlen(const char* text, std::size_t most) {
  if (controlled() && most > 0) {
    visit_read(text, 1, RC_CALLER);
    also_read(text, extent(text, most), RC_CALLER);
  }
  return __real_strnlen(text, most);
}

char* __wrap_strcpy(char* to, const char* from) {
  copies(to, from, RC_CALLER);
  return __real_strcpy(to, from);
}

char* __wrap_stpcpy(char* to, const char* from) {
  copies(to, from, RC_CALLER);
  return __real_stpcpy(to, from);
}

char* __wrap_strncpy(char* to, const char* from, std::size_t size) {
  copies_and_fills(to, from, size, RC_CALLER);
  return __real_strncpy(to, from, size);
}

char* __real_stpncpy(char* to, const char* from, std::size_t size);
char* __wrap_stpncpy(char* to, const char* from, std::size_t size) {
  copies_and_fills(to, from, size, RC_CALLER);
  return __real_stpncpy(to, from, size);
}

char* __wrap_strcat(char* to, const char* from) {
  appends(to, from, kAll, RC_CALLER);
  return __real_strcat(to, from);
}

char* __wrap_strncat(char* to, const char* from, std::size_t most) {
  appends(to, from, most, RC_CALLER);
  return __real_strncat(to, from, most);
}

int __wrap_strcmp(const char* left, const char* right) {
  compares(left, right, kAll, RC_CALLER);
  return __real_strcmp(left, right);
}

int __wrap_strncmp(const char* left, const char* right, std::size_t most) {
  compares(left, right, most, RC_CALLER);
  return __real_strncmp(left, right, most);
}

char* __wrap_strchr(const char* in, int value) { return find(in, value, RC_CALLER); }
char* __wrap_index(const char* in, int value) { return find(in, value, RC_CALLER); }

char* __wrap_strrchr(const char* in, int value) {
  reads(in, RC_CALLER);
  return __real_strrchr(in, value);
}

char* __wrap_rindex(const char* in, int value) {
  reads(in, RC_CALLER);
  return __real_strrchr(in, value);
}

char* __wrap_strstr(const char* in, const char* text) {
  reads(in, RC_CALLER);
  reads(text, RC_CALLER);
  return __real_strstr(in, text);
}

char* __wrap___strcpy_chk(char* to, const char* from, std::size_t room) {
  copies(to, from, RC_CALLER);
  return __real___strcpy_chk(to, from, room);
}

char* __wrap___stpcpy_chk(char* to, const char* from, std::size_t room) {
  copies(to, from, RC_CALLER);
  return __real___stpcpy_chk(to, from, room);
}

char* __wrap___strncpy_chk(char* to, const char* from, std::size_t size, std::size_t room) {
  if (size <= room) copies_and_fills(to, from, size, RC_CALLER);
  return __real___strncpy_chk(to, from, size, room);
}

char* __wrap___strcat_chk(char* to, const char* from, std::size_t room) {
  appends(to, from, kAll, RC_CALLER);
  return __real___strcat_chk(to, from, room);
}

char* __wrap___strncat_chk(char* to, const char* from, std::size_t most, std::size_t room) {
  appends(to, from, most, RC_CALLER);
  return __real___strncat_chk(to, from, most, room);
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
