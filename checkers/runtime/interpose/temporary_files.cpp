// Files and terminals that the C library names.
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/file_streams.h>
#include <racecourse/checkers/runtime/interpose/opened.h>
#include <stdlib.h>

RC_OPENS(RC_INTERPOSE_UNRESERVED, int, mkstemp, (char* name), , (name))
RC_OPENS(RC_INTERPOSE_UNRESERVED, int, mkstemp64, (char* name), , (name))
RC_OPENS(RC_INTERPOSE_UNRESERVED, int, mkostemp, (char* name, int flags), , (name, flags))
RC_OPENS(RC_INTERPOSE_UNRESERVED, int, mkostemp64, (char* name, int flags), , (name, flags))
RC_OPENS(RC_INTERPOSE_UNRESERVED, int, mkstemps, (char* name, int end), , (name, end))
RC_OPENS(RC_INTERPOSE_UNRESERVED, int, mkstemps64, (char* name, int end), , (name, end))
RC_OPENS(RC_INTERPOSE_UNRESERVED, int, mkostemps, (char* name, int end, int flags), , (name, end, flags))
RC_OPENS(RC_INTERPOSE_UNRESERVED, int, mkostemps64, (char* name, int end, int flags), , (name, end, flags))
RC_OPENS(RC_INTERPOSE, FILE*, tmpfile, (), , ())
RC_OPENS(RC_INTERPOSE, FILE*, tmpfile64, (), , ())
RC_OPENS(RC_INTERPOSE_UNRESERVED, int, posix_openpt, (int flags), , (flags))
