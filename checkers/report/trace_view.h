// A recorded trace, ready to be read: spans over the shared block.
#pragma once

#include <racecourse/checkers/report/trace.h>
#include <racecourse/checkers/runtime/shared_block.h>

#include <cstdint>
#include <span>
#include <string>

namespace racecourse::report {

inline constexpr std::uint16_t kNoThread = 0xffff;

struct Trace {
  std::span<const Event> events;
  std::span<const Frame> frames;  // frames[0] is "no frame"
  std::span<const ThreadEnd> threads;
  std::span<const RawFinding> findings;
  bool truncated = false;  // the end was not recorded
};

Trace trace_of(const runtime::SharedBlock& shared);

// "T1".
std::string thread_label(std::uint16_t thread);
// "T1 (writer)" if the program named the thread.
std::string thread_title(const Trace& trace, std::uint16_t thread);

// Plain or atomic access to memory.
bool is_memory(Op op);
// An access that may change memory.
bool is_write(Op op);
bool is_atomic(Op op);
// Acts on an object that threads synchronise with (not a thread, not memory as such).
bool is_sync(Op op);
// Waits on a condition variable or a futex.
bool falls_asleep(Op op);
// A wait that ended although nobody ended it, or a compare-exchange that found what it expected and failed.
bool happened_for_no_reason(const Event& event);

// Bytes that an access touches, which for a plain one may be more than `size` can say.
inline std::uint64_t extent(const Event& event) {
  const bool plain = event.op == Op::read || event.op == Op::write;
  return plain && event.value_known == 0 && event.value > event.size ? event.value : event.size;
}

// Whether the bytes of two accesses meet; sizes of 0 count as 1.
inline bool overlap(std::uint64_t a, std::uint64_t a_size, std::uint64_t b, std::uint64_t b_size) {
  return a < b + (b_size == 0 ? 1 : b_size) && b < a + (a_size == 0 ? 1 : a_size);
}

}  // namespace racecourse::report
