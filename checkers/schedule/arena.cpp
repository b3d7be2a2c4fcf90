#include <racecourse/checkers/schedule/arena.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace racecourse::schedule {

namespace {

int class_of(std::size_t size) { return std::bit_width(std::max<std::size_t>(size, 16) - 1); }

}  // namespace

Arena* Arena::try_map(std::size_t size) {
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  madvise(memory, size, MADV_DONTDUMP);
  return new (memory) Arena(size);
}

Arena* Arena::map(std::size_t size) {
  if (Arena* arena = try_map(size)) return arena;
  throw std::runtime_error("racecourse: cannot map memory for a systematic search; is the address space limited?");
}

void Arena::unmap(Arena* arena) { munmap(arena, arena->size_); }

void* Arena::allocate(std::size_t size) {
  const int list = class_of(size);
  if (Free* block = free_[list]) {
    free_[list] = block->next;
    return block;
  }
  const std::size_t room = std::size_t{1} << list;
  const std::size_t at = (used_ + 15) & ~std::size_t{15};
  if (at + room > size_) throw std::bad_alloc();
  used_ = at + room;
  return reinterpret_cast<char*>(this) + at;
}

void Arena::release(void* block, std::size_t size) {
  Free*& list = free_[class_of(size)];
  list = new (block) Free{list};
}

}  // namespace racecourse::schedule
