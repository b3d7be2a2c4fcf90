// Two counters, one a thread, in three arrangements. Shared by what the checkers run and by what is measured.
#pragma once

#include <atomic>
#include <cstddef>

namespace racecourse::false_sharing {

inline constexpr std::size_t kCacheLine = 64;  // of x86; std::hardware_destructive_interference_size says it too

// BUG: one line
class SideBySide {
 public:
  void add(int thread, long steps) {
    for (long i = 0; i < steps; i++) counts_[thread].fetch_add(1);
  }
  long total() const { return counts_[0] + counts_[1]; }

 private:
  alignas(kCacheLine) std::atomic<long> counts_[2] = {};
};

// BUG: still one line
class Relaxed {
 public:
  void add(int thread, long steps) {
    // relaxed: nobody reads them before the threads have been joined.
    for (long i = 0; i < steps; i++) counts_[thread].fetch_add(1, std::memory_order_relaxed);
  }
  long total() const { return counts_[0] + counts_[1]; }

 private:
  alignas(kCacheLine) std::atomic<long> counts_[2] = {};
};

class Padded {
 public:
  void add(int thread, long steps) {
    for (long i = 0; i < steps; i++) counts_[thread].value.fetch_add(1);
  }
  long total() const { return counts_[0].value + counts_[1].value; }

 private:
  struct alignas(kCacheLine) OnItsOwnLine {
    std::atomic<long> value{0};
  };
  OnItsOwnLine counts_[2];
};

}  // namespace racecourse::false_sharing
