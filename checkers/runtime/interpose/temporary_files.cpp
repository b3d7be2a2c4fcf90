// Files and terminals that the C library names.
#include <racecourse/checkers/runtime/descriptors.h>
#include <racecourse/checkers/runtime/interpose/file_streams.h>
#include <racecourse/checkers/runtime/interpose/files.h>
#include <stdlib.h>

RC_DECLARE_ORIGINAL(mkstemp)
RC_DECLARE_ORIGINAL(mkostemp)
RC_DECLARE_ORIGINAL(mkstemps)
RC_DECLARE_ORIGINAL(mkostemps)
RC_DECLARE_ORIGINAL(tmpfile)
RC_DECLARE_ORIGINAL(posix_openpt)

using namespace racecourse;
using namespace racecourse::runtime;

// The names with 64 are the same functions.
RC_INTERPOSE_UNRESERVED int mkstemp(char* name) {
  uses_files(RC_CALLER);
  return note_opened(RC_ORIGINAL(mkstemp)(name));
}
RC_INTERPOSE_UNRESERVED int mkstemp64(char* name) {
  uses_files(RC_CALLER);
  return note_opened(RC_ORIGINAL(mkstemp)(name));
}
RC_INTERPOSE_UNRESERVED int mkostemp(char* name, int flags) {
  uses_files(RC_CALLER);
  return note_opened(RC_ORIGINAL(mkostemp)(name, flags));
}
RC_INTERPOSE_UNRESERVED int mkostemp64(char* name, int flags) {
  uses_files(RC_CALLER);
  return note_opened(RC_ORIGINAL(mkostemp)(name, flags));
}
RC_INTERPOSE_UNRESERVED int mkstemps(char* name, int end) {
  uses_files(RC_CALLER);
  return note_opened(RC_ORIGINAL(mkstemps)(name, end));
}
RC_INTERPOSE_UNRESERVED int mkstemps64(char* name, int end) {
  uses_files(RC_CALLER);
  return note_opened(RC_ORIGINAL(mkstemps)(name, end));
}
RC_INTERPOSE_UNRESERVED int mkostemps(char* name, int end, int flags) {
  uses_files(RC_CALLER);
  return note_opened(RC_ORIGINAL(mkostemps)(name, end, flags));
}
RC_INTERPOSE_UNRESERVED int mkostemps64(char* name, int end, int flags) {
  uses_files(RC_CALLER);
  return note_opened(RC_ORIGINAL(mkostemps)(name, end, flags));
}
RC_INTERPOSE FILE* tmpfile() {
  uses_files(RC_CALLER);
  return note_opened(RC_ORIGINAL(tmpfile)());
}
RC_INTERPOSE FILE* tmpfile64() {
  uses_files(RC_CALLER);
  return note_opened(RC_ORIGINAL(tmpfile)());
}
RC_INTERPOSE_UNRESERVED int posix_openpt(int flags) {
  uses_files(RC_CALLER);
  return note_opened(RC_ORIGINAL(posix_openpt)(flags));
}
