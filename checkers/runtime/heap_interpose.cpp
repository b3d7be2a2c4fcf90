// The malloc family, for the whole process. A block knows by its address whether the arena or the C library owns it.
#include <malloc.h>
#include <pthread.h>
#include <racecourse/checkers/runtime/heap.h>
#include <racecourse/checkers/runtime/heap_lock.h>
#include <racecourse/checkers/runtime/library_blocks.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <cwchar>
#include <new>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* block);
}

namespace {

namespace heap = racecourse::runtime::heap;
using racecourse::runtime::rt;

// A process that has used up the arena goes on with the C library; an execution has run out of memory.
inline bool spill(void* block) { return RC_UNLIKELY(block == nullptr) && !rt.executing; }

// For the C library. What an earlier execution left there points to nothing of this one.
[[gnu::noinline]] void* allocate_for_library(std::size_t size) {
  return racecourse::runtime::note_library_block(rt.executing ? __libc_calloc(1, size) : __libc_malloc(size));
}

inline void* allocate(std::size_t size, std::uint64_t pc) {
  if (!heap::serves(pc)) return allocate_for_library(size);
  void* block = heap::allocate(size, pc);
  return spill(block) ? __libc_malloc(size) : block;
}

void* allocate_aligned(std::size_t alignment, std::size_t size, std::uint64_t pc) {
  if (!heap::serves(pc)) return racecourse::runtime::note_library_block(__libc_memalign(alignment, size));
  // As the C library does, an alignment that is no power of two is rounded up.
  std::size_t power = heap::kUnit;
  while (power < alignment && power < heap::kMaxRequest) power *= 2;
  void* block = heap::allocate_aligned(size, power, pc);
  return spill(block) ? __libc_memalign(alignment, size) : block;
}

void* reallocate(void* block, std::size_t size, std::uint64_t pc) {
  if (block == nullptr) return allocate(size, pc);
  if (!heap::in_arena(block)) {
    racecourse::runtime::forget_library_block(block);
    return racecourse::runtime::note_library_block(__libc_realloc(block, size));
  }
  if (size == 0) {
    heap::release(block, pc);
    return nullptr;
  }
  void* moved = heap::reallocate(block, size, pc);
  if (!spill(moved)) return moved;
  moved = __libc_malloc(size);
  if (moved == nullptr) return nullptr;
  const std::size_t old_size = heap::usable_size(block);
  std::memcpy(moved, block, old_size < size ? old_size : size);
  heap::release(block, pc);
  return moved;
}

void* duplicate(const void* text, std::size_t length, std::size_t read, std::uint64_t pc) {
  if (racecourse::runtime::controlled()) racecourse::runtime::access(text, read, false, pc);
  auto* copy = static_cast<char*>(allocate(length + 1, pc));
  if (copy == nullptr) return nullptr;
  std::memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

void lock_heap() { heap::lock(heap::state.lock); }
void unlock_heap() { heap::unlock(heap::state.lock); }

// A child of a program with threads must not inherit a lock that nobody will release.
[[gnu::constructor]] void keep_heap_usable_over_fork() { pthread_atfork(lock_heap, unlock_heap, unlock_heap); }

}  // namespace

extern "C" {

void* malloc(std::size_t size) noexcept { return allocate(size, RC_CALLER); }

void free(void* block) noexcept {
  if (heap::in_arena(block)) return heap::release(block, RC_CALLER);
  racecourse::runtime::forget_library_block(block);
  __libc_free(block);
}

void* calloc(std::size_t count, std::size_t size) noexcept {
  if (!heap::serves(RC_CALLER)) return racecourse::runtime::note_library_block(__libc_calloc(count, size));
  std::size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  void* block = heap::allocate_zeroed(bytes, RC_CALLER);
  return spill(block) ? __libc_calloc(count, size) : block;
}

void* realloc(void* block, std::size_t size) noexcept { return reallocate(block, size, RC_CALLER); }

void* reallocarray(void* block, std::size_t count, std::size_t size) noexcept {
  std::size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  return reallocate(block, bytes, RC_CALLER);
}

void* memalign(std::size_t alignment, std::size_t size) noexcept {
  return allocate_aligned(alignment, size, RC_CALLER);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return allocate_aligned(alignment, size, RC_CALLER);
}

int posix_memalign(void** out, std::size_t alignment, std::size_t size) noexcept {
  if (alignment % sizeof(void*) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
  const int saved = errno;
  void* block = allocate_aligned(alignment, size, RC_CALLER);
  errno = saved;
  if (block == nullptr) return ENOMEM;
  *out = block;
  return 0;
}

void* valloc(std::size_t size) noexcept { return allocate_aligned(heap::kPage, size, RC_CALLER); }

void* pvalloc(std::size_t size) noexcept {
  return allocate_aligned(heap::kPage, (size + heap::kPage - 1) & ~(heap::kPage - 1), RC_CALLER);
}

std::size_t malloc_usable_size(void* block) noexcept {
  if (heap::in_arena(block)) return heap::usable_size(block);
  return block != nullptr ? RC_REAL(malloc_usable_size)(block) : 0;
}

// The C library's own would allocate from the C library, for the program.
// Weak: a program may have a function of its own by such a name.
[[gnu::weak]] char* strdup(const char* text) noexcept {
  const std::size_t length = std::strlen(text);
  return static_cast<char*>(duplicate(text, length, length + 1, RC_CALLER));
}

[[gnu::weak]] char* strndup(const char* text, std::size_t most) noexcept {
  const std::size_t length = strnlen(text, most);
  return static_cast<char*>(duplicate(text, length, length < most ? length + 1 : length, RC_CALLER));
}

wchar_t* wcsdup(const wchar_t* text) noexcept {
  const std::size_t size = (std::wcslen(text) + 1) * sizeof *text;  // the last byte is a zero, too
  return static_cast<wchar_t*>(duplicate(text, size - 1, size, RC_CALLER));
}

}  // extern "C"

// Only so that an allocation is attributed to the line that says `new`, not to libstdc++. Weak: a program may define
// its own. The other forms of new come here through libstdc++.
[[gnu::weak]] void* operator new(std::size_t size) {
  if (RC_LIKELY(rt.executing)) {  // neither the C library nor the dynamic linker calls it
    if (void* block = heap::allocate(size, RC_CALLER); RC_LIKELY(block != nullptr)) return block;
  }
  for (;;) {
    if (void* block = allocate(size, RC_CALLER)) return block;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}
