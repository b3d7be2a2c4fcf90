// An execution as far as the order of locks is concerned: the sections of locks, and what threads learnt from others.
#pragma once

#include <racecourse/checkers/report/trace.h>

#include <cstdint>
#include <span>
#include <vector>

namespace racecourse::detect {

// An event is known by its thread and its number among the thread's events.
struct LockTrace {
  // The thread's event `at` could happen as it did only after that event of the other thread.
  struct Source {
    std::uint32_t at;
    std::uint16_t thread;
    bool memory;  // a value that the other one wrote; a different value might have done as well
    std::uint32_t event;
  };
  static constexpr std::uint32_t kNever = 0xffffffff;
  // From the event that takes a lock to the one that gives it back.
  struct Section {
    std::uint32_t lock;
    std::uint32_t number;  // among those of the lock, in the order in which they happened
    std::uint16_t thread;
    bool shared;
    std::uint32_t from;
    std::uint32_t to = kNever;
    std::uint32_t index;  // in the trace
  };
  // A thread takes a lock by a call that would have waited, while it holds others.
  struct Nested {
    std::uint32_t section;
    std::vector<std::uint32_t> held;  // sections
    std::uint32_t nth;                // see LockWait
  };

  explicit LockTrace(std::span<const report::Event> events);

  std::vector<std::vector<Source>> sources;       // by thread, in their order
  std::vector<std::vector<std::uint32_t>> begun;  // by thread: sections
  std::vector<Section> sections;
  std::vector<std::uint64_t> locks;  // addresses
  std::vector<Nested> nested;
};

}  // namespace racecourse::detect
