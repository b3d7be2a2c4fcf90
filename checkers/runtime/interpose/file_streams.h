// Streams of the C library that stand for files. Their memory is the C library's own, which is not set back between
// executions: those that a body leaves open are closed behind it. Standard input and output stay streams; when a body
// closes or reopens one, only the descriptor behind it is closed or replaced, which can be taken back (descriptors.h).
#pragma once

#include <cstdio>

namespace racecourse::runtime {

// Return it; null means nothing.
FILE* note_stream(FILE* stream);
FILE* note_opened(FILE* stream);  // and its descriptor
// As fclose() and freopen().
int close_stream(FILE* stream);
FILE* reopen_stream(const char* path, const char* mode, FILE* stream);

// As exit() does: what was not written yet is.
void flush_streams();
// Between executions. What was not written yet is dropped: the buffer may be the body's.
void close_left_streams();
// The standard stream of a descriptor that was put back begins anew: what it had read ahead or had not written yet
// belonged to what was there. Other numbers mean nothing.
void forget_stream_of(int descriptor);

}  // namespace racecourse::runtime
