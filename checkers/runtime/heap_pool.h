// Blocks of a pool: cutting them off the front, reusing freed ones, finding the block of a payload.
#pragma once

#include <racecourse/checkers/runtime/heap.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <cstring>

namespace racecourse::runtime::heap {

// The program misused the heap: a finding in an execution, else the end of the process.
[[noreturn]] void misuse(Kind kind, const void* block, std::uint64_t pc, const char* what);

// The header of the block that `payload` was handed out for, live or freed; null if there is none.
RC_INLINE Header* owner_of(const void* payload) {
  const auto address = reinterpret_cast<std::uintptr_t>(payload);
  if (address % kUnit != 0 || address - kArena < kUnit) return nullptr;
  auto* header = reinterpret_cast<Header*>(address) - 1;
  if (header->is(Mark::live)) return header->link == 0 ? header : nullptr;
  if (header->is(Mark::freed)) return header;
  if (!header->is(Mark::aligned) || unit_of(payload) <= header->link) return nullptr;
  auto* owner = header_at(unit_of(payload) - header->link);
  if (owner->is(Mark::live)) return owner->link == header->link ? owner : nullptr;
  return owner->is(Mark::freed) ? owner : nullptr;
}

struct Taken {
  Header* header;  // null: no room
  bool reused;     // else fresh, and zero
};

RC_INLINE Taken take(Pool& pool, std::size_t size) {
  const unsigned wanted = size_class(size);
  if (const std::uint32_t unit = pool.free_lists[wanted]) {
    Header* header = header_at(unit);
    if (RC_UNLIKELY(!header->is(Mark::freed) || header->size_class() != wanted))
      misuse(Kind::heap_overflow, header->payload(), 0, "the header of a freed heap block was overwritten");
    pool.free_lists[wanted] = header->link;
    return {header, true};
  }
  std::uintptr_t payload = pool.bump + kUnit;
  if (RC_UNLIKELY(is_large(wanted))) payload = (payload + kPage - 1) & ~(kPage - 1);
  const std::uintptr_t end = payload + class_size(wanted);
  if (RC_UNLIKELY(end > pool.end)) return {nullptr, false};
  pool.bump = end;
  const std::uint32_t unit = unit_of(reinterpret_cast<void*>(payload));
  state.starts[unit / 64] |= std::uint64_t{1} << (unit % 64);
  auto* header = reinterpret_cast<Header*>(payload) - 1;
  header->set(Mark::live, wanted);
  return {header, false};
}

// The room that must be taken for a payload that can be placed at its alignment.
inline std::size_t room_for(std::size_t size, std::size_t alignment) {
  if (alignment <= kUnit || (alignment <= kPage && is_large(size_class(size)))) return size;
  return size + alignment;
}

RC_INLINE void* place(Header* header, std::size_t size, std::size_t alignment) {
  header->set(Mark::live, header->size_class());
  header->link = 0;
  header->size = size;
  if (alignment <= kUnit) return header->payload();
  const auto payload = reinterpret_cast<std::uintptr_t>(header->payload());
  const std::uintptr_t aligned = (payload + alignment - 1) & ~(alignment - 1);
  if (aligned != payload) {
    header->link = static_cast<std::uint32_t>((aligned - payload) / kUnit);
    auto* signpost = reinterpret_cast<Header*>(aligned) - 1;
    signpost->set(Mark::aligned, header->size_class());
    signpost->link = header->link;
    signpost->size = size;
  }
  return reinterpret_cast<void*>(aligned);
}

inline void put_back(Pool& pool, Header* header) {
  const unsigned list = header->size_class();
  header->set(Mark::freed, list);
  header->link = pool.free_lists[list];
  pool.free_lists[list] = unit_of(header->payload());
  if (list >= pool.lists_end) pool.lists_end = list + 1;
}

// What an execution leaves behind is cleared in place up to this size; beyond, the pages go back to the system.
inline constexpr std::size_t kClearInPlace = std::size_t{4} << 20;

// As memset(), for what is mostly a few units.
inline void zero(std::uintptr_t begin, std::size_t size) {
  constexpr std::size_t kFew = 256;
  if (RC_UNLIKELY(size > kFew || size % kUnit != 0)) {
    std::memset(reinterpret_cast<void*>(begin), 0, size);
    return;
  }
  for (const std::uintptr_t end = begin + size; begin < end; begin += kUnit) {
    __builtin_memset(reinterpret_cast<void*>(begin), 0, kUnit);
    asm("" ::: "memory");  // or the compiler makes a memset() of the loop
  }
}

// Makes H1 (heap.h) hold again for a pool that goes back from `high` to `low`.
inline void clear(std::uintptr_t low, std::uintptr_t high) {
  if (high <= low) return;
  std::uintptr_t in_place = high;
  if (high - low > kClearInPlace) {
    in_place = (low + kClearInPlace) & ~(kPage - 1);
    raw_syscall(SYS_madvise, static_cast<long>(in_place),
                static_cast<long>((high - in_place + kPage - 1) & ~(kPage - 1)), MADV_DONTNEED);
  }
  zero(low, in_place - low);
  // Bits of the first word may belong to blocks below `low`.
  std::uint64_t first = (low - kArena) / kUnit;
  const std::uint64_t last = (high - kArena) / kUnit;
  state.starts[first / 64] &= (std::uint64_t{1} << (first % 64)) - 1;
  first = first / 64 + 1;
  if (last / 64 >= first) std::memset(&state.starts[first], 0, (last / 64 - first + 1) * sizeof(std::uint64_t));
}

}  // namespace racecourse::runtime::heap
