// Reading from stdio streams. The C library reads the descriptor itself, so the wait has to come first: when the
// stream's buffer is empty, until the descriptor is ready. A line that arrives in pieces from outside may still block.
#include <poll.h>
#include <racecourse/checkers/runtime/interpose/filled.h>
#include <racecourse/checkers/runtime/interpose/format.h>
#include <racecourse/checkers/runtime/interpose/kernel.h>
#include <racecourse/checkers/runtime/interpose/ready.h>
#include <racecourse/checkers/runtime/interpose/scan_format.h>
#include <racecourse/checkers/runtime/interpose/stream.h>
#include <stdio.h>

#include <cstdarg>
#include <cstring>

extern "C" {
int __isoc99_vfscanf(FILE* stream, const char* format, va_list arguments);
int __isoc99_vscanf(const char* format, va_list arguments);
int __isoc99_fscanf(FILE* stream, const char* format, ...);
int __isoc99_scanf(const char* format, ...);
// What programs in C89 and C++98 that ask for GNU extensions call; for all others, the headers rename them.
int gnu_vfscanf(FILE* stream, const char* format, va_list arguments) asm("vfscanf");
int gnu_vscanf(const char* format, va_list arguments) asm("vscanf");
int gnu_fscanf(FILE* stream, const char* format, ...) asm("fscanf");
int gnu_scanf(const char* format, ...) asm("scanf");
char* __fgets_chk(char* buffer, size_t room, int size, FILE* stream);
size_t __fread_chk(void* buffer, size_t room, size_t size, size_t count, FILE* stream);
size_t __fread_unlocked_chk(void* buffer, size_t room, size_t size, size_t count, FILE* stream);
}

RC_DECLARE_ORIGINAL(fgetc)
RC_DECLARE_ORIGINAL(fgets)
RC_DECLARE_ORIGINAL(fread)
RC_DECLARE_ORIGINAL(__fgets_chk)
RC_DECLARE_ORIGINAL(__fread_chk)
RC_DECLARE_ORIGINAL(fread_unlocked)
RC_DECLARE_ORIGINAL(__fread_unlocked_chk)
RC_DECLARE_ORIGINAL(setvbuf)
RC_DECLARE_ORIGINAL(getdelim)
RC_DECLARE_ORIGINAL(vfscanf)
RC_DECLARE_ORIGINAL(__isoc99_vfscanf)

