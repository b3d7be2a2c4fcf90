// What interposed functions that open something share.
#pragma once

#include <racecourse/checkers/runtime/descriptors.h>
#include <racecourse/checkers/runtime/interpose/files.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/interpose/timer_descriptor.h>

// A function that returns a descriptor, or a stream, which is open from then on. `specifier`: noexcept, or nothing.
#define RC_OPENS(interpose, result, function, parameters, specifier, arguments) \
  RC_DECLARE_ORIGINAL(function)                                                 \
  interpose result function parameters specifier {                              \
    ::racecourse::runtime::uses_files(RC_CALLER);                               \
    return ::racecourse::runtime::note_opened(RC_ORIGINAL(function) arguments); \
  }

namespace racecourse::runtime {

// A file that is opened by its name. What other workers would find changed is told to the search: a file that is opened
// to be changed, but not a device and not what the kernel tells.
void may_name(const char* path, const char* mode);
void may_name(const char* path, int flags);

// A call that opens two descriptors, and writes their numbers to `ends`.
template <class Opens>
auto open_both(int* ends, std::uint64_t pc, Opens opens) {
  uses_files(pc);
  open_for_kernel(ends, 2 * sizeof *ends);
  const auto result = opens();
  if (result == 0) {
    note_opened(ends[0]);
    note_opened(ends[1]);
  }
  return result;
}

// A call that makes `as` mean what `descriptor` does. Returns -1, with errno set, or what the call does.
template <class Duplicates>
int duplicate(int descriptor, int as, std::uint64_t pc, Duplicates duplicates) {
  uses_files(pc);
  if (descriptor != as && !may_be_closed(as)) return -1;
  const int result = duplicates();
  // What takes the place of standard output and the like stays until what was there is put back: the place must not be
  // empty.
  if (result > 2 && result != descriptor) note_opened(result);
  if (result >= 0 && result != descriptor) share_timer(descriptor, result);
  return result;
}

}  // namespace racecourse::runtime
