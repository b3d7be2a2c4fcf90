// Memory that a search keeps while the processes that fill it come and go: mapped before the first fork and shared, at
// the same address in each. What lies in it may hold pointers into it. One process at a time may change it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>
#include <vector>

namespace racecourse::schedule {

class Arena {
 public:
  // Reserves address space; pages cost memory once they are written. Throws std::runtime_error if there is none left.
  static Arena* map(std::size_t size);
  // Null instead.
  static Arena* try_map(std::size_t size);
  static void unmap(Arena* arena);

  // Aligned to 16 bytes; throws std::bad_alloc when the arena is full.
  void* allocate(std::size_t size);
  // `size` as it was asked for.
  void release(void* block, std::size_t size);

  template <class T, class... Arguments>
  T* make(Arguments&&... arguments) {
    return new (allocate(sizeof(T))) T(std::forward<Arguments>(arguments)...);
  }

  std::size_t used() const { return used_; }
  std::size_t size() const { return size_; }

 private:
  struct Free {
    Free* next;
  };
  static constexpr int kClasses = 48;  // powers of two

  explicit Arena(std::size_t size) : size_(size), used_(sizeof(Arena)) {}

  std::size_t size_;
  std::size_t used_;
  Free* free_[kClasses] = {};
};

// For the standard containers.
template <class T>
struct InArena {
  using value_type = T;
  explicit InArena(Arena* arena) : arena(arena) {}
  template <class U>
  InArena(const InArena<U>& other) : arena(other.arena) {}
  T* allocate(std::size_t n) { return static_cast<T*>(arena->allocate(n * sizeof(T))); }
  void deallocate(T* block, std::size_t n) { arena->release(block, n * sizeof(T)); }
  friend bool operator==(const InArena&, const InArena&) = default;

  Arena* arena;
};

template <class T>
using ArenaVector = std::vector<T, InArena<T>>;

}  // namespace racecourse::schedule
