// Calls that open and close descriptors, load libraries and change the directory or the limits: what an execution
// leaves is taken back after it.
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <racecourse/checkers/runtime/descriptors.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/file_streams.h>
#include <racecourse/checkers/runtime/interpose/files.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/interpose/opened.h>
#include <racecourse/checkers/runtime/interpose/own_number.h>
#include <racecourse/checkers/runtime/interpose/stand_in.h>
#include <racecourse/checkers/runtime/process_state.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdarg>
#include <cstdlib>
#include <cstring>

extern "C" {
int __open_2(const char* path, int flags);
int __open64_2(const char* path, int flags);
}

RC_DECLARE_ORIGINAL(open)
RC_DECLARE_ORIGINAL(open64)
RC_DECLARE_ORIGINAL(openat)
RC_DECLARE_ORIGINAL(openat64)
RC_DECLARE_ORIGINAL(__open_2)
RC_DECLARE_ORIGINAL(__open64_2)
RC_DECLARE_ORIGINAL(creat)
RC_DECLARE_ORIGINAL(creat64)
RC_DECLARE_ORIGINAL(pipe)
RC_DECLARE_ORIGINAL(pipe2)
RC_DECLARE_ORIGINAL(socketpair)
RC_DECLARE_ORIGINAL(dup)
RC_DECLARE_ORIGINAL(dup2)
RC_DECLARE_ORIGINAL(dup3)
RC_DECLARE_ORIGINAL(fopen)
RC_DECLARE_ORIGINAL(fopen64)
RC_DECLARE_ORIGINAL(fdopen)
RC_DECLARE_ORIGINAL(opendir)
RC_DECLARE_ORIGINAL(closedir)
RC_DECLARE_ORIGINAL(signalfd)
RC_DECLARE_ORIGINAL(close_range)
RC_DECLARE_ORIGINAL(closefrom)
RC_DECLARE_ORIGINAL(dlopen)
RC_DECLARE_ORIGINAL(chdir)
RC_DECLARE_ORIGINAL(fchdir)
RC_DECLARE_ORIGINAL(umask)
RC_DECLARE_ORIGINAL(setrlimit)
RC_DECLARE_ORIGINAL(setrlimit64)
RC_DECLARE_ORIGINAL(prlimit)
RC_DECLARE_ORIGINAL(prlimit64)

