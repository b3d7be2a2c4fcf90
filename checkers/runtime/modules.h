// The loaded modules of the process: which belong to the C library, whose state and allocations are left alone.
#pragma once

#include <cstddef>
#include <cstring>
#include <initializer_list>

namespace racecourse::runtime {

// "…/libc.so.6" and "…/libc-2.31.so" are of the family "libc".
inline bool is_module(const char* path, const char* family) {
  const char* slash = std::strrchr(path, '/');
  const char* name = slash != nullptr ? slash + 1 : path;
  const std::size_t length = std::strlen(family);
  return std::strncmp(name, family, length) == 0 && (name[length] == '.' || name[length] == '-');
}

inline bool is_libc(const char* path) { return is_module(path, "libc"); }
inline bool is_dynamic_linker(const char* path) { return is_module(path, "ld-linux") || is_module(path, "ld"); }

// Modules whose variables and thread-local storage belong to the process, not to an execution: restoring them behind
// the kernel's and the dynamic linker's back would break both.
inline bool is_c_library(const char* path) {
  for (const char* family : {"libpthread", "libm", "libdl", "librt", "libutil", "libresolv", "libanl", "libmvec"})
    if (is_module(path, family)) return true;
  return is_libc(path) || is_dynamic_linker(path);
}

}  // namespace racecourse::runtime
