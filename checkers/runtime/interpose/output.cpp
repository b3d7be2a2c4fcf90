// Output by stdio's functions. One scheduling point each; the text of two calls may interleave, the text of one may
// not.
#include <racecourse/checkers/runtime/interpose/file_streams.h>
#include <racecourse/checkers/runtime/interpose/format.h>
#include <racecourse/checkers/runtime/interpose/send.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdio>
#include <cstring>

extern "C" {
int __vfprintf_chk(FILE* stream, int flag, const char* format, va_list arguments);
int __vdprintf_chk(int descriptor, int flag, const char* format, va_list arguments);
}

RC_DECLARE_ORIGINAL(fwrite)
RC_DECLARE_ORIGINAL(fputs)
RC_DECLARE_ORIGINAL(fputc)
RC_DECLARE_ORIGINAL(puts)
RC_DECLARE_ORIGINAL(perror)
RC_DECLARE_ORIGINAL(fflush)
RC_DECLARE_ORIGINAL(vfprintf)
RC_DECLARE_ORIGINAL(vdprintf)
RC_DECLARE_ORIGINAL(__vfprintf_chk)
RC_DECLARE_ORIGINAL(__vdprintf_chk)

namespace racecourse::runtime {

namespace {

// Not the process's own output, which no thread reads; null: all streams.
bool is_file(const FILE* stream) {
  return stream == nullptr || fileno_unlocked(const_cast<FILE*>(stream)) > STDERR_FILENO;
}

// Calls `output` with the stream as the C library would: alone, and after what was written to it before.
template <class Output>
auto on_stream(const FILE* stream, std::uint64_t pc, Output output) {
  if (!rt.executing || quiet()) return output();
  const bool file = is_file(stream);
  enter(pc, file ? on(descriptors_clock(), Access::write) : on(stream, Access::lock));
  wait_for_stream(stream, pc);
  order_after(stream);
  if (file) {
    note_files(pc);
    order_before(descriptors_clock());  // who reads from a descriptor reads after what was written here
  }
  const auto result = output();
  order_before(stream);
  trace(Op::output, stream, pc, static_cast<std::uint64_t>(result));
  return result;
}

void reads_strings(const char* format, va_list arguments, std::uint64_t pc) {
  if (!controlled()) return;
  for (FormatStrings strings(format, arguments); strings.next();)
    if (strings.text() != nullptr) access(strings.text(), strings.size(), false, pc);
}

int print(FILE* stream, const char* format, va_list arguments, std::uint64_t pc) {
  reads_strings(format, arguments, pc);
  return on_stream(stream, pc, [&] { return RC_ORIGINAL(vfprintf)(stream, format, arguments); });
}

int print_checked(FILE* stream, int flag, const char* format, va_list arguments, std::uint64_t pc) {
  reads_strings(format, arguments, pc);
  return on_stream(stream, pc, [&] { return RC_ORIGINAL(__vfprintf_chk)(stream, flag, format, arguments); });
}

int print(int descriptor, const char* format, va_list arguments, std::uint64_t pc) {
  reads_strings(format, arguments, pc);
  return on_descriptor(descriptor, pc, [&] { return RC_ORIGINAL(vdprintf)(descriptor, format, arguments); });
}

int print_checked(int descriptor, int flag, const char* format, va_list arguments, std::uint64_t pc) {
  reads_strings(format, arguments, pc);
  return on_descriptor(descriptor, pc,
                       [&] { return RC_ORIGINAL(__vdprintf_chk)(descriptor, flag, format, arguments); });
}

FILE* reopen(const char* path, const char* mode, FILE* stream, std::uint64_t pc) {
  FILE* result = nullptr;
  if (!is_file(stream)) uses_files(pc);
  on_stream(stream, pc, [&] {
    result = reopen_stream(path, mode, stream);
    return result != nullptr ? 0 : EOF;
  });
  return result;
}

int put_character(int character, FILE* stream, std::uint64_t pc) {
  return on_stream(stream, pc, [&] { return RC_ORIGINAL(fputc)(character, stream); });
}

}  // namespace

}  // namespace racecourse::runtime

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE size_t fwrite(const void* data, size_t size, size_t count, FILE* stream) {
  reads(data, size * count, RC_CALLER);
  return on_stream(stream, RC_CALLER, [&] { return RC_ORIGINAL(fwrite)(data, size, count, stream); });
}

