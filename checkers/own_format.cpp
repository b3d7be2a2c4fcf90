// snprintf() by the name that own_memory.h gives it: a function with variable arguments cannot hand them on as the
// others do. The vsnprintf here is ours as well.
#include <cstdarg>
#include <cstdio>

extern "C" int racecourse_snprintf(char* to, std::size_t size, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int length = std::vsnprintf(to, size, format, arguments);
  va_end(arguments);
  return length;
}
