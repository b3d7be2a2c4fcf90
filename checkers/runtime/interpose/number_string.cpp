// strtol(), atoi() and their kin, as the program calls them: they read a string up to the letter that ends the number,
// and may write where that is.
#include <inttypes.h>
#include <racecourse/checkers/runtime/interpose/filled.h>
#include <racecourse/checkers/runtime/interpose/wrapped.h>

#include <cctype>
#include <cstdlib>

using racecourse::runtime::also_read;
using racecourse::runtime::controlled;
using racecourse::runtime::filled;
using racecourse::runtime::visit_read;

namespace {

// Bytes that are read to find that the number ends at `end`. Where there is none, that is where `text` begins.
std::size_t extent(const char* text, const char* end) {
  if (end == text)
    while (std::isspace(static_cast<unsigned char>(*end)) != 0) ++end;
  return static_cast<std::size_t>(end - text) + 1;
}

// `convert(&end)` calls the C library, which leaves `end` alone if the base is none.
template <class Convert>
auto convert_number(const char* text, char** end_of_number, std::uint64_t pc, Convert convert) {
  if (controlled()) visit_read(text, 1, pc);
  char* end = nullptr;
  const auto number = convert(&end);
  if (end == nullptr) return number;
  if (controlled()) also_read(text, extent(text, end), pc);
  if (end_of_number == nullptr) return number;
  *end_of_number = end;
  filled(end_of_number, sizeof *end_of_number, pc);
  return number;
}

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier): the names that --wrap gives
extern "C" {

#define RC_INTEGER(result, name)                                                                                     \
  result __real_##name(const char* text, char** end, int base);                                                      \
  result __wrap_##name(const char* text, char** end, int base) {                                                     \
    return convert_number(text, end, RC_CALLER, [&](char** own_end) { return __real_##name(text, own_end, base); }); \
  }
#define RC_FRACTION(result, name)                                                                              \
  result __real_##name(const char* text, char** end);                                                          \
  result __wrap_##name(const char* text, char** end) {                                                         \
    return convert_number(text, end, RC_CALLER, [&](char** own_end) { return __real_##name(text, own_end); }); \
  }
// By the C library's own definition: strtol(), strtod() without an end.
#define RC_WITHOUT_END(result, name, conversion)                                                        \
  result __wrap_##name(const char* text) {                                                              \
    return static_cast<result>(                                                                         \
        convert_number(text, nullptr, RC_CALLER, [&](char** own_end) { return __real_##conversion; })); \
  }

RC_INTEGER(long, strtol)
RC_INTEGER(unsigned long, strtoul)
RC_INTEGER(long long, strtoll)
RC_INTEGER(unsigned long long, strtoull)
RC_INTEGER(intmax_t, strtoimax)
RC_INTEGER(uintmax_t, strtoumax)
RC_FRACTION(float, strtof)
RC_FRACTION(double, strtod)
RC_FRACTION(long double, strtold)
RC_WITHOUT_END(int, atoi, strtol(text, own_end, 10))
RC_WITHOUT_END(long, atol, strtol(text, own_end, 10))
RC_WITHOUT_END(long long, atoll, strtoll(text, own_end, 10))
RC_WITHOUT_END(double, atof, strtod(text, own_end))

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
