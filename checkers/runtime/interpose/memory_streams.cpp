// Streams that stand for memory: like those that stand for files, they are closed behind a body that leaves them open.
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/file_streams.h>
#include <stdio.h>
#include <wchar.h>

RC_DECLARE_ORIGINAL(fmemopen)
RC_DECLARE_ORIGINAL(open_memstream)
RC_DECLARE_ORIGINAL(open_wmemstream)

using namespace racecourse;
using namespace racecourse::runtime;

RC_INTERPOSE_UNRESERVED FILE* fmemopen(void* memory, size_t size, const char* mode) noexcept {
  return note_stream(RC_ORIGINAL(fmemopen)(memory, size, mode));
}
RC_INTERPOSE_UNRESERVED FILE* open_memstream(char** text, size_t* size) noexcept {
  return note_stream(RC_ORIGINAL(open_memstream)(text, size));
}
RC_INTERPOSE_UNRESERVED FILE* open_wmemstream(wchar_t** text, size_t* size) noexcept {
  return note_stream(RC_ORIGINAL(open_wmemstream)(text, size));
}
