// What the C library has allocated from its own heap since the execution began: it may keep pointers of the program
// there, such as the buffer of a stream or the keys of a tree.
#pragma once

#include <racecourse/checkers/runtime/roots.h>

namespace racecourse::runtime {

void* note_library_block(void* block);  // returns it
void forget_library_block(const void* block);
// False if there were too many to be noted.
bool visit_library_blocks(const RootVisitor& visitor);

}  // namespace racecourse::runtime
