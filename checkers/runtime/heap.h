// The allocator behind the interposed malloc family (heap_interpose.cpp). See heap_layout.h for the shape of the heap.
//
// Invariants
//  H1. Memory of a pool at and above its bump pointer reads as zero, so fresh blocks need no clearing, and a program
//      that reads what it never wrote behaves the same in every execution.
//  H2. The arena hands out the same addresses for the same calls.
//  H3. `state.process` changes outside executions only, under the lock; `state.execution` inside only, without one.
//  H4. If state.by_thread, the addresses that a thread gets depend on its own calls only, whatever others do meanwhile:
//      it reuses what it freed itself. A systematic search compares what threads do in different orders by address.
#pragma once

#include <racecourse/checkers/runtime/heap_layout.h>
#include <racecourse/checkers/runtime/runtime.h>

#include <atomic>

namespace racecourse::runtime::heap {

struct Pool {
  std::uintptr_t bump;
  std::uintptr_t end;
  std::uint64_t changes;               // process pool only: allocations and frees so far
  unsigned lists_end;                  // all lists from here on are empty
  std::uint32_t free_lists[kClasses];  // unit of the first freed payload, 0: empty
};

struct TextRange {
  std::uintptr_t begin;
  std::uintptr_t size;
  bool holds(std::uint64_t pc) const { return pc - begin < size; }
};

enum class Stage : std::uint8_t { unprepared, ready, unavailable };

struct alignas(kPage) State {
  TextRange libc;
  TextRange dynamic_linker;
  Stage stage;
  bool use_libc;
  std::atomic<std::uint32_t> lock;  // 0 free, 1 held, 2 held and somebody waits
  std::uint64_t* starts;            // one bit a unit of the arena: a payload starts here
  std::int64_t live_blocks;         // of this execution
  Pool execution;
  Pool process;
  Pool saved;           // `process` at heap_snapshot()
  bool by_thread;       // threads other than T0 have pools of their own,
  Pool of_thread[256];  // these: see H4
};
extern State state;

// Maps the arena and finds the C library; state.stage says whether that worked.
void prepare();

// Whether a call that returns to `pc` allocates from the arena. The C library and the dynamic linker never do: they
// keep what they allocate over executions.
inline bool serves(std::uint64_t pc) {
  if (RC_LIKELY(rt.executing)) return !state.libc.holds(pc) && !state.dynamic_linker.holds(pc);
  if (RC_UNLIKELY(state.stage == Stage::unprepared)) prepare();
  return state.stage == Stage::ready && !state.use_libc && !state.libc.holds(pc) && !state.dynamic_linker.holds(pc);
}

// Null with errno set to ENOMEM if there is no room.
void* allocate(std::size_t size, std::uint64_t pc);
void* allocate_aligned(std::size_t size, std::size_t alignment, std::uint64_t pc);  // alignment: a power of two
void* allocate_zeroed(std::size_t size, std::uint64_t pc);
// For `block` in the arena.
void release(void* block, std::uint64_t pc);
void* reallocate(void* block, std::size_t size, std::uint64_t pc);
std::size_t usable_size(const void* block);

}  // namespace racecourse::runtime::heap
