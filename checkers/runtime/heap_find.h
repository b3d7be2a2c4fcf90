// Which block of the heap an address belongs to that a program should not have touched.
#pragma once

#include <racecourse/checkers/runtime/heap.h>

#include <cstddef>
#include <cstdint>

namespace racecourse::runtime::heap {

struct Near {
  std::uint64_t base;  // where the program's part begins
  std::size_t size;    // as requested
  bool freed;
};

// The block that `address` lies in, or right beside; of two neighbours the nearer. False if there is none.
bool find_near(std::uint64_t address, Near& out);

// Whether a pool of the execution has come as far as `address`.
inline bool is_handed_out(std::uint64_t address) {
  if (RC_LIKELY(address - kExecutionPool >= kArena + kArenaSize - kExecutionPool)) return false;
  if (address < kExecutionPool + kExecutionPoolSize) return address < state.execution.bump;
  const std::uint64_t thread = (address - thread_pool(0)) / kThreadPoolSize;
  return state.by_thread && thread < 256 && address < state.of_thread[thread].bump;
}

// The block, live or freed, whose room holds `address`; null if there is none.
Header* block_around(std::uint64_t address);

// All blocks of a pool whose memory is [begin, end), live and freed.
template <class Visit>
void for_each_block(std::uintptr_t begin, std::uintptr_t end, Visit visit) {
  const std::uint32_t first = unit_of(reinterpret_cast<void*>(begin)) / 64;
  const std::uint32_t last = unit_of(reinterpret_cast<void*>(end)) / 64;
  for (std::uint32_t word = first; word <= last; ++word) {
    for (std::uint64_t bits = state.starts[word]; bits != 0; bits &= bits - 1) {
      Header& block = *header_at(word * 64 + static_cast<std::uint32_t>(__builtin_ctzll(bits)));
      const auto payload = reinterpret_cast<std::uintptr_t>(block.payload());
      if (payload >= begin && payload < end) visit(block);
    }
  }
}

}  // namespace racecourse::runtime::heap
