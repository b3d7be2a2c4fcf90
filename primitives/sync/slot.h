// Room for one item that comes and goes, for a queue that says with other words whether the room is taken.
//
//   slot<T>       std build: bare memory, so that T needs no default constructor and is destroyed when it is taken
//   fill(item)    empty -> full
//   take()        full -> empty
//   clear()       full -> empty, and the item is destroyed
//
// A slot does not know which it is, and destroying one destroys no item. In the Relacy build its accesses are checked
// for data races, as a sync::var's are; taking counts as a write there, since it leaves nothing behind.
#pragma once

#include <racecourse/primitives/sync/sync.h>

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace racecourse::sync {

#ifdef RACECOURSE_RELACY

template <class T>
class slot {
 public:
  void fill(T item, Place at = here()) { item_(at).store(item); }
  T take(Place at = here()) {
    const T item = item_(at).load();
    item_(at).store(T());
    return item;
  }
  void clear() {}

 private:
  rl::var<T> item_;
};

#else

template <class T>
class slot {
  static_assert(std::is_nothrow_move_constructible_v<T> && std::is_nothrow_destructible_v<T>,
                "a slot belongs to a queue that has no way back once it has claimed the slot");

 public:
  void fill(T&& item) noexcept { ::new (static_cast<void*>(bytes_)) T(std::move(item)); }
  T take() noexcept {
    T taken = std::move(item());
    clear();
    return taken;
  }
  void clear() noexcept { item().~T(); }

 private:
  T& item() { return *std::launder(reinterpret_cast<T*>(bytes_)); }

  alignas(T) std::byte bytes_[sizeof(T)];
};

#endif

}  // namespace racecourse::sync
