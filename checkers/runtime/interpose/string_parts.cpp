// More functions on strings, as the program calls them: those that look for letters of a set, cut strings up, or
// compare without regard to case.
#include <racecourse/checkers/runtime/interpose/wrapped.h>

#include <cctype>

using racecourse::runtime::also_read;
using racecourse::runtime::controlled;
using racecourse::runtime::visit_read;
using racecourse::runtime::visit_write;

namespace {

void reads(const char* text, std::size_t size, std::uint64_t pc) {
  if (!controlled() || size == 0) return;
  visit_read(text, 1, pc);
  also_read(text, size, pc);
}
void reads(const char* text, std::uint64_t pc) { reads(text, __real_strlen(text) + 1, pc); }

// Reads both up to where they differ.
void compares(const char* left, const char* right, std::size_t most, std::uint64_t pc) {
  const auto letter = [](char character) { return std::tolower(static_cast<unsigned char>(character)); };
  std::size_t size = 0;
  while (size < most && letter(left[size]) == letter(right[size]) && left[size] != '\0') ++size;
  size += size < most;
  reads(left, size, pc);
  reads(right, size, pc);
}

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier): the names that --wrap gives
extern "C" {

std::size_t __real_strspn(const char* text, const char* set);
std::size_t __real_strcspn(const char* text, const char* set);
char* __real_strpbrk(const char* text, const char* set);
int __real_strcasecmp(const char* left, const char* right);
int __real_strncasecmp(const char* left, const char* right, std::size_t most);

std::size_t __wrap_strspn(const char* text, const char* set) {
  reads(text, __real_strspn(text, set) + 1, RC_CALLER);
  reads(set, RC_CALLER);
  return __real_strspn(text, set);
}

std::size_t __wrap_strcspn(const char* text, const char* set) {
  reads(text, __real_strcspn(text, set) + 1, RC_CALLER);
  reads(set, RC_CALLER);
  return __real_strcspn(text, set);
}

char* __wrap_strpbrk(const char* text, const char* set) {
  reads(text, __real_strcspn(text, set) + 1, RC_CALLER);
  reads(set, RC_CALLER);
  return __real_strpbrk(text, set);
}

int __wrap_strcasecmp(const char* left, const char* right) {
  compares(left, right, static_cast<std::size_t>(-1), RC_CALLER);
  return __real_strcasecmp(left, right);
}

int __wrap_strncasecmp(const char* left, const char* right, std::size_t most) {
  compares(left, right, most, RC_CALLER);
  return __real_strncasecmp(left, right, most);
}

char* __real_strchrnul(const char* in, int value);
char* __real_strcasestr(const char* in, const char* text);
int __real_strcoll(const char* left, const char* right);

char* __wrap_strchrnul(const char* in, int value) {
  reads(in, static_cast<std::size_t>(__real_strchrnul(in, value) - in) + 1, RC_CALLER);
  return __real_strchrnul(in, value);
}

char* __wrap_strcasestr(const char* in, const char* text) {
  reads(in, RC_CALLER);
  reads(text, RC_CALLER);
  return __real_strcasestr(in, text);
}

int __wrap_strcoll(const char* left, const char* right) {
  reads(left, RC_CALLER);
  reads(right, RC_CALLER);
  return __real_strcoll(left, right);
}

}  // extern "C"

namespace {

// Where strtok() goes on: one for all threads, and of this execution, which the C library's own is not.
char* strtok_goes_on_at = nullptr;

char* next_part(char* text, const char* set, char** goes_on_at, std::uint64_t pc) {
  reads(set, pc);
  if (controlled() && text == nullptr) visit_read(goes_on_at, sizeof *goes_on_at, pc);
  if (text == nullptr) text = *goes_on_at;
  if (text == nullptr) return nullptr;
  char* begin = text + __real_strspn(text, set);
  char* end = begin + __real_strcspn(begin, set);
  reads(text, static_cast<std::size_t>(end - text) + 1, pc);
  const bool cuts = *end != '\0';
  if (controlled()) {
    if (cuts) visit_write(end, 1, pc);
    visit_write(goes_on_at, sizeof *goes_on_at, pc);
  }
  if (cuts) *end = '\0';
  *goes_on_at = end + cuts;
  return begin != end ? begin : nullptr;
}

}  // namespace

extern "C" {

char* __wrap_strtok(char* text, const char* set) { return next_part(text, set, &strtok_goes_on_at, RC_CALLER); }
char* __wrap_strtok_r(char* text, const char* set, char** goes_on_at) {
  return next_part(text, set, goes_on_at, RC_CALLER);
}

// Cuts at the first letter of the set, and an empty part is one, too.
char* __wrap_strsep(char** goes_on_at, const char* set) {
  if (controlled()) visit_read(goes_on_at, sizeof *goes_on_at, RC_CALLER);
  char* begin = *goes_on_at;
  if (begin == nullptr) return nullptr;
  reads(set, RC_CALLER);
  char* end = begin + __real_strcspn(begin, set);
  reads(begin, static_cast<std::size_t>(end - begin) + 1, RC_CALLER);
  const bool cuts = *end != '\0';
  if (controlled()) {
    if (cuts) visit_write(end, 1, RC_CALLER);
    visit_write(goes_on_at, sizeof *goes_on_at, RC_CALLER);
  }
  if (cuts) *end = '\0';
  *goes_on_at = cuts ? end + 1 : nullptr;
  return begin;
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
