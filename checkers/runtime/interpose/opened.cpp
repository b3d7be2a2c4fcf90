// Calls that open descriptors, load libraries and change the directory: what an execution leaves is taken back after
// it.
#include <dlfcn.h>
#include <fcntl.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/process_state.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

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
RC_DECLARE_ORIGINAL(pipe)
RC_DECLARE_ORIGINAL(pipe2)
RC_DECLARE_ORIGINAL(socket)
RC_DECLARE_ORIGINAL(socketpair)
RC_DECLARE_ORIGINAL(eventfd)
RC_DECLARE_ORIGINAL(epoll_create)
RC_DECLARE_ORIGINAL(epoll_create1)
RC_DECLARE_ORIGINAL(timerfd_create)
RC_DECLARE_ORIGINAL(memfd_create)
RC_DECLARE_ORIGINAL(mkstemp)
RC_DECLARE_ORIGINAL(dup)
RC_DECLARE_ORIGINAL(dup2)
RC_DECLARE_ORIGINAL(dup3)
RC_DECLARE_ORIGINAL(fopen)
RC_DECLARE_ORIGINAL(fopen64)
RC_DECLARE_ORIGINAL(dlopen)
RC_DECLARE_ORIGINAL(chdir)
RC_DECLARE_ORIGINAL(fchdir)
RC_DECLARE_ORIGINAL(umask)

namespace racecourse::runtime {

namespace {

// One that may be changed; not a device, and not what the kernel tells.
void may_name(const char* path, bool changes) {
  if (!rt.executing || !changes) return;
  for (const char* unshared : {"/dev/null", "/dev/tty", "/proc/"})
    if (std::strncmp(path, unshared, std::strlen(unshared)) == 0) return;
  note_named();
}
void may_name(const char* path, int flags) { may_name(path, (flags & (O_ACCMODE | O_CREAT)) != O_RDONLY); }
void may_name(const char* path, const char* mode) { may_name(path, std::strpbrk(mode, "wa+") != nullptr); }

int opened(int descriptor) { return rt.executing ? note_opened(descriptor) : descriptor; }

int* writable(int* ends) {
  open_for_kernel(ends, 2 * sizeof *ends);
  return ends;
}

int both_opened(const int* ends, int result) {
  if (result == 0) {
    opened(ends[0]);
    opened(ends[1]);
  }
  return result;
}

FILE* opened(FILE* stream) {
  if (stream != nullptr) opened(fileno_unlocked(stream));
  return stream;
}

}  // namespace

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
  RC_MODE(flags);
  may_name(path, flags);
  return opened(RC_ORIGINAL(open)(path, flags, mode));
}
RC_INTERPOSE int open64(const char* path, int flags, ...) {
  RC_MODE(flags);
  may_name(path, flags);
  return opened(RC_ORIGINAL(open64)(path, flags, mode));
}
RC_INTERPOSE int openat(int folder, const char* path, int flags, ...) {
  RC_MODE(flags);
  may_name(path, flags);
  return opened(RC_ORIGINAL(openat)(folder, path, flags, mode));
}
RC_INTERPOSE int openat64(int folder, const char* path, int flags, ...) {
  RC_MODE(flags);
  may_name(path, flags);
  return opened(RC_ORIGINAL(openat64)(folder, path, flags, mode));
}
RC_INTERPOSE int __open_2(const char* path, int flags) {
  may_name(path, flags);
  return opened(RC_ORIGINAL(__open_2)(path, flags));
}
RC_INTERPOSE int __open64_2(const char* path, int flags) {
  may_name(path, flags);
  return opened(RC_ORIGINAL(__open64_2)(path, flags));
}
RC_INTERPOSE_UNRESERVED int creat(const char* path, mode_t mode) {
  may_name(path, true);
  return opened(RC_ORIGINAL(creat)(path, mode));
}

RC_INTERPOSE_UNRESERVED int pipe(int* ends) noexcept { return both_opened(ends, RC_ORIGINAL(pipe)(writable(ends))); }
RC_INTERPOSE_UNRESERVED int pipe2(int* ends, int flags) noexcept {
  return both_opened(ends, RC_ORIGINAL(pipe2)(writable(ends), flags));
}
RC_INTERPOSE_UNRESERVED int socket(int domain, int type, int protocol) noexcept {
  return opened(RC_ORIGINAL(socket)(domain, type, protocol));
}
RC_INTERPOSE int socketpair(int domain, int type, int protocol, int* ends) noexcept {
  return both_opened(ends, RC_ORIGINAL(socketpair)(domain, type, protocol, writable(ends)));
}
RC_INTERPOSE int eventfd(unsigned count, int flags) noexcept { return opened(RC_ORIGINAL(eventfd)(count, flags)); }
RC_INTERPOSE int epoll_create(int size) noexcept { return opened(RC_ORIGINAL(epoll_create)(size)); }
RC_INTERPOSE int epoll_create1(int flags) noexcept { return opened(RC_ORIGINAL(epoll_create1)(flags)); }
RC_INTERPOSE int timerfd_create(clockid_t clock, int flags) noexcept {
  return opened(RC_ORIGINAL(timerfd_create)(clock, flags));
}
RC_INTERPOSE int memfd_create(const char* name, unsigned flags) noexcept {
  return opened(RC_ORIGINAL(memfd_create)(name, flags));
}
RC_INTERPOSE_UNRESERVED int mkstemp(char* name) { return opened(RC_ORIGINAL(mkstemp)(name)); }
RC_INTERPOSE_UNRESERVED int dup(int descriptor) noexcept { return opened(RC_ORIGINAL(dup)(descriptor)); }
// What takes the place of standard output and the like stays: the place must not be empty.
RC_INTERPOSE int dup2(int descriptor, int as) noexcept {
  const int result = RC_ORIGINAL(dup2)(descriptor, as);
  return result > STDERR_FILENO && result != descriptor ? opened(result) : result;
}
RC_INTERPOSE_UNRESERVED int dup3(int descriptor, int as, int flags) noexcept {
  const int result = RC_ORIGINAL(dup3)(descriptor, as, flags);
  return result > STDERR_FILENO ? opened(result) : result;
}
RC_INTERPOSE FILE* fopen(const char* path, const char* mode) {
  may_name(path, mode);
  return opened(RC_ORIGINAL(fopen)(path, mode));
}
RC_INTERPOSE FILE* fopen64(const char* path, const char* mode) {
  may_name(path, mode);
  return opened(RC_ORIGINAL(fopen64)(path, mode));
}

// The last call is a jump: where the library is looked for depends on who asks.
RC_INTERPOSE void* dlopen(const char* path, int mode) noexcept {
  if (rt.executing) keep_libraries();
  return RC_ORIGINAL(dlopen)(path, mode);
}

RC_INTERPOSE_UNRESERVED int chdir(const char* path) noexcept {
  if (rt.executing) keep_directory();
  return RC_ORIGINAL(chdir)(path);
}
RC_INTERPOSE_UNRESERVED int fchdir(int folder) noexcept {
  if (rt.executing) keep_directory();
  return RC_ORIGINAL(fchdir)(folder);
}
RC_INTERPOSE_UNRESERVED mode_t umask(mode_t mask) noexcept {
  const mode_t before = RC_ORIGINAL(umask)(mask);
  if (rt.executing) note_umask(before);
  return before;
}
