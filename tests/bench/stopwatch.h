// Processor time as it passes outside, for bodies: in an execution the clocks are the search's. Unlike time on the wall
// it does not count what other programs do to a busy machine.
#pragma once

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

#include <cstdlib>
#include <new>

namespace racecourse::bench {

// Of the calling thread; in an execution, of all its threads, which are one to the kernel.
class Stopwatch {
 public:
  double nanoseconds() const { return now() - start_; }

 private:
  // By an instruction that no runtime replaces.
  static double now() {
    timespec time;
    long result;
    asm volatile("syscall"
                 : "=a"(result)
                 : "0"(SYS_clock_gettime), "D"(CLOCK_THREAD_CPUTIME_ID), "S"(&time)
                 : "rcx", "r11", "memory");
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
  }

  const double start_ = now();
};

// Nanoseconds of all processes that this one started and that have ended: the workers of a search.
inline double time_of_children() {
  rusage used{};
  getrusage(RUSAGE_CHILDREN, &used);
  const auto nanoseconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_usec) * 1e3;
  };
  return nanoseconds(used.ru_utime) + nanoseconds(used.ru_stime);
}

// In memory that no execution resets, and that its process shares with this one.
template <class T>
struct Shared {
  static T& instance() {
    static T* const memory = [] {
      void* shared = mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
      if (shared == MAP_FAILED) std::abort();
      return new (shared) T();
    }();
    return *memory;
  }
};

}  // namespace racecourse::bench