namespace racecourse::runtime {

namespace {

bool has_buffered(const FILE* stream) { return stream->_IO_read_ptr < stream->_IO_read_end; }

template <class Input>
auto on_stream(const char* call, FILE* stream, std::uint64_t pc, Input input) {
  if (!rt.executing || quiet()) return input();
  enter(pc, on(stream, Access::other));
  wait_for_stream(stream, pc);
  const int descriptor = has_buffered(stream) || feof_unlocked(stream) ? -1 : fileno_unlocked(stream);
  if (descriptor >= 0) wait_for_descriptor(call, descriptor, POLLIN, pc);
  order_after(stream);
  const auto result = input();
  order_before(stream);
  return result;
}

// What was read into the caller's buffer: another thread that touches it races.
void wrote(const void* buffer, std::size_t size, std::uint64_t pc) {
  if (controlled()) access(buffer, size, true, pc);
}

template <class Input>
char* get_text(FILE* stream, std::uint64_t pc, Input input) {
  char* text = on_stream("fgets", stream, pc, input);
  if (text != nullptr) wrote(text, std::strlen(text) + 1, pc);
  return text;
}

template <class Input>
size_t get_items(void* buffer, size_t size, size_t count, FILE* stream, std::uint64_t pc, Input input) {
  open_for_kernel(buffer, size * count);  // what is too much for the stream's own buffer goes the short way
  const size_t read = on_stream("fread", stream, pc, input);
  wrote(buffer, read * size, pc);
  return read;
}

// The caller sees to it that nobody else uses the stream.
template <class Input>
size_t get_items_unlocked(void* buffer, size_t size, size_t count, FILE* stream, std::uint64_t pc, Input input) {
  open_for_kernel(buffer, size * count);
  if (rt.executing && !has_buffered(stream) && fileno_unlocked(stream) >= 0)
    wait_for_descriptor("fread_unlocked", fileno_unlocked(stream), POLLIN, pc);
  wrote(stream, 1, pc);
  const size_t read = input();
  wrote(buffer, read * size, pc);
  return read;
}

ssize_t get_line(const char* call, char** line, size_t* size, int delimiter, FILE* stream, std::uint64_t pc) {
  const char* const before = *line;
  const ssize_t length =
      on_stream(call, stream, pc, [&] { return RC_ORIGINAL(getdelim)(line, size, delimiter, stream); });
  if (length >= 0) wrote(*line, static_cast<std::size_t>(length) + 1, pc);
  if (*line != before) filled(line, sizeof *line, pc);
  return length;
}

int get_character(const char* call, FILE* stream, std::uint64_t pc) {
  return on_stream(call, stream, pc, [&] { return RC_ORIGINAL(fgetc)(stream); });
}

template <class Scan>
int scan(const char* call, Scan* original, FILE* stream, const char* format, va_list arguments, std::uint64_t pc) {
  va_list targets;
  va_copy(targets, arguments);
  const int assigned = on_stream(call, stream, pc, [&] { return original(stream, format, arguments); });
  scanned(format, targets, assigned, pc);
  va_end(targets);
  return assigned;
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE int fgetc(FILE* stream) { return get_character("fgetc", stream, RC_CALLER); }
RC_INTERPOSE int getc(FILE* stream) { return get_character("getc", stream, RC_CALLER); }
RC_INTERPOSE int _IO_getc(FILE* stream) { return get_character("getc", stream, RC_CALLER); }
RC_INTERPOSE int getchar() { return get_character("getchar", stdin, RC_CALLER); }

RC_INTERPOSE char* fgets(char* buffer, int size, FILE* stream) {
  return get_text(stream, RC_CALLER, [&] { return RC_ORIGINAL(fgets)(buffer, size, stream); });
}

RC_INTERPOSE char* __fgets_chk(char* buffer, size_t room, int size, FILE* stream) {
  return get_text(stream, RC_CALLER, [&] { return RC_ORIGINAL(__fgets_chk)(buffer, room, size, stream); });
}

RC_INTERPOSE size_t fread(void* buffer, size_t size, size_t count, FILE* stream) {
  return get_items(buffer, size, count, stream, RC_CALLER,
                   [&] { return RC_ORIGINAL(fread)(buffer, size, count, stream); });
}

RC_INTERPOSE size_t __fread_chk(void* buffer, size_t room, size_t size, size_t count, FILE* stream) {
  return get_items(buffer, size, count, stream, RC_CALLER,
                   [&] { return RC_ORIGINAL(__fread_chk)(buffer, room, size, count, stream); });
}

RC_INTERPOSE_UNRESERVED size_t fread_unlocked(void* buffer, size_t size, size_t count, FILE* stream) {
  return get_items_unlocked(buffer, size, count, stream, RC_CALLER,
                            [&] { return RC_ORIGINAL(fread_unlocked)(buffer, size, count, stream); });
}

RC_INTERPOSE size_t __fread_unlocked_chk(void* buffer, size_t room, size_t size, size_t count, FILE* stream) {
  return get_items_unlocked(buffer, size, count, stream, RC_CALLER,
                            [&] { return RC_ORIGINAL(__fread_unlocked_chk)(buffer, room, size, count, stream); });
}

// A buffer of the program's own is one that the kernel writes to.
RC_INTERPOSE int setvbuf(FILE* stream, char* buffer, int mode, size_t size) noexcept {
  if (mode != _IONBF) open_for_kernel(buffer, size);
  return RC_ORIGINAL(setvbuf)(stream, buffer, mode, size);
}
RC_INTERPOSE void setbuf(FILE* stream, char* buffer) noexcept {
  setvbuf(stream, buffer, buffer != nullptr ? _IOFBF : _IONBF, BUFSIZ);
}
RC_INTERPOSE_UNRESERVED void setbuffer(FILE* stream, char* buffer, size_t size) noexcept {
  setvbuf(stream, buffer, buffer != nullptr ? _IOFBF : _IONBF, size);
}

RC_INTERPOSE_UNRESERVED ssize_t getdelim(char** line, size_t* size, int delimiter, FILE* stream) {
  return get_line("getdelim", line, size, delimiter, stream, RC_CALLER);
}

// What getline() is where the headers define it inline.
RC_INTERPOSE ssize_t __getdelim(char** line, size_t* size, int delimiter, FILE* stream) {
  return get_line("getline", line, size, delimiter, stream, RC_CALLER);
}

RC_INTERPOSE_UNRESERVED ssize_t getline(char** line, size_t* size, FILE* stream) {
  return get_line("getline", line, size, '\n', stream, RC_CALLER);
}

#define RC_SCANS(prefix, original)                                                                             \
  RC_INTERPOSE int prefix##vfscanf(FILE* stream, const char* format, va_list arguments) {                      \
    return scan("fscanf", RC_ORIGINAL(original), stream, format, arguments, RC_CALLER);                        \
  }                                                                                                            \
  RC_INTERPOSE int prefix##vscanf(const char* format, va_list arguments) {                                     \
    return scan("scanf", RC_ORIGINAL(original), stdin, format, arguments, RC_CALLER);                          \
  }                                                                                                            \
  RC_INTERPOSE int prefix##fscanf(FILE* stream, const char* format, ...) {                                     \
    RC_FORWARD_ARGUMENTS(format, scan("fscanf", RC_ORIGINAL(original), stream, format, arguments, RC_CALLER)); \
  }                                                                                                            \
  RC_INTERPOSE int prefix##scanf(const char* format, ...) {                                                    \
    RC_FORWARD_ARGUMENTS(format, scan("scanf", RC_ORIGINAL(original), stdin, format, arguments, RC_CALLER));   \
  }
RC_SCANS(__isoc99_, __isoc99_vfscanf)
RC_SCANS(gnu_, vfscanf)
