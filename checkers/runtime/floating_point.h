// Rounding, and which floating-point exceptions were raised, belong to the thread. Loading them at every switch would
// be dear, and few programs ever change them: threads share one environment until the body calls a function of
// <fenv.h>. What a body changes by instructions of its own (_MM_SET_ROUNDING_MODE) is shared by its threads, and set
// back with the execution.
#pragma once

#include <racecourse/checkers/runtime/runtime.h>

namespace racecourse::runtime {

struct FloatingPoint {
  std::uint8_t x87[28];  // as fnstenv writes it
  std::uint32_t mxcsr;
};

inline FloatingPoint current_floating_point() {
  FloatingPoint now;
  // Storing the environment masks the exceptions.
  asm volatile("fnstenv %0\n\tfldcw %0\n\tstmxcsr %1" : "=m"(now.x87), "=m"(now.mxcsr));
  return now;
}
inline void install_floating_point(const FloatingPoint& environment) {
  asm volatile("fldenv %0\n\tldmxcsr %1" : : "m"(environment.x87), "m"(environment.mxcsr));
}
// Inside an execution: threads have environments of their own from here on (rt.own_floating_point).
void part_floating_point();
// If they have.
void switch_floating_point(const Fiber& from, const Fiber& next);
void inherit_floating_point(const Fiber& fresh);  // from the caller

// Around an execution, on the host's stack: no exception was raised yet where a body begins, and what it changed is set
// back where it ends.
class SameFloatingPoint {
 public:
  SameFloatingPoint() {
    constexpr std::uint32_t kRaised = 0x3f;
    std::uint16_t status;
    std::uint32_t mxcsr;
    asm volatile("fnstcw %0\n\tfnstsw %1\n\tstmxcsr %2" : "=m"(control_), "=am"(status), "=m"(mxcsr));
    if (RC_UNLIKELY((status & kRaised) != 0)) asm volatile("fnclex");
    mxcsr_ = mxcsr & ~kRaised;
    if (mxcsr != mxcsr_) asm volatile("ldmxcsr %0" : : "m"(mxcsr_));
  }
  ~SameFloatingPoint() {
    rt.own_floating_point = false;
    std::uint16_t control;
    std::uint32_t mxcsr;
    asm volatile("fnstcw %0\n\tstmxcsr %1" : "=m"(control), "=m"(mxcsr));
    if (RC_UNLIKELY(control != control_)) asm volatile("fldcw %0" : : "m"(control_));
    if (mxcsr != mxcsr_) asm volatile("ldmxcsr %0" : : "m"(mxcsr_));
  }
  SameFloatingPoint(const SameFloatingPoint&) = delete;
  SameFloatingPoint& operator=(const SameFloatingPoint&) = delete;

 private:
  std::uint16_t control_;
  std::uint32_t mxcsr_;
};

}  // namespace racecourse::runtime
