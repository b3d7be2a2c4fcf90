// What interposed functions that open something share.
#pragma once

#include <racecourse/checkers/runtime/descriptors.h>
#include <racecourse/checkers/runtime/interpose/files.h>

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

}  // namespace racecourse::runtime
