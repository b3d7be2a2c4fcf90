// Dates and their texts, as the program calls for them. Some functions fill a variable of the C library's, one for all
// threads; those with a name in _r fill what their caller hands over.
#include <racecourse/checkers/runtime/interpose/filled.h>
#include <racecourse/checkers/runtime/interpose/wrapped.h>

#include <ctime>

using racecourse::runtime::controlled;
using racecourse::runtime::filled;
using racecourse::runtime::visit_read;
using racecourse::runtime::visit_write;

namespace {

void reads(const void* from, std::size_t size, std::uint64_t pc) {
  if (controlled()) visit_read(from, size, pc);
}

std::tm* has_filled(std::tm* date, std::uint64_t pc) {
  if (date != nullptr) filled(date, sizeof *date, pc);
  return date;
}
char* has_filled(char* text, std::uint64_t pc) {
  if (text != nullptr) filled(text, __real_strlen(text) + 1, pc);
  return text;
}

}  // namespace

// A function that reads `*from` and returns what it has filled.
#define RC_DATE(result, name, type)                    \
  result __real_##name(const type* from);              \
  result __wrap_##name(const type* from) {             \
    reads(from, sizeof *from, RC_CALLER);              \
    return has_filled(__real_##name(from), RC_CALLER); \
  }
#define RC_DATE_TO(result, name, type, to_type)            \
  result __real_##name(const type* from, to_type* to);     \
  result __wrap_##name(const type* from, to_type* to) {    \
    reads(from, sizeof *from, RC_CALLER);                  \
    return has_filled(__real_##name(from, to), RC_CALLER); \
  }
// A function that reads a date and puts it right.
#define RC_TIME(name)                                             \
  std::time_t __real_##name(std::tm* date);                       \
  std::time_t __wrap_##name(std::tm* date) {                      \
    reads(date, sizeof *date, RC_CALLER);                         \
    if (controlled()) visit_write(date, sizeof *date, RC_CALLER); \
    return __real_##name(date);                                   \
  }

// NOLINTBEGIN(bugprone-reserved-identifier): the names that --wrap gives
extern "C" {

RC_DATE(std::tm*, localtime, std::time_t)
RC_DATE(std::tm*, gmtime, std::time_t)
RC_DATE(char*, asctime, std::tm)
RC_DATE(char*, ctime, std::time_t)
RC_DATE_TO(std::tm*, localtime_r, std::time_t, std::tm)
RC_DATE_TO(std::tm*, gmtime_r, std::time_t, std::tm)
RC_DATE_TO(char*, asctime_r, std::tm, char)
RC_DATE_TO(char*, ctime_r, std::time_t, char)
RC_TIME(mktime)
RC_TIME(timegm)

std::size_t __real_strftime(char* to, std::size_t size, const char* format, const std::tm* date);

std::size_t __wrap_strftime(char* to, std::size_t size, const char* format, const std::tm* date) {
  reads(date, sizeof *date, RC_CALLER);
  const std::size_t length = __real_strftime(to, size, format, date);
  if (length > 0) filled(to, length + 1, RC_CALLER);
  return length;
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
