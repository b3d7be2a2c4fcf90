#include <fcntl.h>
#include <racecourse/checkers/runtime/descriptors.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/file_streams.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/interpose/opened.h>
#include <racecourse/checkers/runtime/process_state.h>
#include <stdio_ext.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <utility>

RC_DECLARE_ORIGINAL(fclose)
RC_DECLARE_ORIGINAL(freopen)
RC_DECLARE_ORIGINAL(fflush)

namespace racecourse::runtime {
namespace {

// As they are before main(), which may give the names to other streams.
FILE* const standard[] = {stdin, stdout, stderr};

bool is_standard(const FILE* stream) {
  return std::find(std::begin(standard), std::end(standard), stream) != std::end(standard);
}

constexpr int kStreams = 1024;
struct Streams {
  int count;
  FILE* opened[kStreams];
};
[[gnu::section("racecourse_state")]] constinit Streams streams = {};

void forget(const FILE* stream) {
  FILE** const end = streams.opened + streams.count;
  streams.count = static_cast<int>(std::remove(streams.opened, end, stream) - streams.opened);
}

bool in_body() { return rt.executing && !quiet(); }

// -1: none that this stream could be used in without becoming another.
int flags_of(const char* mode, const FILE* stream) {
  const bool reads = stream == standard[STDIN_FILENO], both = std::strchr(mode, '+') != nullptr;
  if (std::strchr("rwa", mode[0]) == nullptr || ((mode[0] == 'r') != reads && !both)) return -1;
  int flags = both ? O_RDWR : reads ? O_RDONLY : O_WRONLY;
  if (mode[0] != 'r') flags |= O_CREAT | (mode[0] == 'w' ? O_TRUNC : O_APPEND);
  if (std::strchr(mode, 'x') != nullptr) flags |= O_EXCL;
  if (std::strchr(mode, 'e') != nullptr) flags |= O_CLOEXEC;
  return flags;
}

// As fclose() closes a standard stream: it stays, and has no descriptor.
int close_standard(FILE* stream) {
  const int descriptor = std::exchange(stream->_fileno, -1);
  if (!may_be_closed(descriptor)) return EOF;
  note_closed(descriptor);
  return from_kernel(raw_syscall(SYS_close, descriptor));
}

// Puts the file in the place of the one behind the stream.
bool replace(FILE* stream, const char* path, int flags) {
  const int place = stream->_fileno;
  const auto file = static_cast<int>(raw_syscall(SYS_openat, AT_FDCWD, reinterpret_cast<long>(path), flags, 0666));
  if (from_kernel(file) < 0) {
    const int error = errno;
    close_standard(stream);
    errno = error;
    return false;
  }
  if (place < 0 || file == place) {  // it was closed
    stream->_fileno = note_opened(file);
    return true;
  }
  may_go(place);
  const int result = from_kernel(raw_syscall(SYS_dup3, file, place, flags & O_CLOEXEC));
  raw_syscall(SYS_close, file);
  return result >= 0;
}

}  // namespace

FILE* note_stream(FILE* stream) {
  if (stream == nullptr || !rt.executing || streams.count == kStreams || is_standard(stream)) return stream;
  streams.opened[streams.count++] = stream;
  descriptors_changed();
  return stream;
}

FILE* note_opened(FILE* stream) {
  if (stream != nullptr) note_opened(fileno_unlocked(stream));
  return note_stream(stream);
}

int close_stream(FILE* stream) {
  if (!in_body()) return RC_ORIGINAL(fclose)(stream);
  if (is_standard(stream)) {
    const int flushed = RC_ORIGINAL(fflush)(stream);
    const int closed = close_standard(stream);
    return flushed == 0 && closed == 0 ? 0 : EOF;
  }
  forget(stream);
  const int descriptor = fileno_unlocked(stream);
  may_go(descriptor);
  const int result = RC_ORIGINAL(fclose)(stream);
  note_closed(descriptor);
  return result;
}

FILE* reopen_stream(const char* path, const char* mode, FILE* stream) {
  if (path != nullptr) may_name(path, mode);
  const int flags = in_body() && is_standard(stream) ? flags_of(mode, stream) : -1;
  if (flags < 0) {
    if (!in_body()) return RC_ORIGINAL(freopen)(path, mode, stream);
    forget(stream);
    may_go(fileno_unlocked(stream));
    note_closed(fileno_unlocked(stream));
    return note_opened(RC_ORIGINAL(freopen)(path, mode, stream));
  }
  if (stream != standard[STDIN_FILENO]) RC_ORIGINAL(fflush)(stream);
  if (path != nullptr && !replace(stream, path, flags)) return nullptr;
  __fpurge(stream);
  clearerr_unlocked(stream);
  return stream;
}

void flush_streams() { RC_ORIGINAL(fflush)(nullptr); }

void close_left_streams() {
  while (streams.count > 0) {
    FILE* const stream = streams.opened[--streams.count];
    __fpurge(stream);
    may_go(fileno_unlocked(stream));
    RC_ORIGINAL(fclose)(stream);
  }
}

void forget_stream_of(int descriptor) {
  if (descriptor < 0 || descriptor > STDERR_FILENO) return;
  FILE* const stream = standard[descriptor];
  stream->_fileno = descriptor;
  __fpurge(stream);
  clearerr_unlocked(stream);
}

}  // namespace racecourse::runtime
