// memcpy() and its kin, and qsort(), as the program calls them: one access for each range that they read or write.
#include <racecourse/checkers/runtime/interpose/wrapped.h>

// Our own calls, see own_memory.h.
#define RC_DEFINE_OWN(result, name, parameters, arguments) \
  extern "C" result racecourse_##name parameters { return __real_##name arguments; }
RACECOURSE_OWN_MEMORY(RC_DEFINE_OWN)
#undef RC_DEFINE_OWN

using racecourse::runtime::also_read;
using racecourse::runtime::controlled;
using racecourse::runtime::visit_read;
using racecourse::runtime::visit_write;

namespace {

void copies(void* to, const void* from, std::size_t size, std::uint64_t pc) {
  if (!controlled()) return;
  visit_read(from, size, pc);
  visit_write(to, size, pc);
}

// All of both, as the standard lets it read: where they differ is no promise.
void compares(const void* left, const void* right, std::size_t size, std::uint64_t pc) {
  if (!controlled()) return;
  visit_read(left, size, pc);
  visit_read(right, size, pc);
}

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier): the names that --wrap and the C library give
extern "C" {

// What _FORTIFY_SOURCE makes of them. They end the process where `room` is too small.
void* __real___memcpy_chk(void* to, const void* from, std::size_t size, std::size_t room);
void* __real___memmove_chk(void* to, const void* from, std::size_t size, std::size_t room);
void* __real___memset_chk(void* to, int value, std::size_t size, std::size_t room);

void* __wrap_memcpy(void* to, const void* from, std::size_t size) {
  copies(to, from, size, RC_CALLER);
  return __real_memcpy(to, from, size);
}

void* __wrap_memmove(void* to, const void* from, std::size_t size) {
  copies(to, from, size, RC_CALLER);
  return __real_memmove(to, from, size);
}

void* __wrap_memset(void* to, int value, std::size_t size) {
  if (controlled()) visit_write(to, size, RC_CALLER);
  return __real_memset(to, value, size);
}

int __wrap_memcmp(const void* left, const void* right, std::size_t size) {
  compares(left, right, size, RC_CALLER);
  return __real_memcmp(left, right, size);
}

int __wrap_bcmp(const void* left, const void* right, std::size_t size) {
  compares(left, right, size, RC_CALLER);
  return __real_memcmp(left, right, size);
}

void* __wrap_memchr(const void* in, int value, std::size_t size) {
  if (!controlled() || size == 0) return __real_memchr(in, value, size);
  visit_read(in, 1, RC_CALLER);
  void* found = __real_memchr(in, value, size);
  const char* begin = static_cast<const char*>(in);
  also_read(in, found != nullptr ? static_cast<std::size_t>(static_cast<char*>(found) - begin) + 1 : size, RC_CALLER);
  return found;
}

void* __wrap___memcpy_chk(void* to, const void* from, std::size_t size, std::size_t room) {
  if (size <= room) copies(to, from, size, RC_CALLER);
  return __real___memcpy_chk(to, from, size, room);
}

void* __wrap___memmove_chk(void* to, const void* from, std::size_t size, std::size_t room) {
  if (size <= room) copies(to, from, size, RC_CALLER);
  return __real___memmove_chk(to, from, size, room);
}

void* __wrap___memset_chk(void* to, int value, std::size_t size, std::size_t room) {
  if (size <= room && controlled()) visit_write(to, size, RC_CALLER);
  return __real___memset_chk(to, value, size, room);
}

void* __real_mempcpy(void* to, const void* from, std::size_t size);
void* __real___mempcpy_chk(void* to, const void* from, std::size_t size, std::size_t room);
void __real_explicit_bzero(void* to, std::size_t size);

void* __wrap_mempcpy(void* to, const void* from, std::size_t size) {
  copies(to, from, size, RC_CALLER);
  return __real_mempcpy(to, from, size);
}

void* __wrap___mempcpy_chk(void* to, const void* from, std::size_t size, std::size_t room) {
  if (size <= room) copies(to, from, size, RC_CALLER);
  return __real___mempcpy_chk(to, from, size, room);
}

void __wrap_bcopy(const void* from, void* to, std::size_t size) {
  copies(to, from, size, RC_CALLER);
  __real_memmove(to, from, size);
}

void __wrap_bzero(void* to, std::size_t size) {
  if (controlled()) visit_write(to, size, RC_CALLER);
  __real_memset(to, 0, size);
}

void __wrap_explicit_bzero(void* to, std::size_t size) {
  if (controlled()) visit_write(to, size, RC_CALLER);
  __real_explicit_bzero(to, size);
}

void __real_qsort(void* base, std::size_t count, std::size_t size, int (*compare)(const void*, const void*));

// It moves the elements by itself; what the comparison reads is the program's own.
void __wrap_qsort(void* base, std::size_t count, std::size_t size, int (*compare)(const void*, const void*)) {
  if (controlled() && count > 1) visit_write(base, count * size, RC_CALLER);
  __real_qsort(base, count, size, compare);
}

using CompareWith = int (*)(const void*, const void*, void*);
void __real_qsort_r(void* base, std::size_t count, std::size_t size, CompareWith compare, void* argument);

void __wrap_qsort_r(void* base, std::size_t count, std::size_t size, CompareWith compare, void* argument) {
  if (controlled() && count > 1) visit_write(base, count * size, RC_CALLER);
  __real_qsort_r(base, count, size, compare, argument);
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