RC_INTERPOSE int fputs(const char* text, FILE* stream) {
  reads(text, strlen(text) + 1, RC_CALLER);
  return on_stream(stream, RC_CALLER, [&] { return RC_ORIGINAL(fputs)(text, stream); });
}

RC_INTERPOSE int puts(const char* text) {
  reads(text, strlen(text) + 1, RC_CALLER);
  return on_stream(stdout, RC_CALLER, [&] { return RC_ORIGINAL(puts)(text); });
}

RC_INTERPOSE void perror(const char* text) {
  on_stream(stderr, RC_CALLER, [&] { return RC_ORIGINAL(perror)(text), 0; });
}

RC_INTERPOSE int fputc(int character, FILE* stream) { return put_character(character, stream, RC_CALLER); }
RC_INTERPOSE int putc(int character, FILE* stream) { return put_character(character, stream, RC_CALLER); }
RC_INTERPOSE int _IO_putc(int character, FILE* stream) { return put_character(character, stream, RC_CALLER); }
RC_INTERPOSE int putchar(int character) { return put_character(character, stdout, RC_CALLER); }

// A null stream means all of them; it serves as the name of all, too.
RC_INTERPOSE int fflush(FILE* stream) {
  return on_stream(stream, RC_CALLER, [&] { return RC_ORIGINAL(fflush)(stream); });
}

RC_INTERPOSE int fclose(FILE* stream) {
  if (!is_file(stream)) uses_files(RC_CALLER);
  return on_stream(stream, RC_CALLER, [&] { return close_stream(stream); });
}

RC_INTERPOSE FILE* freopen(const char* path, const char* mode, FILE* stream) {
  return reopen(path, mode, stream, RC_CALLER);
}

RC_INTERPOSE FILE* freopen64(const char* path, const char* mode, FILE* stream) {
  return reopen(path, mode, stream, RC_CALLER);
}

RC_INTERPOSE int vfprintf(FILE* stream, const char* format, va_list arguments) {
  return print(stream, format, arguments, RC_CALLER);
}

RC_INTERPOSE int vprintf(const char* format, va_list arguments) { return print(stdout, format, arguments, RC_CALLER); }

RC_INTERPOSE int fprintf(FILE* stream, const char* format, ...) {
  RC_FORWARD_ARGUMENTS(format, print(stream, format, arguments, RC_CALLER));
}

RC_INTERPOSE int printf(const char* format, ...) {
  RC_FORWARD_ARGUMENTS(format, print(stdout, format, arguments, RC_CALLER));
}

RC_INTERPOSE int __vfprintf_chk(FILE* stream, int flag, const char* format, va_list arguments) {
  return print_checked(stream, flag, format, arguments, RC_CALLER);
}

RC_INTERPOSE int __vprintf_chk(int flag, const char* format, va_list arguments) {
  return print_checked(stdout, flag, format, arguments, RC_CALLER);
}

RC_INTERPOSE int __fprintf_chk(FILE* stream, int flag, const char* format, ...) {
  RC_FORWARD_ARGUMENTS(format, print_checked(stream, flag, format, arguments, RC_CALLER));
}

RC_INTERPOSE int __printf_chk(int flag, const char* format, ...) {
  RC_FORWARD_ARGUMENTS(format, print_checked(stdout, flag, format, arguments, RC_CALLER));
}

RC_INTERPOSE int vdprintf(int descriptor, const char* format, va_list arguments) {
  return print(descriptor, format, arguments, RC_CALLER);
}

RC_INTERPOSE int dprintf(int descriptor, const char* format, ...) {
  RC_FORWARD_ARGUMENTS(format, print(descriptor, format, arguments, RC_CALLER));
}

RC_INTERPOSE int __dprintf_chk(int descriptor, int flag, const char* format, ...) {
  RC_FORWARD_ARGUMENTS(format, print_checked(descriptor, flag, format, arguments, RC_CALLER));
}