namespace racecourse::runtime {

namespace {

// One that may be changed; not a device, and not what the kernel tells.
void may_name(const char* path, bool changes) {
  if (!rt.executing || !changes) return;
  for (const char* unshared : {"/dev/null", "/dev/tty", "/dev/urandom", "/dev/random", "/proc/"})
    if (std::strncmp(path, unshared, std::strlen(unshared)) == 0) return;
  note_named();
}

void close_all(unsigned first, unsigned last) {
  constexpr unsigned kMany = 1024;
  for (unsigned i = first; i <= std::min(last, kMany - 1); ++i) {
    if (!may_go(static_cast<int>(i))) continue;
    raw_syscall(SYS_close, i);
    note_closed(static_cast<int>(i));
  }
  if (last >= kMany) raw_syscall(SYS_close_range, std::max(first, kMany), last, 0);
}

void limited(int resource, pid_t process, const void* limit) {
  if (limit != nullptr && is_own(process)) keep_limit(resource);
}

}  // namespace

void may_name(const char* path, const char* mode) { may_name(path, std::strpbrk(mode, "wa+") != nullptr); }
void may_name(const char* path, int flags) { may_name(path, (flags & (O_ACCMODE | O_CREAT)) != O_RDONLY); }

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

// The mode is read also where there is none: an argument of any value.
#define RC_MODE(last)                       \
  va_list list;                             \
  va_start(list, last);                     \
  const mode_t mode = va_arg(list, mode_t); \
  va_end(list)

RC_INTERPOSE int open(const char* path, int flags, ...) {
  uses_files(RC_CALLER);
  RC_MODE(flags);
  may_name(path, flags);
  return note_opened(RC_ORIGINAL(open)(StandIn(path), flags, mode));
}
RC_INTERPOSE int open64(const char* path, int flags, ...) {
  uses_files(RC_CALLER);
  RC_MODE(flags);
  may_name(path, flags);
  return note_opened(RC_ORIGINAL(open64)(StandIn(path), flags, mode));
}
RC_INTERPOSE int openat(int folder, const char* path, int flags, ...) {
  uses_files(RC_CALLER);
  RC_MODE(flags);
  may_name(path, flags);
  return note_opened(RC_ORIGINAL(openat)(folder, StandIn(path), flags, mode));
}
RC_INTERPOSE int openat64(int folder, const char* path, int flags, ...) {
  uses_files(RC_CALLER);
  RC_MODE(flags);
  may_name(path, flags);
  return note_opened(RC_ORIGINAL(openat64)(folder, StandIn(path), flags, mode));
}
RC_INTERPOSE int __open_2(const char* path, int flags) {
  uses_files(RC_CALLER);
  may_name(path, flags);
  return note_opened(RC_ORIGINAL(__open_2)(StandIn(path), flags));
}
RC_INTERPOSE int __open64_2(const char* path, int flags) {
  uses_files(RC_CALLER);
  may_name(path, flags);
  return note_opened(RC_ORIGINAL(__open64_2)(StandIn(path), flags));
}
RC_INTERPOSE_UNRESERVED int creat(const char* path, mode_t mode) {
  uses_files(RC_CALLER);
  may_name(path, true);
  return note_opened(RC_ORIGINAL(creat)(path, mode));
}
RC_INTERPOSE_UNRESERVED int creat64(const char* path, mode_t mode) {
  uses_files(RC_CALLER);
  may_name(path, true);
  return note_opened(RC_ORIGINAL(creat64)(path, mode));
}

RC_INTERPOSE_UNRESERVED int pipe(int* ends) noexcept {
  return open_both(ends, RC_CALLER, [&] { return RC_ORIGINAL(pipe)(ends); });
}
RC_INTERPOSE_UNRESERVED int pipe2(int* ends, int flags) noexcept {
  return open_both(ends, RC_CALLER, [&] { return RC_ORIGINAL(pipe2)(ends, flags); });
}
RC_OPENS(RC_INTERPOSE_UNRESERVED, int, socket, (int domain, int type, int protocol), noexcept, (domain, type, protocol))
RC_INTERPOSE int socketpair(int domain, int type, int protocol, int* ends) noexcept {
  return open_both(ends, RC_CALLER, [&] { return RC_ORIGINAL(socketpair)(domain, type, protocol, ends); });
}
RC_OPENS(RC_INTERPOSE, int, eventfd, (unsigned count, int flags), noexcept, (count, flags))
RC_OPENS(RC_INTERPOSE, int, epoll_create, (int size), noexcept, (size))
RC_OPENS(RC_INTERPOSE, int, epoll_create1, (int flags), noexcept, (flags))
RC_OPENS(RC_INTERPOSE, int, memfd_create, (const char* name, unsigned flags), noexcept, (name, flags))
RC_INTERPOSE_UNRESERVED FILE* fdopen(int descriptor, const char* mode) noexcept {
  return note_stream(RC_ORIGINAL(fdopen)(descriptor, mode));
}
RC_OPENS(RC_INTERPOSE_UNRESERVED, int, inotify_init, (), noexcept, ())
RC_OPENS(RC_INTERPOSE_UNRESERVED, int, inotify_init1, (int flags), noexcept, (flags))
RC_INTERPOSE_UNRESERVED int signalfd(int descriptor, const sigset_t* signals, int flags) noexcept {
  uses_files(RC_CALLER);
  const int result = RC_ORIGINAL(signalfd)(descriptor, signals, flags);
  return descriptor < 0 ? note_opened(result) : result;
}
RC_INTERPOSE_UNRESERVED DIR* opendir(const char* path) {
  uses_files(RC_CALLER);
  DIR* const folder = RC_ORIGINAL(opendir)(path);
  if (folder != nullptr) note_opened(dirfd(folder));
  return folder;
}
RC_INTERPOSE_UNRESERVED int closedir(DIR* folder) {
  uses_files(RC_CALLER);
  if (rt.executing) note_closed(dirfd(folder));
  return RC_ORIGINAL(closedir)(folder);
}
RC_INTERPOSE_UNRESERVED int dup(int descriptor) noexcept {
  uses_files(RC_CALLER);
  const int result = note_opened(RC_ORIGINAL(dup)(descriptor));
  if (rt.executing && result >= 0) share_timer(descriptor, result);
  return result;
}
RC_INTERPOSE int dup2(int descriptor, int as) noexcept {
  return duplicate(descriptor, as, RC_CALLER, [&] { return RC_ORIGINAL(dup2)(descriptor, as); });
}
RC_INTERPOSE_UNRESERVED int dup3(int descriptor, int as, int flags) noexcept {
  return duplicate(descriptor, as, RC_CALLER, [&] { return RC_ORIGINAL(dup3)(descriptor, as, flags); });
}
RC_INTERPOSE FILE* fopen(const char* path, const char* mode) {
  uses_files(RC_CALLER);
  may_name(path, mode);
  return note_opened(RC_ORIGINAL(fopen)(StandIn(path), mode));
}
RC_INTERPOSE FILE* fopen64(const char* path, const char* mode) {
  uses_files(RC_CALLER);
  may_name(path, mode);
  return note_opened(RC_ORIGINAL(fopen64)(StandIn(path), mode));
}

// Of close(), see send.cpp.
RC_INTERPOSE_UNRESERVED int close_range(unsigned first, unsigned last, int flags) noexcept {
  uses_files(RC_CALLER);
  if (!rt.executing || quiet() || flags != 0 || first > last) return RC_ORIGINAL(close_range)(first, last, flags);
  close_all(first, last);
  return 0;
}
RC_INTERPOSE_UNRESERVED void closefrom(int first) noexcept {
  uses_files(RC_CALLER);
  if (!rt.executing || quiet()) return RC_ORIGINAL(closefrom)(first);
  close_all(static_cast<unsigned>(std::max(first, 0)), ~0u);
}

// The last call is a jump: where the library is looked for depends on who asks.
RC_INTERPOSE void* dlopen(const char* path, int mode) noexcept {
  if (rt.executing) keep_libraries();
  return RC_ORIGINAL(dlopen)(path, mode);
}

RC_INTERPOSE_UNRESERVED int chdir(const char* path) noexcept {
  uses_files(RC_CALLER);
  if (rt.executing) keep_directory();
  return RC_ORIGINAL(chdir)(path);
}
RC_INTERPOSE_UNRESERVED int fchdir(int folder) noexcept {
  uses_files(RC_CALLER);
  if (rt.executing) keep_directory();
  return RC_ORIGINAL(fchdir)(folder);
}
RC_INTERPOSE_UNRESERVED mode_t umask(mode_t mask) noexcept {
  uses_files(RC_CALLER);
  const mode_t before = RC_ORIGINAL(umask)(mask);
  if (rt.executing) note_umask(before);
  return before;
}

RC_INTERPOSE_UNRESERVED int setrlimit(__rlimit_resource_t resource, const rlimit* limit) noexcept {
  uses_files(RC_CALLER);
  limited(static_cast<int>(resource), 0, limit);
  return RC_ORIGINAL(setrlimit)(resource, limit);
}
RC_INTERPOSE_UNRESERVED int setrlimit64(__rlimit_resource_t resource, const rlimit64* limit) noexcept {
  uses_files(RC_CALLER);
  limited(static_cast<int>(resource), 0, limit);
  return RC_ORIGINAL(setrlimit64)(resource, limit);
}
RC_INTERPOSE_UNRESERVED int prlimit(pid_t process, __rlimit_resource resource, const rlimit* limit,
                                    rlimit* old) noexcept {
  uses_files(RC_CALLER);
  limited(resource, process, limit);
  return RC_ORIGINAL(prlimit)(process, resource, limit, old);
}
RC_INTERPOSE_UNRESERVED int prlimit64(pid_t process, __rlimit_resource resource, const rlimit64* limit,
                                      rlimit64* old) noexcept {
  uses_files(RC_CALLER);
  limited(resource, process, limit);
  return RC_ORIGINAL(prlimit64)(process, resource, limit, old);
}
