// System calls that fill in what the caller hands over.
#include <racecourse/checkers/runtime/interpose/files.h>
#include <racecourse/checkers/runtime/interpose/filled.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdarg>
#include <cstring>

using racecourse::runtime::filled;
using racecourse::runtime::open_for_kernel;
using racecourse::runtime::uses_files;

namespace {

template <class Out>
void filled_if_any(const Out* out, std::uint64_t pc) {
  if (out != nullptr) filled(out, sizeof *out, pc);
}

}  // namespace

// `first` comes before the call.
#define RC_FILLS_AFTER(first, result, function, parameters, arguments) \
  RC_DECLARE_ORIGINAL(function)                                        \
  RC_INTERPOSE result function parameters noexcept {                   \
    first;                                                             \
    open_for_kernel(out, sizeof *out);                                 \
    const result returned = RC_ORIGINAL(function) arguments;           \
    if (returned != -1) filled_if_any(out, RC_CALLER);                 \
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
RC_LOOKS(int, getrlimit, (__rlimit_resource_t resource, struct rlimit* out), (resource, out))
RC_LOOKS(int, getrlimit64, (__rlimit_resource_t resource, struct rlimit64* out), (resource, out))
RC_FILLS(int, uname, (struct utsname * out), (out))
RC_FILLS(int, sysinfo, (struct sysinfo * out), (out))
RC_FILLS(int, clock_getres, (clockid_t clock, timespec* out), (clock, out))
RC_FILLS(int, getitimer, (__itimer_which_t which, itimerval* out), (which, out))
RC_FILLS(int, adjtimex, (timex * out), (out))
RC_FILLS(int, sigpending, (sigset_t * out), (out))
RC_LOOKS(int, statx, (int folder, const char* path, int flags, unsigned mask, struct statx* out),
         (folder, path, flags, mask, out))

extern "C" {
char* __getcwd_chk(char* buffer, size_t size, size_t room) noexcept;
ssize_t __readlink_chk(const char* path, char* buffer, size_t size, size_t room) noexcept;
ssize_t __readlinkat_chk(int folder, const char* path, char* buffer, size_t size, size_t room) noexcept;
}

RC_DECLARE_ORIGINAL(getcwd)
RC_DECLARE_ORIGINAL(readlink)
RC_DECLARE_ORIGINAL(readlinkat)
RC_DECLARE_ORIGINAL(__getcwd_chk)
RC_DECLARE_ORIGINAL(__readlink_chk)
RC_DECLARE_ORIGINAL(__readlinkat_chk)
RC_DECLARE_ORIGINAL(getresuid)
RC_DECLARE_ORIGINAL(getresgid)
RC_DECLARE_ORIGINAL(getgroups)
RC_DECLARE_ORIGINAL(mincore)

namespace {

template <class Call>
char* folder_in(char* buffer, std::size_t size, std::uint64_t pc, Call call) {
  uses_files(pc);
  open_for_kernel(buffer, size);
  char* path = call();
  if (path != nullptr) filled(path, std::strlen(path) + 1, pc);
  return path;
}

template <class Call>
ssize_t text_in(char* buffer, std::size_t size, std::uint64_t pc, Call call) {
  uses_files(pc);
  open_for_kernel(buffer, size);
  const ssize_t length = call();
  if (length > 0) filled(buffer, static_cast<std::size_t>(length), pc);
  return length;
}

}  // namespace

RC_INTERPOSE_UNRESERVED char* getcwd(char* buffer, std::size_t size) noexcept {
  return folder_in(buffer, size, RC_CALLER, [&] { return RC_ORIGINAL(getcwd)(buffer, size); });
}

RC_INTERPOSE char* __getcwd_chk(char* buffer, std::size_t size, std::size_t room) noexcept {
  return folder_in(buffer, size, RC_CALLER, [&] { return RC_ORIGINAL(__getcwd_chk)(buffer, size, room); });
}

RC_INTERPOSE ssize_t readlink(const char* path, char* buffer, std::size_t size) noexcept {
  return text_in(buffer, size, RC_CALLER, [&] { return RC_ORIGINAL(readlink)(path, buffer, size); });
}

RC_INTERPOSE ssize_t __readlink_chk(const char* path, char* buffer, std::size_t size, std::size_t room) noexcept {
  return text_in(buffer, size, RC_CALLER, [&] { return RC_ORIGINAL(__readlink_chk)(path, buffer, size, room); });
}

RC_INTERPOSE ssize_t readlinkat(int folder, const char* path, char* buffer, std::size_t size) noexcept {
  return text_in(buffer, size, RC_CALLER, [&] { return RC_ORIGINAL(readlinkat)(folder, path, buffer, size); });
}

RC_INTERPOSE ssize_t __readlinkat_chk(int folder, const char* path, char* buffer, std::size_t size,
                                      std::size_t room) noexcept {
  return text_in(buffer, size, RC_CALLER,
                 [&] { return RC_ORIGINAL(__readlinkat_chk)(folder, path, buffer, size, room); });
}

#define RC_FILLS_THREE(function, type)                                                      \
  RC_INTERPOSE_UNRESERVED int function(type* real, type* effective, type* saved) noexcept { \
    for (type * out : {real, effective, saved}) open_for_kernel(out, sizeof *out);          \
    return RC_ORIGINAL(function)(real, effective, saved);                                   \
  }
RC_FILLS_THREE(getresuid, uid_t)
RC_FILLS_THREE(getresgid, gid_t)

RC_INTERPOSE int getgroups(int count, gid_t* groups) noexcept {
  if (count > 0) open_for_kernel(groups, static_cast<std::size_t>(count) * sizeof *groups);
  return RC_ORIGINAL(getgroups)(count, groups);
}

RC_INTERPOSE_UNRESERVED int mincore(void* begin, std::size_t size, unsigned char* pages) noexcept {
  uses_files(RC_CALLER);
  open_for_kernel(pages, size / 4096 + 1);
  return RC_ORIGINAL(mincore)(begin, size, pages);
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
