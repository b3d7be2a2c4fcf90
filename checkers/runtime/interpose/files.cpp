// Calls that look at files, or change them without opening any.
#include <racecourse/checkers/runtime/interpose/files.h>
#include <unistd.h>

using racecourse::runtime::uses_files;

#define RC_USES_FILES(result, function, parameters, arguments)  \
  RC_DECLARE_ORIGINAL(function)                                 \
  RC_INTERPOSE_UNRESERVED result function parameters noexcept { \
    uses_files(RC_CALLER);                                      \
    return RC_ORIGINAL(function) arguments;                     \
  }

RC_USES_FILES(int, access, (const char* path, int how), (path, how))
RC_USES_FILES(int, faccessat, (int folder, const char* path, int how, int flags), (folder, path, how, flags))
RC_USES_FILES(int, truncate, (const char* path, off_t size), (path, size))
RC_USES_FILES(int, truncate64, (const char* path, off64_t size), (path, size))
RC_USES_FILES(int, ftruncate, (int descriptor, off_t size), (descriptor, size))
RC_USES_FILES(int, ftruncate64, (int descriptor, off64_t size), (descriptor, size))
RC_USES_FILES(int, link, (const char* from, const char* to), (from, to))
RC_USES_FILES(int, symlink, (const char* from, const char* to), (from, to))
RC_USES_FILES(off_t, lseek, (int descriptor, off_t offset, int from), (descriptor, offset, from))
RC_USES_FILES(off64_t, lseek64, (int descriptor, off64_t offset, int from), (descriptor, offset, from))
