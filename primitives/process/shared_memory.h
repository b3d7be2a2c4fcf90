// Memory that a process shares with the children it forks: a head, and room for items behind it.
//
//   SharedMemory<Head, Item> memory(100);   // made before fork(); all bytes begin as zero, and the head is constructed
//   memory->count, memory.item(7)           // the same in every process
//
// A copy refers to the same memory. Each process gives up its own view with its last copy; the memory itself lives as
// long as one process has a view. Nobody knows which process is the last, so nothing in it is ever destroyed: only
// trivially destructible heads and trivially copyable items may lie there. Nor may pointers into one process's own
// memory; a std::string in here would be full of them.
//
// Pages are taken from the system when they are first touched, so much room costs little until it is used.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace racecourse::process {

template <class Head, class Item = std::byte>
class SharedMemory {
  static_assert(std::is_trivially_destructible_v<Head>, "nobody knows who is the last to see it");
  static_assert(std::is_trivially_copyable_v<Item>, "it must mean the same in every process");

 public:
  // Throws std::bad_alloc if the system has no such room.
  template <class... Arguments>
  explicit SharedMemory(std::size_t items, Arguments&&... arguments) {
    if (items > (std::size_t{1} << 46) / sizeof(Item)) throw std::bad_alloc();
    const std::size_t size = kItems + items * sizeof(Item);
    // Anonymous: it has no name that a crash could leave behind.
    void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    base_.reset(static_cast<std::byte*>(memory), [size](std::byte* base) { munmap(base, size); });
    new (memory) Head(std::forward<Arguments>(arguments)...);
  }

  Head* operator->() const { return std::launder(reinterpret_cast<Head*>(base_.get())); }
  Head& operator*() const { return *operator->(); }
  Item& item(std::size_t index) const { return reinterpret_cast<Item*>(base_.get() + kItems)[index]; }

 private:
  static constexpr std::size_t kItems = (sizeof(Head) + alignof(Item) - 1) / alignof(Item) * alignof(Item);

  std::shared_ptr<std::byte> base_;
};

}  // namespace racecourse::process
