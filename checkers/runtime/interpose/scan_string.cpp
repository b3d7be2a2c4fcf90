// sscanf() and its kin, as the program calls them: accesses to the string that is read, all of it as the C library
// does, and to what is written.
#include <racecourse/checkers/runtime/interpose/format.h>
#include <racecourse/checkers/runtime/interpose/scan_format.h>
#include <racecourse/checkers/runtime/interpose/wrapped.h>

using racecourse::runtime::also_read;
using racecourse::runtime::controlled;
using racecourse::runtime::scanned;
using racecourse::runtime::visit_read;

namespace {

using Scan = int(const char* text, const char* format, va_list arguments);

int scan(Scan* real, const char* text, const char* format, va_list arguments, std::uint64_t pc) {
  if (!controlled()) return real(text, format, arguments);
  visit_read(text, 1, pc);
  also_read(text, __real_strlen(text) + 1, pc);
  va_list targets;
  va_copy(targets, arguments);
  const int assigned = real(text, format, arguments);
  scanned(format, targets, assigned, pc);
  va_end(targets);
  return assigned;
}

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier): the names that --wrap and the C library give
extern "C" {

int __real_vsscanf(const char* text, const char* format, va_list arguments);
// The names that the headers give to all but programs in C89 and C++98 that ask for GNU extensions.
int __real___isoc99_vsscanf(const char* text, const char* format, va_list arguments);

int __wrap_vsscanf(const char* text, const char* format, va_list arguments) {
  return scan(__real_vsscanf, text, format, arguments, RC_CALLER);
}

int __wrap___isoc99_vsscanf(const char* text, const char* format, va_list arguments) {
  return scan(__real___isoc99_vsscanf, text, format, arguments, RC_CALLER);
}

int __wrap_sscanf(const char* text, const char* format, ...) {
  RC_FORWARD_ARGUMENTS(format, scan(__real_vsscanf, text, format, arguments, RC_CALLER));
}

int __wrap___isoc99_sscanf(const char* text, const char* format, ...) {
  RC_FORWARD_ARGUMENTS(format, scan(__real___isoc99_vsscanf, text, format, arguments, RC_CALLER));
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
