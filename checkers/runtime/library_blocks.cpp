#include <malloc.h>
#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/library_blocks.h>

RC_DECLARE_ORIGINAL(malloc_usable_size)

namespace racecourse::runtime {

namespace {

constexpr int kMost = 512;

// Ordinary variables: none are known as an execution begins.
void* blocks[kMost];
int count = 0;
bool too_many = false;

std::size_t size_of(void* block) { return RC_ORIGINAL(malloc_usable_size)(block); }

}  // namespace

void* note_library_block(void* block) {
  if (block == nullptr || !rt.executing) return block;
  if (count < kMost)
    blocks[count++] = block;
  else
    too_many = true;
  return block;
}

void forget_library_block(const void* block) {
  if (!rt.executing) return;
  for (int i = 0; i < count; ++i) {
    if (blocks[i] != block) continue;
    blocks[i] = blocks[--count];
    return;
  }
}

bool visit_library_blocks(const RootVisitor& visitor) {
  for (int i = 0; i < count; ++i) visitor(blocks[i], size_of(blocks[i]));
  return !too_many;
}

}  // namespace racecourse::runtime
