// The shape of the heap: its addresses, its size classes, and the header of a block. Pure, so that it can be tested.
//
// A block is a 16-byte header and a payload. Blocks are cut from the front of a pool and never split or joined; a
// freed block waits in the list of its size class. Links are kept in headers, never in payloads: the programs under
// test write to freed memory, and the allocator must not be what crashes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace racecourse::runtime::heap {

// The race shadow is indexed by the low 36 bits of an address, of which the arena owns [16 GiB, 32 GiB).
inline constexpr std::uintptr_t kArena = 0x600400000000;
inline constexpr std::size_t kArenaSize = std::size_t{16} << 30;

// The lower half serves the process outside executions. The upper half serves executions, each of which starts at its
// beginning: an execution's addresses do not depend on what the process allocated before, and are the same in every
// process.
inline constexpr std::uintptr_t kProcessPool = kArena;
inline constexpr std::uintptr_t kExecutionPool = kArena + kArenaSize / 2;
inline constexpr std::size_t kProcessPoolSize = kArenaSize / 2;
inline constexpr std::size_t kExecutionPoolSize = std::size_t{2} << 30;
inline constexpr std::size_t kThreadPoolSize = std::size_t{16} << 20;
inline constexpr std::uintptr_t thread_pool(unsigned thread) {
  return kExecutionPool + kExecutionPoolSize + thread * kThreadPoolSize;
}

inline constexpr std::size_t kPage = 4096;
inline constexpr std::size_t kUnit = 16;  // every payload is aligned to it
inline constexpr std::size_t kSmall = 512;
inline constexpr std::size_t kLarge = std::size_t{1} << 20;  // larger payloads are page-aligned
inline constexpr std::size_t kMaxRequest = std::size_t{8} << 30;
inline constexpr unsigned kClasses = 128;

// Steps of 16 bytes up to 512, then four steps per power of two.
inline constexpr unsigned size_class(std::size_t size) {
  if (size <= kSmall) return static_cast<unsigned>((size - (size != 0)) / kUnit);
  const unsigned power = 63 - static_cast<unsigned>(__builtin_clzll(size - 1));
  const std::size_t above = size - 1 - (std::size_t{1} << power);
  return 32 + (power - 9) * 4 + static_cast<unsigned>(above >> (power - 2));
}

inline constexpr std::size_t class_size(unsigned size_class) {
  if (size_class < 32) return (size_class + 1) * kUnit;
  const unsigned power = (size_class - 32) / 4 + 9;
  return (std::size_t{1} << power) + ((size_class - 32) % 4 + 1) * (std::size_t{1} << (power - 2));
}

inline constexpr bool is_large(unsigned size_class) { return class_size(size_class) > kLarge; }

enum class Mark : std::uint32_t {
  live = 0xA110CA,
  freed = 0xF2EED0,
  aligned = 0xA11607,  // stands before a payload that was moved up inside its block for its alignment
};

struct Header {
  std::uint32_t tag;   // mark << 8 | size class
  std::uint32_t link;  // live: units from the block's payload up to the aligned one; freed: the next freed block's
                       // payload, in units from the start of the arena; aligned: units down to the block's payload
  std::uint64_t size;  // as requested

  bool is(Mark mark) const { return tag >> 8 == static_cast<std::uint32_t>(mark); }
  unsigned size_class() const { return tag & 0xff; }
  void set(Mark mark, unsigned size_class) { tag = static_cast<std::uint32_t>(mark) << 8 | size_class; }
  char* payload() { return reinterpret_cast<char*>(this + 1); }
  std::size_t capacity() const { return class_size(size_class()); }
};
static_assert(sizeof(Header) == kUnit);
static_assert(size_class(kMaxRequest) == kClasses - 1);

inline bool in_arena(const void* address) { return reinterpret_cast<std::uintptr_t>(address) - kArena < kArenaSize; }

inline std::uint32_t unit_of(const void* address) {
  return static_cast<std::uint32_t>((reinterpret_cast<std::uintptr_t>(address) - kArena) / kUnit);
}
inline Header* header_at(std::uint32_t unit) {
  return reinterpret_cast<Header*>(kArena + std::uintptr_t{unit} * kUnit) - 1;
}

}  // namespace racecourse::runtime::heap
