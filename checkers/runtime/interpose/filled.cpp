// System calls that fill in what the caller hands over.
#include <racecourse/checkers/runtime/interpose/files.h>
#include <racecourse/checkers/runtime/interpose/filled.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdarg>
#include <cstring>

using racecourse::runtime::filled;
using racecourse::runtime::open_for_kernel;
using racecourse::runtime::uses_files;

// `first` comes before the call.
#define RC_FILLS_AFTER(first, result, function, parameters, arguments) \
  RC_DECLARE_ORIGINAL(function)                                        \
  RC_INTERPOSE result function parameters noexcept {                   \
    first;                                                             \
    open_for_kernel(out, sizeof *out);                                 \
    const result returned = RC_ORIGINAL(function) arguments;           \
    if (returned != -1) filled(out, sizeof *out, RC_CALLER);           \
    return returned;                                                   \
  }
#define RC_FILLS(result, function, parameters, arguments) \
  RC_FILLS_AFTER((void)0, result, function, parameters, arguments)
#define RC_LOOKS(result, function, parameters, arguments) \
  RC_FILLS_AFTER(uses_files(RC_CALLER), result, function, parameters, arguments)

RC_LOOKS(int, stat, (const char* path, struct stat* out), (path, out))
RC_LOOKS(int, stat64, (const char* path, struct stat64* out), (path, out))
RC_LOOKS(int, lstat, (const char* path, struct stat* out), (path, out))
RC_LOOKS(int, lstat64, (const char* path, struct stat64* out), (path, out))
RC_LOOKS(int, fstat, (int descriptor, struct stat* out), (descriptor, out))
RC_LOOKS(int, fstat64, (int descriptor, struct stat64* out), (descriptor, out))
RC_LOOKS(int, fstatat, (int folder, const char* path, struct stat* out, int flags), (folder, path, out, flags))
RC_LOOKS(int, fstatat64, (int folder, const char* path, struct stat64* out, int flags), (folder, path, out, flags))
RC_LOOKS(int, statfs, (const char* path, struct statfs* out), (path, out))
RC_LOOKS(int, statfs64, (const char* path, struct statfs64* out), (path, out))
RC_LOOKS(int, fstatfs, (int descriptor, struct statfs* out), (descriptor, out))
RC_LOOKS(int, fstatfs64, (int descriptor, struct statfs64* out), (descriptor, out))
RC_FILLS(int, getrusage, (__rusage_who_t who, struct rusage* out), (who, out))
RC_FILLS(int, getrlimit, (__rlimit_resource_t resource, struct rlimit* out), (resource, out))
RC_FILLS(int, getrlimit64, (__rlimit_resource_t resource, struct rlimit64* out), (resource, out))
RC_FILLS(int, uname, (struct utsname * out), (out))
RC_FILLS(int, sysinfo, (struct sysinfo * out), (out))
RC_FILLS(clock_t, times, (struct tms * out), (out))

RC_DECLARE_ORIGINAL(getcwd)
RC_DECLARE_ORIGINAL(readlink)
RC_DECLARE_ORIGINAL(readlinkat)

namespace {

ssize_t has_filled(const char* buffer, ssize_t length, std::uint64_t pc) {
  if (length > 0) filled(buffer, static_cast<std::size_t>(length), pc);
  return length;
}

}  // namespace

RC_INTERPOSE_UNRESERVED char* getcwd(char* buffer, std::size_t size) noexcept {
  uses_files(RC_CALLER);
  open_for_kernel(buffer, size);
  char* path = RC_ORIGINAL(getcwd)(buffer, size);
  if (path != nullptr) filled(path, std::strlen(path) + 1, RC_CALLER);
  return path;
}

RC_INTERPOSE ssize_t readlink(const char* path, char* buffer, std::size_t size) noexcept {
  uses_files(RC_CALLER);
  open_for_kernel(buffer, size);
  return has_filled(buffer, RC_ORIGINAL(readlink)(path, buffer, size), RC_CALLER);
}

RC_INTERPOSE ssize_t readlinkat(int folder, const char* path, char* buffer, std::size_t size) noexcept {
  uses_files(RC_CALLER);
  open_for_kernel(buffer, size);
  return has_filled(buffer, RC_ORIGINAL(readlinkat)(folder, path, buffer, size), RC_CALLER);
}

namespace {

// The caller says how much room there is, and is told how much was used.
void open_for_kernel_with_length(void* begin, socklen_t* length) {
  if (length == nullptr) return;
  open_for_kernel(begin, static_cast<std::size_t>(*length));
  open_for_kernel(length, sizeof *length);
}

}  // namespace

RC_DECLARE_ORIGINAL(getsockname)
RC_DECLARE_ORIGINAL(getpeername)
RC_DECLARE_ORIGINAL(getsockopt)
RC_DECLARE_ORIGINAL(ioctl)

RC_INTERPOSE_UNRESERVED int getsockname(int descriptor, sockaddr* address, socklen_t* length) noexcept {
  open_for_kernel_with_length(address, length);
  return RC_ORIGINAL(getsockname)(descriptor, address, length);
}

RC_INTERPOSE_UNRESERVED int getpeername(int descriptor, sockaddr* address, socklen_t* length) noexcept {
  open_for_kernel_with_length(address, length);
  return RC_ORIGINAL(getpeername)(descriptor, address, length);
}

RC_INTERPOSE_UNRESERVED int getsockopt(int descriptor, int level, int option, void* value, socklen_t* length) noexcept {
  open_for_kernel_with_length(value, length);
  return RC_ORIGINAL(getsockopt)(descriptor, level, option, value, length);
}

// The argument is read also where there is none, and may be a number. What it points to is of any size: most are short.
RC_INTERPOSE_UNRESERVED int ioctl(int descriptor, unsigned long request, ...) noexcept {
  constexpr std::size_t kMost = 256;
  va_list list;
  va_start(list, request);
  void* argument = va_arg(list, void*);
  va_end(list);
  open_for_kernel(argument, kMost);
  return RC_ORIGINAL(ioctl)(descriptor, request, argument);
}
