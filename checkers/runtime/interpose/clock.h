// Virtual time and giving way, for the functions that are built on them.
#pragma once

#include <racecourse/checkers/runtime/interpose/call.h>
#include <racecourse/checkers/runtime/interpose/deadline.h>

namespace racecourse::runtime {

// Nanoseconds; reading moves time on a little.
std::uint64_t read_clock(std::uint64_t pc);

// Returns 0, or -EINVAL for a time that is none.
inline constexpr std::uint64_t kInvalidTime = ~0ull;
std::uint64_t deadline_of_sleep(const timespec& time, bool absolute);
int sleep_until(std::uint64_t deadline, std::uint64_t pc);

// sched_yield.
void give_way(std::uint64_t pc);

}  // namespace racecourse::runtime
