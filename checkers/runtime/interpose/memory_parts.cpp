// More functions on memory, as the program calls them: those that look for something in it, and stop where it is.
#include <racecourse/checkers/runtime/interpose/wrapped.h>

using racecourse::runtime::also_read;
using racecourse::runtime::also_write;
using racecourse::runtime::controlled;
using racecourse::runtime::visit_read;
using racecourse::runtime::visit_write;

namespace {

std::size_t distance(const void* begin, const void* end) {
  return static_cast<std::size_t>(static_cast<const char*>(end) - static_cast<const char*>(begin));
}

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier): the names that --wrap gives
extern "C" {

void* __real_memccpy(void* to, const void* from, int last, std::size_t size);
void* __real_memrchr(const void* in, int value, std::size_t size);
void* __real_rawmemchr(const void* in, int value);
void* __real_memmem(const void* in, std::size_t size, const void* part, std::size_t part_size);

void* __wrap_memccpy(void* to, const void* from, int last, std::size_t size) {
  if (!controlled() || size == 0) return __real_memccpy(to, from, last, size);
  visit_read(from, 1, RC_CALLER);
  visit_write(to, 1, RC_CALLER);
  void* end = __real_memccpy(to, from, last, size);
  const std::size_t copied = end != nullptr ? distance(to, end) : size;
  also_read(from, copied, RC_CALLER);
  also_write(to, copied, RC_CALLER);
  return end;
}

// It begins at the end.
void* __wrap_memrchr(const void* in, int value, std::size_t size) {
  if (!controlled() || size == 0) return __real_memrchr(in, value, size);
  const char* end = static_cast<const char*>(in) + size;
  visit_read(end - 1, 1, RC_CALLER);
  void* found = __real_memrchr(in, value, size);
  const void* begin = found != nullptr ? found : in;
  also_read(begin, distance(begin, end), RC_CALLER);
  return found;
}

void* __wrap_rawmemchr(const void* in, int value) {
  if (!controlled()) return __real_rawmemchr(in, value);
  visit_read(in, 1, RC_CALLER);
  void* found = __real_rawmemchr(in, value);
  also_read(in, distance(in, found) + 1, RC_CALLER);
  return found;
}

void* __wrap_memmem(const void* in, std::size_t size, const void* part, std::size_t part_size) {
  if (!controlled() || size < part_size || part_size == 0) return __real_memmem(in, size, part, part_size);
  visit_read(part, part_size, RC_CALLER);
  visit_read(in, 1, RC_CALLER);
  void* found = __real_memmem(in, size, part, part_size);
  also_read(in, found != nullptr ? distance(in, found) + part_size : size, RC_CALLER);
  return found;
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
