// Times of the C library as virtual nanoseconds. All clocks read rt.now.
#pragma once

#include <racecourse/checkers/runtime/runtime.h>

#include <time.h>

#include <algorithm>
#include <cstdint>

namespace racecourse::runtime {

inline constexpr std::uint64_t kSecond = 1'000'000'000;

inline bool is_valid(const timespec& time) { return time.tv_nsec >= 0 && time.tv_nsec < static_cast<long>(kSecond); }

// Negative times are 0; times beyond reach are 146 years.
inline std::uint64_t to_nanoseconds(const timespec& time) {
  constexpr std::int64_t kMaxSeconds = std::int64_t{1} << 32;
  if (time.tv_sec < 0) return 0;
  return static_cast<std::uint64_t>(std::min<std::int64_t>(time.tv_sec, kMaxSeconds)) * kSecond +
         static_cast<std::uint64_t>(time.tv_nsec);
}

inline timespec to_timespec(std::uint64_t nanoseconds) {
  return {static_cast<time_t>(nanoseconds / kSecond), static_cast<long>(nanoseconds % kSecond)};
}

// For block(): never 0, which would mean no deadline.
inline std::uint64_t absolute_deadline(const timespec& time) {
  return std::max<std::uint64_t>(to_nanoseconds(time), 1);
}
inline std::uint64_t deadline_after(std::uint64_t nanoseconds) {
  return rt.now + std::max<std::uint64_t>(nanoseconds, 1);
}

}  // namespace racecourse::runtime
